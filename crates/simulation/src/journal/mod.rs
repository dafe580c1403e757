//! What survives the process: the records of a location, appended as they come and boiled down now and then.
//!
//! A location is a folder that holds
//!
//! * `lock`: locked by the process that has the location open;
//! * `snapshot-N`: records that make the state as it was when `journal-N` was begun, for N above 1;
//! * `journal-N`, `journal-N+1`, …: the records since;
//! * `content/`: the contents that the records name.
//!
//! **Invariant**: the state is the newest snapshot with all journals from its number on. A snapshot gets its name only when it is
//! complete and on the disk, and what it replaces is deleted only after that.

mod append;
mod compact;
mod decode;
mod encode;
mod files;
mod frame;
mod lock;
mod open;
mod parts;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use append::{Appended, Journal};
pub(crate) use open::{Opened, open};

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Durability {
    /// The end of the process, however sudden (`kill -9`). Writes go to the operating system before they are acknowledged, and
    /// from there to the disk when it likes. A loss of power may take the last seconds with it.
    #[default]
    Process,
    /// A loss of power too: contents and journal are flushed to the disk before a write is acknowledged. Much slower.
    Power,
}

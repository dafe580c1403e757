//! What the targets share.

mod decoded;
mod run;

pub use decoded::decoded;
pub use run::run;

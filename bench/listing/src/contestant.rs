//! Those who list: what they have in common.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

/// How many entries came, and how many bytes their blobs have.
pub type Listing<'a> = Pin<Box<dyn Future<Output = Result<(usize, u64), Box<dyn Error>>> + 'a>>;

/// One who lists.
pub trait Contestant {
    /// As the table names it.
    fn name(&self) -> &'static str;

    /// Lists the whole container, entry by entry.
    fn list(&mut self) -> Listing<'_>;
}

//! What the targets share.

mod decoded;

pub use decoded::decoded;

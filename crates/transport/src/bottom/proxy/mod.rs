//! Proxies: which there are, which URL goes through which, and the way through.

mod address;
mod bypass;
mod proxies;
pub(crate) mod socks;
#[cfg(test)]
mod tests;
pub(crate) mod tunnel;
mod variables;

pub(crate) use address::Manner;
pub use address::Proxy;
pub use proxies::Proxies;

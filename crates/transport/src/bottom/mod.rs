//! What is below all layers: hyper over sockets, or a service in the same process.

mod client;
mod connector;
mod file_reader;
mod hyper;
mod link;
mod options;
mod outgoing;
mod patience;
mod places;
mod proxy;
mod resolver;
mod segments;
mod service;
#[cfg(test)]
mod tests;
mod tls;

pub(crate) use hyper::HyperOptions;
pub use outgoing::OutgoingBody;
pub(crate) use places::WaitsForPlace;
pub use proxy::{Proxies, Proxy};
pub use service::Bottom;
#[cfg(feature = "_tls")]
pub(crate) use tls::explain;

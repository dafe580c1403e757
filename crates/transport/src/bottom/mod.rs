//! What is below all layers: hyper over sockets, or a service in the same process.

mod connector;
mod file_reader;
mod hyper;
mod outgoing;
mod resolver;
mod service;
#[cfg(test)]
mod tests;
mod tls;

pub(crate) use hyper::HyperOptions;
pub use outgoing::OutgoingBody;
pub use service::Bottom;

//! Serving a simulation over a socket.

mod server;

pub use server::Server;

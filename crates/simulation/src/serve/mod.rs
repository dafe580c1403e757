//! Serving the services of a simulation over a socket.

mod body;
mod header_case;
mod server;
mod trouble;

pub use body::RequestBody;
pub use server::Server;

//! Serving the services of a simulation over a socket.

mod body;
mod server;
mod trouble;

pub use body::RequestBody;
pub use server::Server;

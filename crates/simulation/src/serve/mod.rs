//! Serving the services of a simulation over a socket.

mod body;
mod server;

pub use body::RequestBody;
pub use server::Server;

//! Shared access signatures: a query that lets whoever has it in.

mod token;

pub use token::SasToken;

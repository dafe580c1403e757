//! From blobs to the local disk.

mod file;
mod folders;
mod partial;
mod range;
mod read;
mod tree;

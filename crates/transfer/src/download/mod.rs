//! From blobs to the local disk.

mod destination;
mod file;
mod folders;
mod partial;
mod range;
mod read;
mod tree;

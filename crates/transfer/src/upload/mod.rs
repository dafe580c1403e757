//! From the local disk to blobs.

mod file;
mod tree;
mod walk;

//! The examples of the book that are code: they compile.

/// The page on blobs.
#[doc = include_str!("../../docs/src/blobs.md")]
#[derive(Debug)]
pub struct Blobs;

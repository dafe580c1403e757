//! What operations and the layers below them tell each other of content in segments, in the extensions of requests and answers.

/// On a request that asks for content in segments: an answer without them is to be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentMustBeVerified;

/// On an answer that came in segments: a layer takes the content out of them, and hands on what has the checksum that it should. The body is the content
/// alone, and so is the length that the headers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentVerified;

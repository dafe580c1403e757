//! What can go wrong with one request.

use std::time::Duration;

/// One fault, of one request. Where it needs something that the exchange has not, a body say, nothing happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection can be made. Behind a socket, which has accepted it by then, it is closed at once.
    Refuse,
    /// The connection ends without an answer.
    Close(When),
    /// The connection ends when so many bytes of the request's body were read, or all that there are. Nothing is carried out.
    CutUpload(u64),
    /// No more than so many bytes of the request's body are ever read. Not for sockets: a server that reads no further does not see that its
    /// client has gone, and keeps the connection.
    StallUpload(u64),
    /// The head of the answer never comes.
    Hang(When),
    /// The service answers that it could not do it, true or not.
    Answer(When, Refusal),
    /// The connection is reset in the body of the answer, after this share of it.
    Cut(Share),
    /// The body of the answer ends as if it were whole, after this share of it.
    Truncate(Share),
    /// The body of the answer stops coming, after this share of it.
    Stall(Share),
    /// The body of the answer takes this long to come.
    Trickle(Duration),
    /// `Content-Length` says that there are so many bytes more than there are.
    SayMore(u64),
    /// `Content-Length` says that there are so many bytes fewer. Only where another header says how many there are: nobody could tell
    /// otherwise.
    SayFewer(u64),
    /// XML in the answer is replaced by one of the [`GARBAGE`]s.
    Garbage(usize),
}

/// A part of a body, in thousandths; never all of it.
pub type Share = u16;

/// Whether the service has carried the operation out when the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It has not, and never will.
    Before,
    /// It has: only the answer is lost.
    After,
}

/// An answer that says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The service's error code; `None` when something else on the way answers.
    pub code: Option<&'static str>,
    /// When to try again.
    pub wait: Option<Wait>,
    /// The body is one of the [`GARBAGE`]s, and not the service's XML.
    pub garbage: Option<usize>,
}

/// When to try again, in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// `Retry-After`.
    Seconds(u64),
    /// `x-ms-retry-after-ms`.
    Millis(u64),
}

/// What is no answer of the service, where XML should be.
pub const GARBAGE: &[&[u8]] = &[
    b"",
    b"<html><body><h1>502 Bad Gateway</h1>",
    b"<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs><Blob><Name>b",
    b"<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults></Blobs></EnumerationResults>",
    b"\xff\xfe\x00not text\x00",
    b"{\"error\":{\"code\":\"nothing of ours\"}}",
];

impl Refusal {
    /// Statuses and codes that tell of passing trouble.
    pub const TROUBLES: &[(u16, Option<&'static str>)] = &[
        (500, Some("InternalError")),
        (500, Some("OperationTimedOut")),
        (503, Some("ServerBusy")),
        (503, None),
        (429, None),
    ];
}

impl Fault {
    /// A name for tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Close(When::Before) => "close before",
            Self::Close(When::After) => "close after",
            Self::CutUpload(_) => "cut upload",
            Self::StallUpload(_) => "stall upload",
            Self::Hang(When::Before) => "hang before",
            Self::Hang(When::After) => "hang after",
            Self::Answer(when, refusal) => match (refusal.status, when) {
                (429, When::Before) => "429 before",
                (429, When::After) => "429 after",
                (500, When::Before) => "500 before",
                (500, When::After) => "500 after",
                (_, When::Before) => "503 before",
                (_, When::After) => "503 after",
            },
            Self::Cut(_) => "cut",
            Self::Truncate(_) => "truncate",
            Self::Stall(_) => "stall",
            Self::Trickle(_) => "trickle",
            Self::SayMore(_) => "say more",
            Self::SayFewer(_) => "say fewer",
            Self::Garbage(_) => "garbage",
        }
    }
}

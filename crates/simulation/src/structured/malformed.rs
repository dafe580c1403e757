//! Why a structured message cannot be taken.

use std::fmt;

/// What is wrong with a message. The content of a message that ends with one of these must not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// The first byte is not the one version that there is.
    Version(u8),
    /// Flags that have no meaning, or none where the header of the request promised checksums.
    Flags(u16),
    /// The message says another length than the request has.
    MessageLength { said: u64, sent: u64 },
    /// A segment is not the one that must come next.
    SegmentNumber { expected: u16, found: u16 },
    /// A segment is longer than what is left of the message.
    SegmentLength { number: u16 },
    /// A segment's content is not what its checksum is of.
    SegmentChecksum { number: u16 },
    /// The content of the whole is not what the checksum at the end is of, though each segment was.
    MessageChecksum,
    /// The body ended before the message did.
    Truncated,
    /// The body goes on after the message's end.
    Trailing,
}

impl Malformed {
    /// Whether the message has its form, but its content was damaged on the way.
    pub(crate) fn is_checksum(self) -> bool {
        matches!(self, Self::SegmentChecksum { .. } | Self::MessageChecksum)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(version) => write!(f, "the structured message has the unknown version {version}"),
            Self::Flags(flags) => write!(
                f,
                "the structured message has the flags {flags:#06x}, where only 0x0001 is understood"
            ),
            Self::MessageLength { said, sent } => {
                write!(
                    f,
                    "the structured message says that it has {said} bytes, and the body has {sent}"
                )
            }
            Self::SegmentNumber { expected, found } => write!(
                f,
                "segment {found} of the structured message comes where {expected} must"
            ),
            Self::SegmentLength { number } => write!(
                f,
                "segment {number} does not end where the structured message says"
            ),
            Self::SegmentChecksum { number } => write!(
                f,
                "the content of segment {number} does not have the checksum that was sent with it"
            ),
            Self::MessageChecksum => {
                f.write_str("the content of the structured message does not have the checksum at its end")
            }
            Self::Truncated => f.write_str("the body ends before the structured message does"),
            Self::Trailing => f.write_str("the body goes on after the end of the structured message"),
        }
    }
}

impl std::error::Error for Malformed {}

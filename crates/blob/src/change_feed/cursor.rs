//! A place in the change feed, to be kept and come back to.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use lazuli_protocol::xml::{format_iso8601, parse_iso8601};
use lazuli_protocol::{self as protocol, ErrorKind};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::Error;
use crate::avro::Place;

const VERSION: u32 = 1;

/// A place between two events of the change feed. As text ([`Display`](fmt::Display), [`FromStr`]) it can be kept; it holds no secret, and is good as
/// long as the log is kept, for this account only.
///
/// ```
/// use lazuli_blob::ChangeFeedCursor;
///
/// let saved = r#"{"version":1,"segment":"2026-03-01T12:00:00Z"}"#;
/// let cursor: ChangeFeedCursor = saved.parse()?;
/// assert_eq!(cursor.to_string(), saved);
/// # Ok::<(), lazuli_blob::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFeedCursor {
    /// When the segment begins.
    pub(super) segment: OffsetDateTime,
    /// Where in the segment; `None` after its end.
    pub(super) within: Option<Within>,
}

/// A place in a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) shard: Arc<str>,
    pub(super) file: Arc<str>,
    pub(super) place: Place,
}

/// A cursor as it is kept: with all of the last four, or none of them.
#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    version: u32,
    segment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shard: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    block: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
}

impl fmt::Display for ChangeFeedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut saved = Saved {
            version: VERSION,
            segment: format_iso8601(self.segment),
            ..Saved::default()
        };
        if let Some(Within { shard, file, place }) = &self.within {
            saved.shard = Some(Arc::clone(shard));
            saved.file = Some(Arc::clone(file));
            saved.block = Some(place.block);
            saved.index = Some(place.index);
        }
        f.write_str(&serde_json::to_string(&saved).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for ChangeFeedCursor {
    type Err = Error;

    /// Reads what [`Display`](fmt::Display) wrote.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for anything else.
    fn from_str(text: &str) -> Result<Self, Error> {
        let saved: Saved = serde_json::from_str(text).map_err(|source| no_cursor().with_source(source))?;
        if saved.version != VERSION {
            let message = format!(
                "the cursor of the change feed is of version {}, and only {VERSION} is known; it was saved by another version of the program",
                saved.version
            );
            return Err(protocol::Error::new(ErrorKind::InvalidInput, message).into());
        }
        let within = match (saved.shard, saved.file, saved.block, saved.index) {
            (Some(shard), Some(file), Some(block), Some(index)) => {
                let place = Place { block, index };
                Some(Within { shard, file, place })
            }
            (None, None, None, None) => None,
            _ => return Err(no_cursor().into()),
        };
        Ok(Self {
            segment: parse_iso8601(&saved.segment)?,
            within,
        })
    }
}

fn no_cursor() -> protocol::Error {
    let message = "this is no cursor of the change feed; pass one that was saved";
    protocol::Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_place_within_a_segment_survives() {
        let text = r#"{"version":1,"segment":"2026-03-01T12:00:00Z","shard":"log/00/","file":"log/00/00000.avro","block":1234,"index":5}"#;
        let cursor: ChangeFeedCursor = text.parse().unwrap();
        assert_eq!(cursor.within.as_ref().unwrap().place.index, 5);
        assert_eq!(cursor.to_string(), text);
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for bad in [
            "",
            "{}",
            "null",
            r#"{"version":2,"segment":"2026-03-01T12:00:00Z"}"#,
            r#"{"version":1,"segment":"yesterday"}"#,
            r#"{"version":1,"segment":"2026-03-01T12:00:00Z","shard":"log/00/"}"#,
            r#"{"version":1,"segment":"2026-03-01T12:00:00Z","shard":"","file":"","block":-1,"index":0}"#,
        ] {
            let error = bad.parse::<ChangeFeedCursor>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad}");
        }
    }
}

//! Conditions on reads: whatever is combined is decided as the service is known to decide.

use lazuli_blob::Error;
use lazuli_protocol::{Etag, EtagMatch};
use proptest::prelude::*;
use time::Duration;

use crate::any::told_for_any;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Tag {
    Own,
    Other,
}

/// Seconds from the last change.
type When = i64;

#[derive(Clone, Debug)]
struct Conditions {
    matches: Option<Tag>,
    none_match: Option<Tag>,
    modified_since: Option<When>,
    unmodified_since: Option<When>,
}

impl Conditions {
    /// The status that a read with them has.
    fn status(&self) -> u16 {
        let met = self.matches != Some(Tag::Other) && self.unmodified_since.is_none_or(|at| at >= 0);
        let newer = [
            self.none_match.map(|tag| tag == Tag::Other),
            self.modified_since.map(|at| at < 0),
        ];
        // Of these two one is enough.
        let newer = newer.iter().flatten().copied().reduce(|one, other| one || other);
        match (met, newer) {
            (false, _) => 412,
            (true, Some(false)) => 304,
            (true, _) => 200,
        }
    }
}

fn conditions() -> impl Strategy<Value = Conditions> {
    let tag = || prop::option::of(prop::sample::select(&[Tag::Own, Tag::Other][..]));
    let when = || prop::option::of(-2..=2_i64);
    (tag(), tag(), when(), when()).prop_map(|(matches, none_match, modified_since, unmodified_since)| {
        Conditions {
            matches,
            none_match,
            modified_since,
            unmodified_since,
        }
    })
}

fn status<T>(outcome: Result<T, Error>) -> u16 {
    match outcome {
        Ok(_) => 200,
        Err(error) => error.status().unwrap().as_u16(),
    }
}

#[test]
fn any_conditions_on_a_read() {
    let all = prop::collection::vec(conditions(), 1..12);
    told_for_any(all, async |container, all| {
        let blob = container.blob("a");
        let written = blob.upload("content").await.unwrap();
        let other: Etag = "0x8D0000000000000".parse().unwrap();
        let etag = |tag| match tag {
            Tag::Own => EtagMatch::from(&written.etag),
            Tag::Other => EtagMatch::from(&other),
        };
        let time = |at| written.last_modified + Duration::seconds(at);
        for conditions in all {
            macro_rules! under {
                ($call:expr) => {{
                    let mut call = $call;
                    if let Some(tag) = conditions.matches {
                        call = call.if_match(etag(tag));
                    }
                    if let Some(tag) = conditions.none_match {
                        call = call.if_none_match(etag(tag));
                    }
                    if let Some(at) = conditions.modified_since {
                        call = call.if_modified_since(time(at));
                    }
                    if let Some(at) = conditions.unmodified_since {
                        call = call.if_unmodified_since(time(at));
                    }
                    status(call.await)
                }};
            }
            let expected = conditions.status();
            assert_eq!(under!(blob.download()), expected, "{conditions:?}");
            assert_eq!(under!(blob.download().range(1..3)), expected, "{conditions:?}");
            assert_eq!(under!(blob.properties()), expected, "{conditions:?}");
        }
    });
}

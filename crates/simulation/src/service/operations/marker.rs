//! Where a list goes on: the service's markers, which name the first entry of the next page.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::state::{Position, Timestamp};

const VERSION: &str = "2!";
/// The time that stands for the blob itself.
const CURRENT: &str = "9999-12-31T23:59:59.9999999Z";

/// The marker of a page that starts with this blob, or with this state of it.
pub(super) fn of_blob(at: &Position) -> String {
    let Position { name, time } = at;
    let time = time.map_or_else(|| CURRENT.to_owned(), Timestamp::iso8601);
    let plain = format!("{:06}!{name}!{:06}!{time}!", name.len(), time.len());
    let coded = BASE64_STANDARD.encode(plain).replace('=', "-");
    format!("{VERSION}{}!{coded}", coded.len())
}

/// The blob that a marker names, and which of its states.
pub(super) fn blob(marker: &str) -> Option<Position> {
    let (name, rest) = plain(marker)?;
    let (_, time) = rest.strip_prefix('!')?.split_once('!')?;
    Some(Position {
        name,
        time: match time.strip_suffix('!')? {
            CURRENT => None,
            time => Some(Timestamp::from_iso8601(time)?),
        },
    })
}

/// What a marker names, and what follows it.
fn plain(marker: &str) -> Option<(String, String)> {
    let (len, coded) = marker.strip_prefix(VERSION)?.split_once('!')?;
    if len.parse() != Ok(coded.len()) {
        return None;
    }
    // A client that does not encode the marker turns its plus signs into spaces.
    let plain = BASE64_STANDARD
        .decode(coded.replace('-', "=").replace(' ', "+"))
        .ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (len, rest) = plain.split_once('!')?;
    let (name, rest) = rest.split_at_checked(len.parse().ok()?)?;
    Some((name.to_owned(), rest.to_owned()))
}

/// The marker of a page that starts at this place in a blob.
pub(super) fn of_place(place: u64) -> String {
    let place = place.to_string();
    let coded = BASE64_STANDARD
        .encode(format!("{:06}!{place}!", place.len()))
        .replace('=', "-");
    format!("{VERSION}{}!{coded}", coded.len())
}

/// The place that a marker names.
pub(super) fn place(marker: &str) -> Option<u64> {
    plain(marker)?.0.parse().ok()
}

/// The marker of a page of what was found by tags, which starts with this blob.
pub(super) fn of_found(container: &str, name: &str) -> String {
    BASE64_STANDARD
        .encode(format!("{container}/{name}"))
        .replace('=', "-")
}

/// The container and the blob that a marker of what was found names.
pub(super) fn found(marker: &str) -> Option<(String, String)> {
    let plain = BASE64_STANDARD
        .decode(marker.replace('-', "=").replace(' ', "+"))
        .ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (container, name) = plain.split_once('/')?;
    Some((container.to_owned(), name.to_owned()))
}

/// The marker of a page that starts with this container.
pub(super) fn of_container(account: &str, name: &str) -> String {
    format!("/{account}/{name}")
}

/// The container that a marker names.
pub(super) fn container<'a>(account: &str, marker: &'a str) -> Option<&'a str> {
    marker.strip_prefix('/')?.strip_prefix(account)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn current(name: &str) -> Position {
        Position {
            name: name.to_owned(),
            time: None,
        }
    }

    #[test]
    fn markers_are_those_of_the_service() {
        let recorded = "2!100!MDAwMDMwIWJsb2NrYmxvYjEvMTE2NzQ4NTc3OTQ5ODAwNjYxMiEwMDAwMjghOTk5OS0xMi0zMVQyMzo1OTo1OS45OTk5OTk5WiE-";
        let name = "blockblob1/1167485779498006612";
        assert_eq!(of_blob(&current(name)), recorded);
        assert_eq!(blob(recorded), Some(current(name)));
        let recorded = "2!16!MDAwMDA0ITIwNDgh";
        assert_eq!(of_place(2048), recorded);
        assert_eq!(place(recorded), Some(2048));
        assert_eq!(place(&of_blob(&current("x"))), None);
    }

    #[test]
    fn names_survive_and_nonsense_does_not() {
        for name in ["a", "\u{d7ff}", "å!b/\u{ffff} c", "!!", &"x".repeat(1024)] {
            let snapshot = Position {
                time: Timestamp::from_iso8601("2026-03-01T12:00:00.0000001Z"),
                ..current(name)
            };
            for at in [current(name), snapshot] {
                let marker = of_blob(&at);
                assert_eq!(blob(&marker.replace('+', " ")), Some(at.clone()));
                assert_eq!(blob(&marker), Some(at));
            }
            let pair = ("box".to_owned(), name.to_owned());
            assert_eq!(found(&of_found("box", name)), Some(pair));
        }
        for other in ["", "2!", "2!3!abc", "2!4!abcd", "3!4!abcd", "1!x", "2!8!OTk5IWFi"] {
            assert_eq!(blob(other), None, "{other}");
        }
        assert_eq!(container("acct", &of_container("acct", "box")), Some("box"));
        assert_eq!(container("acct", "/other/box"), None);
    }
}

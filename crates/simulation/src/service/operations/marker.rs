//! Where a list goes on: the service's markers, which name the first entry of the next page.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

const VERSION: &str = "2!";
/// What follows the name: the time of a version, of which the current one has none.
const CURRENT: &str = "!000028!9999-12-31T23:59:59.9999999Z!";

/// The marker of a page that starts with this blob.
pub(super) fn of_blob(name: &str) -> String {
    let plain = format!("{:06}!{name}{CURRENT}", name.len());
    let coded = BASE64_STANDARD.encode(plain).replace('=', "-");
    format!("{VERSION}{}!{coded}", coded.len())
}

/// The blob that a marker names.
pub(super) fn blob(marker: &str) -> Option<String> {
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
    let (name, _) = rest.split_at_checked(len.parse().ok()?)?;
    Some(name.to_owned())
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

    #[test]
    fn markers_are_those_of_the_service() {
        let recorded = "2!100!MDAwMDMwIWJsb2NrYmxvYjEvMTE2NzQ4NTc3OTQ5ODAwNjYxMiEwMDAwMjghOTk5OS0xMi0zMVQyMzo1OTo1OS45OTk5OTk5WiE-";
        let name = "blockblob1/1167485779498006612";
        assert_eq!(of_blob(name), recorded);
        assert_eq!(blob(recorded).as_deref(), Some(name));
    }

    #[test]
    fn names_survive_and_nonsense_does_not() {
        for name in ["a", "\u{d7ff}", "å!b/\u{ffff} c", "!!", &"x".repeat(1024)] {
            assert_eq!(blob(&of_blob(name)).as_deref(), Some(name));
            assert_eq!(blob(&of_blob(name).replace('+', " ")).as_deref(), Some(name));
        }
        for other in ["", "2!", "2!3!abc", "2!4!abcd", "3!4!abcd", "1!x", "2!8!OTk5IWFi"] {
            assert_eq!(blob(other), None, "{other}");
        }
        assert_eq!(container("acct", &of_container("acct", "box")), Some("box"));
        assert_eq!(container("acct", "/other/box"), None);
    }
}

//! Which URLs may be called.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Uri};
use lazuli_protocol::header;

use crate::{Error, ErrorKind};

/// Secrets that outlive the request, and that are no business of whoever lets its content be seen.
static NEVER_IN_THE_CLEAR: [HeaderName; 3] = [
    header::ENCRYPTION_KEY,
    header::SOURCE_ENCRYPTION_KEY,
    header::COPY_SOURCE_AUTHORIZATION,
];

pub(super) fn check(uri: &Uri, headers: &HeaderMap, allow_http: bool) -> Result<(), Error> {
    let host = uri.host().filter(|host| !host.is_empty());
    match (uri.scheme_str(), host) {
        (Some("https"), Some(_)) => Ok(()),
        (Some("http"), Some(host)) if is_loopback(host) => Ok(()),
        (Some("http"), Some(_)) if allow_http => match secret(headers) {
            None => Ok(()),
            Some(name) => Err(Error::new(
                ErrorKind::InsecureUrl,
                format!(
                    "plain http would show {name} to everyone on its way; use https, which alone may carry it"
                ),
            )),
        },
        (Some("http"), Some(_)) => Err(Error::new(
            ErrorKind::InsecureUrl,
            "plain http would show the request to everyone on its way; use https, or allow http for this transport",
        )),
        _ => Err(Error::new(
            ErrorKind::InvalidInput,
            "the request needs an absolute URL that starts with https:// or http:// and names a host",
        )),
    }
}

fn secret(headers: &HeaderMap) -> Option<&'static HeaderName> {
    NEVER_IN_THE_CLEAR.iter().find(|name| headers.contains_key(*name))
}

/// Whether the host of a URL is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => is_localhost(host),
    }
}

/// Whether the name is `localhost` or below it, which RFC 6761 keeps for the machine itself.
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.rsplit('.')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

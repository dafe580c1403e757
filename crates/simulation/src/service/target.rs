//! What a request is for: which account, container and blob its URL names.

use std::net::SocketAddr;

use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, Uri, header};
use lazuli_protocol::{ContainerName, ErrorCode, limits, percent_decode};

use super::query::Query;
use super::refusal::Refusal;

const SECONDARY: &str = "-secondary";
const ROOT: &str = "$root";
/// What a front that takes the TLS off says of what it was reached over.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How deep into an account a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Account,
    Container,
    Blob,
}

/// The resource of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The account, without `-secondary`.
    pub(super) account: String,
    pub(super) secondary: bool,
    /// The URL of the account, as lists show it, with a slash at its end.
    pub(super) endpoint: String,
    pub(super) container: Option<String>,
    pub(super) blob: Option<String>,
}

impl Target {
    /// Reads the URL, in the style of paths (`http://127.0.0.1:10000/account/container/blob`) or of hosts
    /// (`http://account.blob.localhost:10000/container/blob`).
    pub(super) fn parse(parts: &Parts, query: &Query) -> Result<Self, Box<Refusal>> {
        let authority = authority(&parts.uri, &parts.headers).ok_or(ErrorCode::InvalidUri)?;
        let path = parts.uri.path();
        let path = path.strip_prefix('/').unwrap_or(path);
        let (label, path, base) = match account_of_host(authority) {
            Some(account) => (account.to_ascii_lowercase(), path, "/".to_owned()),
            None => {
                let (account, rest) = path.split_once('/').unwrap_or((path, ""));
                (decode(account)?, rest, format!("/{account}/"))
            }
        };
        let (account, secondary) = match label.strip_suffix(SECONDARY) {
            Some(account) => (account.to_owned(), true),
            None => (label, false),
        };
        let scheme = if came_over_tls(parts, authority) {
            "https"
        } else {
            "http"
        };
        let endpoint = format!("{scheme}://{authority}{base}");
        let (container, blob) = split(path, query)?;
        Ok(Self {
            account,
            secondary,
            endpoint,
            container,
            blob,
        })
    }

    /// Whether the account is reached over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.endpoint.starts_with("https:")
    }

    /// Whether the host names the account, and not the path.
    pub(super) fn is_of_host(&self) -> bool {
        // The path of the endpoint is the account, or nothing.
        self.endpoint.matches('/').count() == 3
    }

    pub(super) fn level(&self) -> Level {
        match (&self.container, &self.blob) {
            (None, _) => Level::Account,
            (Some(_), None) => Level::Container,
            (Some(_), Some(_)) => Level::Blob,
        }
    }

    /// Checks the names, as they are decoded, against the service's rules.
    pub(super) fn check_names(&self) -> Result<(), Box<Refusal>> {
        const TOO_LONG: &str = "The specifed resource name length is not within the permissible limits.";
        let special = |name: &str| name.starts_with('$');
        if let Some(name) = &self.container {
            if !special(name) && !(3..=63).contains(&name.len()) {
                return Err(Refusal::new(ErrorCode::OutOfRangeInput).message(TOO_LONG));
            }
            ContainerName::new(name).map_err(|_| ErrorCode::InvalidResourceName)?;
        }
        if let Some(name) = &self.blob {
            let long = name.encode_utf16().count() > limits::BLOB_NAME_CHARS
                || name.split('/').count() > limits::BLOB_NAME_SEGMENTS;
            if long {
                return Err(Refusal::new(ErrorCode::OutOfRangeInput).message(TOO_LONG));
            }
            if name.contains('\0') {
                return Err(ErrorCode::InvalidResourceName.into());
            }
        }
        Ok(())
    }
}

fn split(path: &str, query: &Query) -> Result<(Option<String>, Option<String>), Box<Refusal>> {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if first.is_empty() && rest.is_empty() {
        return Ok((None, None));
    }
    let first = decode(first)?;
    if !rest.is_empty() {
        return Ok((Some(first), Some(decode(rest)?)));
    }
    // A single name is a container where the query says so, and else a blob of the root container.
    let is_container = query.get("restype").is_some_and(|restype| {
        ["container", "account"]
            .iter()
            .any(|of| restype.eq_ignore_ascii_case(of))
    }) || path.ends_with('/');
    Ok(if is_container {
        (Some(first), None)
    } else {
        (Some(ROOT.to_owned()), Some(first))
    })
}

fn decode(text: &str) -> Result<String, Box<Refusal>> {
    percent_decode(text)
        .map(|text| text.into_owned())
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidUri))
}

/// Whether a request came over TLS, as far as can be told here, where nobody speaks it.
fn came_over_tls(parts: &Parts, authority: &str) -> bool {
    if parts.uri.scheme() == Some(&Scheme::HTTPS) {
        return true;
    }
    // What the headers say is in the sender's hand, and so counts for requests of this machine alone: of this process, or through a
    // front that takes the TLS off.
    let peer = parts.extensions.get::<SocketAddr>();
    if peer.is_some_and(|peer| !peer.ip().to_canonical().is_loopback()) {
        return false;
    }
    match parts.headers.get(FORWARDED_PROTO) {
        Some(protocol) => protocol.as_bytes().eq_ignore_ascii_case(b"https"),
        // A front that passes bytes on as they are says nothing. But clients reach the service's own host names over TLS.
        None => authority.ends_with(".core.windows.net"),
    }
}

fn authority<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    match headers.get(header::HOST) {
        Some(host) => host.to_str().ok(),
        None => uri.authority().map(|authority| authority.as_str()),
    }
}

/// The account that a host names: the first label of `ACCOUNT.blob.…`.
fn account_of_host(authority: &str) -> Option<&str> {
    let (account, rest) = authority.split_once('.')?;
    let rest = rest.get(..5)?;
    rest.eq_ignore_ascii_case("blob.").then_some(account)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn target(uri: &str) -> Target {
        let (parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let query = Query::parse(parts.uri.query().unwrap_or_default()).unwrap();
        Target::parse(&parts, &query).unwrap()
    }

    #[test]
    fn both_styles_name_the_same() {
        let by_path = target("http://127.0.0.1:10000/acct/box/a/b%20c");
        assert_eq!(by_path.account, "acct");
        assert_eq!(by_path.container.as_deref(), Some("box"));
        assert_eq!(by_path.blob.as_deref(), Some("a/b c"));
        assert_eq!(by_path.endpoint, "http://127.0.0.1:10000/acct/");
        let by_host = target("http://acct.blob.localhost:10000/box/a/b%20c");
        assert_eq!(by_host.endpoint, "http://acct.blob.localhost:10000/");
        assert_eq!(
            Target {
                endpoint: by_path.endpoint.clone(),
                ..by_host
            },
            by_path
        );
        assert_eq!(
            target("https://acct.blob.core.windows.net/").endpoint,
            "https://acct.blob.core.windows.net/"
        );
    }

    #[test]
    fn tls_is_believed_of_this_machine_alone() {
        let secure = |uri: &str, peer: Option<&str>, protocol: Option<&str>| {
            let mut request = Request::get(uri);
            if let Some(protocol) = protocol {
                request = request.header(FORWARDED_PROTO, protocol);
            }
            let (mut parts, ()) = request.body(()).unwrap().into_parts();
            if let Some(peer) = peer {
                parts.extensions.insert(peer.parse::<SocketAddr>().unwrap());
            }
            Target::parse(&parts, &Query::default()).unwrap().is_secure()
        };
        let (production, path) = (
            "http://acct.blob.core.windows.net/",
            "http://127.0.0.1:10000/acct/",
        );
        for peer in [
            None,
            Some("127.0.0.1:1"),
            Some("[::1]:1"),
            Some("[::ffff:127.0.0.1]:1"),
        ] {
            assert!(secure(production, peer, None), "{peer:?}");
            assert!(secure(path, peer, Some("HTTPS")), "{peer:?}");
            assert!(!secure(production, peer, Some("http")), "{peer:?}");
            assert!(!secure(path, peer, None), "{peer:?}");
        }
        let other = Some("10.0.0.1:1");
        assert!(!secure(production, other, None));
        assert!(!secure(path, other, Some("https")));
        assert!(secure("https://127.0.0.1:10000/acct/", other, None));
    }

    #[test]
    fn levels_follow_from_path_and_query() {
        let level = |uri| target(uri).level();
        assert_eq!(level("http://h/acct?comp=list"), Level::Account);
        assert_eq!(level("http://h/acct/?comp=list"), Level::Account);
        assert_eq!(level("http://h/acct/box?restype=container"), Level::Container);
        assert_eq!(level("http://h/acct/box/?restype=container"), Level::Container);
        assert_eq!(level("http://h/acct/box/blob"), Level::Blob);
        let root = target("http://h/acct/blob");
        assert_eq!(
            (root.container.as_deref(), root.blob.as_deref()),
            (Some("$root"), Some("blob"))
        );
        let slashes = target("http://h/acct/box//blob//");
        assert_eq!(slashes.blob.as_deref(), Some("/blob//"));
    }

    #[test]
    fn the_secondary_is_known_by_its_name() {
        for uri in [
            "http://h/acct-secondary/box/b",
            "http://acct-secondary.blob.localhost/box/b",
        ] {
            let target = target(uri);
            assert_eq!((target.account.as_str(), target.secondary), ("acct", true));
        }
    }
}

//! What a URL is about: the container or the share, and what is below it.

use http::{Request, Uri};
use lazuli_protocol::Endpoint;

/// In a request's extensions: how many segments of its path belong to the endpoint, as the account does in path style.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EndpointSegments(usize);

impl EndpointSegments {
    pub(crate) fn of(endpoint: &Endpoint) -> Self {
        // What is before the first of them: the scheme, nothing, and the authority.
        Self(endpoint.as_str().split('/').skip(3).count())
    }

    /// For a request that came without its endpoint: an address of digits, or this machine, has the account in its path.
    fn guessed(uri: &Uri) -> Self {
        let host = uri.host().unwrap_or_default();
        let numeric = host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        Self(usize::from(numeric || host == "localhost"))
    }
}

/// The container or the share; `None` for what is about the account.
pub(super) fn container<B>(request: &Request<B>) -> Option<&str> {
    split(request).0
}

/// The blob, directory or file below it, as it stands in the URL; `None` for what is about the container.
pub(super) fn path<B>(request: &Request<B>) -> Option<&str> {
    split(request).1
}

fn split<B>(request: &Request<B>) -> (Option<&str>, Option<&str>) {
    let uri = request.uri();
    let EndpointSegments(before) = match request.extensions().get() {
        Some(segments) => *segments,
        None => EndpointSegments::guessed(uri),
    };
    // The slash at the start ends a segment of its own.
    let mut segments = uri
        .path()
        .splitn(before.saturating_add(3), '/')
        .skip(before.saturating_add(1));
    let mut named = || segments.next().filter(|segment| !segment.is_empty());
    let container = named();
    (container, container.and(named()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(endpoint: Option<&str>, url: &str) -> (Option<String>, Option<String>) {
        let mut request = Request::get(url).body(()).unwrap();
        if let Some(endpoint) = endpoint {
            let endpoint = Endpoint::parse(endpoint).unwrap();
            request.extensions_mut().insert(EndpointSegments::of(&endpoint));
        }
        let owned = |part: Option<&str>| part.map(str::to_owned);
        (owned(container(&request)), owned(path(&request)))
    }

    #[test]
    fn container_and_path_are_told_in_every_style() {
        let host = "https://acct.blob.core.windows.net";
        for (endpoint, url) in [
            (Some(host), "https://acct.blob.core.windows.net/box/a%20b/c?sig=x"),
            (None, "https://acct.blob.core.windows.net/box/a%20b/c"),
            (
                Some("http://127.0.0.1:1/dev"),
                "http://127.0.0.1:1/dev/box/a%20b/c?x",
            ),
            (None, "http://127.0.0.1:1/dev/box/a%20b/c"),
            (None, "http://[::1]:1/dev/box/a%20b/c"),
            (None, "http://localhost/dev/box/a%20b/c"),
            (
                Some("http://acct.blob.localhost:1"),
                "http://acct.blob.localhost:1/box/a%20b/c",
            ),
            (
                Some("https://own.example/a/mirror"),
                "https://own.example/a/mirror/box/a%20b/c",
            ),
        ] {
            let expected = (Some("box".to_owned()), Some("a%20b/c".to_owned()));
            assert_eq!(of(endpoint, url), expected, "{url}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_told() {
        for (url, container) in [
            ("https://acct.blob.core.windows.net/?comp=list", None),
            ("https://acct.blob.core.windows.net", None),
            ("http://127.0.0.1:1/dev", None),
            ("http://127.0.0.1:1/dev/?comp=list", None),
            (
                "https://acct.blob.core.windows.net/box?restype=container",
                Some("box"),
            ),
            ("https://acct.blob.core.windows.net/box/", Some("box")),
            ("https://acct.blob.core.windows.net//x", None),
        ] {
            assert_eq!(of(None, url), (container.map(str::to_owned), None), "{url}");
        }
    }
}

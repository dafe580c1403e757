//! What the layers ask of a request: what kind of work it is, whether it only reads, whether it may be sent twice, and to whom it goes.

use std::cmp::Ordering;

use http::uri::{Authority, Scheme};
use http::{Method, Request, Uri};
use lazuli_protocol::{OperationInfo, OperationKind, Repeat, Service};

// The methods that can stand for an operation: a name is never made from what somebody sends.
const METHODS: &[&str] = &["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];

/// The operation's name, or else its method.
pub(crate) fn operation<B>(request: &Request<B>) -> &'static str {
    if let Some(info) = request.extensions().get::<OperationInfo>() {
        return info.name;
    }
    let known = METHODS.iter().find(|name| **name == request.method().as_str());
    known.copied().unwrap_or("other")
}

/// The service that is called, by the request's operation or else by its host.
pub(crate) fn service<B>(request: &Request<B>) -> Service {
    if let Some(info) = request.extensions().get::<OperationInfo>() {
        return info.service;
    }
    let kind = request.uri().host().and_then(|host| host.split('.').nth(1));
    match kind {
        Some("file") => Service::Files,
        _ => Service::Blob,
    }
}

/// The kind of work, by the request's operation or else by its method.
pub(crate) fn kind<B>(request: &Request<B>) -> OperationKind {
    match request.extensions().get::<OperationInfo>() {
        Some(info) => info.kind,
        None if request.method() == Method::GET => OperationKind::LargeRead,
        None if request.method() == Method::HEAD => OperationKind::SmallRead,
        None => OperationKind::Write,
    }
}

/// Whether sending it twice does no harm. Of a request that no operation made, only its method tells.
pub(crate) fn repeat<B>(request: &Request<B>) -> Repeat {
    match request.extensions().get::<OperationInfo>() {
        Some(info) => info.repeat,
        None if has_reading_method(request) => Repeat::Safe,
        // Nobody has said what it does.
        None => Repeat::Unsafe,
    }
}

/// Whether it changes nothing, so that it may go to two places at once.
pub(crate) fn is_read<B>(request: &Request<B>) -> bool {
    has_reading_method(request) && repeat(request) == Repeat::Safe
}

fn has_reading_method<B>(request: &Request<B>) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// A service's door: what connections, breakers and limits are kept by. The port is there only where the URL names it, and whatever stands
/// before an `@` is left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Host(String);

impl Host {
    /// The host of a URL; `None` when the URL is not absolute.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        Some(Self(spelled(uri)?.collect()))
    }

    /// Where it stands beside the host of a URL, found without writing that one down; `None` when the URL is not absolute.
    pub(crate) fn cmp_to(&self, uri: &Uri) -> Option<Ordering> {
        Some(self.0.chars().cmp(spelled(uri)?))
    }

    /// Whether it is the host of a URL.
    pub(crate) fn is_of(&self, uri: &Uri) -> bool {
        // As good as every URL says its host just as it is kept here.
        let plain = || {
            let rest = self.0.strip_prefix(uri.scheme_str()?)?.strip_prefix("://")?;
            Some(rest == uri.authority()?.as_str())
        };
        plain() == Some(true) || self.cmp_to(uri) == Some(Ordering::Equal)
    }

    /// As it stands in a URL, from the scheme to the port.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn spelled(uri: &Uri) -> Option<impl Iterator<Item = char>> {
    let authority = uri.authority()?;
    let scheme = uri.scheme().map_or("", Scheme::as_str);
    let whole = authority.as_str();
    let port = authority.port_u16().and_then(|_| whole.rfind(':'));
    let port = port.and_then(|colon| whole.get(colon..)).unwrap_or_default();
    let host = Authority::host(authority)
        .chars()
        .map(|letter| letter.to_ascii_lowercase());
    Some(
        scheme
            .chars()
            .chain("://".chars())
            .chain(host)
            .chain(port.chars()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart_by_scheme_name_and_port() {
        for (url, host) in [
            ("https://A.example/c/b?sig=x", "https://a.example"),
            ("http://a.example:10000/x", "http://a.example:10000"),
            ("http://user:word@[::1]:80/", "http://[::1]:80"),
        ] {
            let url = url.parse().unwrap();
            let own = Host::of(&url).unwrap();
            assert_eq!(own.as_str(), host);
            assert_eq!(own.cmp_to(&url), Some(Ordering::Equal));
            assert!(own.is_of(&url));
        }
        let other = Host::of(&Uri::from_static("https://a.example:1")).unwrap();
        for (url, order) in [
            ("https://a.example", Some(Ordering::Greater)),
            ("https://a.example:2", Some(Ordering::Less)),
            ("http://a.example:1", Some(Ordering::Greater)),
            ("/relative", None),
        ] {
            assert_eq!(other.cmp_to(&Uri::from_static(url)), order, "{url}");
            assert!(!other.is_of(&Uri::from_static(url)), "{url}");
        }
        assert_eq!(Host::of(&"/relative".parse().unwrap()), None);
    }

    #[test]
    fn only_reading_methods_read() {
        let reads = |method: Method| is_read(&Request::builder().method(method).body(()).unwrap());
        assert!(reads(Method::GET) && reads(Method::HEAD));
        assert!(!reads(Method::PUT) && !reads(Method::POST) && !reads(Method::DELETE));
        let once = OperationInfo::blob("Odd", OperationKind::SmallRead).sent_once();
        assert!(!is_read(&Request::get("/").extension(once).body(()).unwrap()));
    }
}

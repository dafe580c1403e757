//! How the URL of the primary place becomes that of the secondary one.

use http::Uri;
use http::uri::PathAndQuery;
use lazuli_protocol::Endpoint;

const SUFFIX: &str = "-secondary";

/// Where an account can be read from a second time.
///
/// - By the rule of Azure's own hosts, the name of the account gets `-secondary`: `ACCOUNT.blob.core.windows.net` and
///   `ACCOUNT-secondary.blob.core.windows.net`, with any suffix after `blob`, and with a zone before it (`ACCOUNT.z12.blob.storage.azure.net`).
///   Other services than Blob Storage, Azure Files among them, have no secondary to read from. A name that is not all letters and digits is no
///   account's, and there is no rule for addresses of digits, `localhost` and domains of one's own.
/// - Everything else is told as a [pair](Self::pair) of endpoints, which go before the rule.
///
/// ```
/// use lazuli_protocol::Endpoint;
/// use lazuli_transport::SecondaryHosts;
///
/// let hosts = SecondaryHosts::azure().pair(
///     &Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1")?,
///     &Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1-secondary")?,
/// );
/// let secondary = |url: &str| hosts.secondary(&url.parse().unwrap()).map(|url| url.to_string());
/// assert_eq!(
///     secondary("https://example.blob.core.windows.net/c/b?comp=tags").as_deref(),
///     Some("https://example-secondary.blob.core.windows.net/c/b?comp=tags")
/// );
/// assert_eq!(
///     secondary("http://127.0.0.1:10000/devstoreaccount1/c/b").as_deref(),
///     Some("http://127.0.0.1:10000/devstoreaccount1-secondary/c/b")
/// );
/// assert_eq!(secondary("https://files.example.org/c/b"), None);
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SecondaryHosts {
    rule: bool,
    pairs: Vec<Pair>,
}

#[derive(Clone, Debug)]
struct Pair {
    primary: Endpoint,
    secondary: Endpoint,
}

impl Default for SecondaryHosts {
    fn default() -> Self {
        Self::azure()
    }
}

impl SecondaryHosts {
    /// By the rule of Azure's own hosts.
    #[must_use]
    pub fn azure() -> Self {
        Self {
            rule: true,
            pairs: Vec::new(),
        }
    }

    /// None but the pairs that are added.
    #[must_use]
    pub fn none() -> Self {
        Self {
            rule: false,
            pairs: Vec::new(),
        }
    }

    /// Whether no URL has a secondary.
    pub(crate) fn is_none(&self) -> bool {
        !self.rule && self.pairs.is_empty()
    }

    /// Adds two endpoints of one account. Of several pairs that fit, the first counts.
    #[must_use]
    pub fn pair(mut self, primary: &Endpoint, secondary: &Endpoint) -> Self {
        self.pairs.push(Pair {
            primary: primary.clone(),
            secondary: secondary.clone(),
        });
        self
    }

    /// The URL at the secondary for a URL at the primary; `None` where no secondary is known, and where the URL is at a secondary already.
    #[must_use]
    pub fn secondary(&self, primary: &Uri) -> Option<Uri> {
        match self.place(primary) {
            Place::Primary(secondary) => Some(secondary),
            Place::Secondary | Place::Alone => None,
        }
    }

    pub(super) fn place(&self, uri: &Uri) -> Place {
        let of_pair = self.pairs.iter().find_map(|pair| pair.place(uri));
        let place = of_pair.or_else(|| self.rule.then(|| by_rule(uri)).flatten());
        place.unwrap_or(Place::Alone)
    }
}

/// What a URL is.
#[derive(Debug)]
pub(super) enum Place {
    /// At a primary, with this URL at its secondary.
    Primary(Uri),
    /// At a secondary.
    Secondary,
    /// Neither.
    Alone,
}

impl Pair {
    fn place(&self, uri: &Uri) -> Option<Place> {
        if below(self.secondary.as_str(), uri).is_some() {
            return Some(Place::Secondary);
        }
        let rest = below(self.primary.as_str(), uri)?;
        let secondary = format!("{}{rest}", self.secondary.as_str()).parse().ok()?;
        Some(Place::Primary(secondary))
    }
}

/// What follows an endpoint in a URL.
fn below<'a>(endpoint: &str, uri: &'a Uri) -> Option<&'a str> {
    let (scheme, base) = endpoint.split_once("://")?;
    let (authority, path) = match base.find('/') {
        Some(slash) => base.split_at_checked(slash)?,
        None => (base, ""),
    };
    // Letter cases in hosts and schemes tell nothing apart.
    let same = uri.scheme()? == scheme && uri.authority()? == authority;
    let sent = uri.path_and_query().map_or("", PathAndQuery::as_str);
    let rest = sent.strip_prefix(path).filter(|_| same)?;
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

fn by_rule(uri: &Uri) -> Option<Place> {
    let (first, rest) = uri.host()?.split_once('.')?;
    let mut labels = rest.split('.');
    let service = labels.next().filter(|label| !is_zone(label));
    let service = service.or_else(|| labels.next())?;
    // Something must follow: `blob` is not the end of a name in the DNS.
    if !service.eq_ignore_ascii_case("blob") || labels.next().is_none() {
        return None;
    }
    if first.strip_suffix(SUFFIX).is_some_and(is_account) {
        return Some(Place::Secondary);
    }
    if !is_account(first) {
        return None;
    }
    let port = uri.port();
    let (colon, port) = port.as_ref().map_or(("", ""), |port| (":", port.as_str()));
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(format!("{first}{SUFFIX}.{rest}{colon}{port}").parse().ok()?);
    Uri::from_parts(parts).ok().map(Place::Primary)
}

fn is_account(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `z` and a number: accounts of which there may be more than Azure's first domain holds.
fn is_zone(label: &str) -> bool {
    let number = label.strip_prefix(['z', 'Z']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secondary(hosts: &SecondaryHosts, url: &str) -> Option<String> {
        let found = hosts.secondary(&url.parse().unwrap());
        found.map(|url| url.to_string())
    }

    #[test]
    fn azures_own_hosts_have_a_rule() {
        for (primary, at_secondary) in [
            (
                "https://a1.blob.core.windows.net",
                "https://a1-secondary.blob.core.windows.net/",
            ),
            (
                "https://a1.blob.core.chinacloudapi.cn/c?restype=container",
                "https://a1-secondary.blob.core.chinacloudapi.cn/c?restype=container",
            ),
            (
                "https://a1.z12.blob.storage.azure.net/c/b%20c",
                "https://a1-secondary.z12.blob.storage.azure.net/c/b%20c",
            ),
            (
                "http://a1.blob.localhost:10000/c/b",
                "http://a1-secondary.blob.localhost:10000/c/b",
            ),
            (
                "https://user:word@a1.blob.core.windows.net/c",
                "https://a1-secondary.blob.core.windows.net/c",
            ),
        ] {
            assert_eq!(
                secondary(&SecondaryHosts::default(), primary).as_deref(),
                Some(at_secondary)
            );
            assert_eq!(secondary(&SecondaryHosts::none(), primary), None);
            let place = SecondaryHosts::azure().place(&at_secondary.parse().unwrap());
            assert!(matches!(place, Place::Secondary), "{at_secondary}");
        }
    }

    #[test]
    fn other_hosts_have_none() {
        for url in [
            "http://127.0.0.1:10000/devstoreaccount1/c",
            "http://[::1]:10000/devstoreaccount1/c",
            "http://localhost:10000/devstoreaccount1/c",
            "https://files.example.org/c",
            "https://a1.file.core.windows.net/s",
            "https://a1.blob",
            "https://a1.z12.z13.blob.core.windows.net/c",
            "https://a1-ipv6.blob.core.windows.net/c",
            "https://.blob.core.windows.net/c",
            "https://-secondary.blob.core.windows.net/c",
            "/relative",
        ] {
            let place = SecondaryHosts::azure().place(&url.parse().unwrap());
            assert!(matches!(place, Place::Alone), "{url} {place:?}");
        }
    }

    #[test]
    fn pairs_are_told_and_go_before_the_rule() {
        let endpoint = |url: &str| Endpoint::parse(url).unwrap();
        let hosts = SecondaryHosts::azure()
            .pair(
                &endpoint("http://127.0.0.1:10000/dev"),
                &endpoint("http://127.0.0.1:10000/dev-secondary/"),
            )
            .pair(
                &endpoint("https://data.example.org"),
                &endpoint("https://copy.example.org/at/west"),
            )
            .pair(
                &endpoint("https://a1.blob.core.windows.net"),
                &endpoint("https://a1.example"),
            );
        for (primary, expected) in [
            (
                "http://127.0.0.1:10000/dev",
                Some("http://127.0.0.1:10000/dev-secondary"),
            ),
            (
                "http://127.0.0.1:10000/dev?comp=list",
                Some("http://127.0.0.1:10000/dev-secondary?comp=list"),
            ),
            (
                "http://127.0.0.1:10000/dev/c/b",
                Some("http://127.0.0.1:10000/dev-secondary/c/b"),
            ),
            ("http://127.0.0.1:10000/device/c", None),
            ("http://127.0.0.1:10000/dev-secondary/c", None),
            ("http://127.0.0.1:10001/dev/c", None),
            ("https://127.0.0.1:10000/dev/c", None),
            (
                "https://DATA.example.org/c/b?x=1",
                Some("https://copy.example.org/at/west/c/b?x=1"),
            ),
            ("https://a1.blob.core.windows.net/c", Some("https://a1.example/c")),
            (
                "https://a2.blob.core.windows.net/c",
                Some("https://a2-secondary.blob.core.windows.net/c"),
            ),
        ] {
            assert_eq!(secondary(&hosts, primary).as_deref(), expected, "{primary}");
        }
    }
}

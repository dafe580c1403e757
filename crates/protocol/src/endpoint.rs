//! Where a service is, and how its URLs are put together.

use std::fmt;

use http::Uri;

use crate::{BlobName, ContainerName, Error, ErrorKind, encode_path, encode_query};

/// How an account is named in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressStyle {
    /// In the host: `https://ACCOUNT.blob.core.windows.net/container/blob`.
    Host,
    /// As the first segment of the path: `http://127.0.0.1:10000/ACCOUNT/container/blob`.
    Path,
    /// Not at all: a domain of one's own, or a proxy.
    Custom,
}

/// The base URL of a service of an account, with a secondary one for accounts that can be read from two places.
///
/// ```
/// use lazuli_protocol::{AddressStyle, Endpoint};
///
/// let real = Endpoint::parse("https://example.blob.core.windows.net/")?;
/// assert_eq!((real.style(), real.account()), (AddressStyle::Host, Some("example")));
///
/// let local = Endpoint::parse("http://127.0.0.1:10000/devstoreaccount1")?;
/// assert_eq!((local.style(), local.account()), (AddressStyle::Path, Some("devstoreaccount1")));
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    // Scheme, authority and, in path style, the account; without a slash at the end.
    base: String,
    secondary: Option<String>,
    account: Option<String>,
    style: AddressStyle,
}

impl Endpoint {
    /// Reads the base URL of a service. An address of digits or `localhost` with one path segment is path style; a host of the form
    /// `ACCOUNT.blob.…` or `ACCOUNT.file.…` is host style; anything else is custom.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the text is no absolute `http` or `https` URL, or has a query: a SAS is a credential,
    /// not part of an endpoint.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let invalid = |why: &str| {
            // What follows a question mark may be a SAS, and what stands before an `@` a password.
            let shown = url.split('?').next().unwrap_or_default();
            let shown = shown.rsplit('@').next().unwrap_or_default();
            Error::new(
                ErrorKind::InvalidInput,
                format!("{shown:?} is not the URL of a storage service: {why}"),
            )
        };
        let uri: Uri = url.parse().map_err(|_| invalid("it is not a URL"))?;
        let scheme = uri
            .scheme_str()
            .ok_or_else(|| invalid("it must start with https:// or http://"))?;
        if !matches!(scheme, "http" | "https") {
            return Err(invalid("it must start with https:// or http://"));
        }
        if uri.query().is_some() {
            return Err(invalid("it must not have a query; pass a SAS as a credential"));
        }
        let authority = uri.authority().ok_or_else(|| invalid("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(invalid("it must not hold a user name or password"));
        }
        let path = uri.path().trim_matches('/');
        let base = if path.is_empty() {
            format!("{scheme}://{authority}")
        } else {
            format!("{scheme}://{authority}/{path}")
        };
        let (style, account) = address(authority.host(), path);
        Ok(Self {
            base,
            secondary: None,
            account,
            style,
        })
    }

    /// The endpoint of a service at Microsoft's own domain: `https://ACCOUNT.SERVICE.core.windows.net`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the account's name cannot stand in a host name.
    pub fn azure(account: &str, service: &str) -> Result<Self, Error> {
        if account.is_empty()
            || !account
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        {
            let message = format!(
                "{account:?} is not the name of a storage account: use lower-case letters and digits"
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Self::parse(&format!("https://{account}.{service}.core.windows.net"))
    }

    /// The same endpoint with the URL that reads may go to when the first one fails.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn with_secondary(mut self, url: &str) -> Result<Self, Error> {
        self.secondary = Some(Self::parse(url)?.base);
        Ok(self)
    }

    /// The secondary URL as an endpoint of its own.
    #[must_use]
    pub fn secondary(&self) -> Option<Self> {
        let base = self.secondary.clone()?;
        Some(Self {
            base,
            secondary: None,
            account: self.account.clone(),
            style: self.style,
        })
    }

    /// The account, where the URL names it.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// How the account is named.
    #[must_use]
    pub fn style(&self) -> AddressStyle {
        self.style
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// Starts a URL below this endpoint.
    #[must_use]
    pub fn uri(&self) -> UriBuilder {
        UriBuilder {
            text: self.base.clone(),
            at_root: true,
            has_query: false,
        }
    }
}

fn address(host: &str, path: &str) -> (AddressStyle, Option<String>) {
    let numeric = host.starts_with('[') || host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if numeric || host == "localhost" || host == "host.docker.internal" {
        let account = path.split('/').next().filter(|name| !name.is_empty());
        return match account {
            Some(name) => (
                AddressStyle::Path,
                Some(name.trim_end_matches("-secondary").to_owned()),
            ),
            None => (AddressStyle::Custom, None),
        };
    }
    let mut labels = host.split('.');
    match (labels.next(), labels.next()) {
        (Some(account), Some("blob" | "file")) if path.is_empty() && !account.is_empty() => (
            AddressStyle::Host,
            Some(account.trim_end_matches("-secondary").to_owned()),
        ),
        _ => (AddressStyle::Custom, None),
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Endpoint");
        out.field("url", &self.base)
            .field("style", &self.style)
            .field("account", &self.account);
        out.field("secondary", &self.secondary).finish()
    }
}

/// A URL in the making. Everything that is added is percent-encoded here, once.
#[derive(Clone, Debug)]
pub struct UriBuilder {
    text: String,
    at_root: bool,
    has_query: bool,
}

impl UriBuilder {
    /// Goes to a container.
    #[must_use]
    pub fn container(self, name: &ContainerName) -> Self {
        self.segment(name.as_str())
    }

    /// Goes to a blob in the container.
    #[must_use]
    pub fn blob(self, name: &BlobName) -> Self {
        self.segment(name.as_str())
    }

    fn segment(mut self, name: &str) -> Self {
        self.text.push('/');
        self.text.push_str(&encode_path(name));
        self.at_root = false;
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        if self.at_root && !self.has_query {
            self.text.push('/');
        }
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.push_str(name);
        self.text.push('=');
        self.text.push_str(&encode_query(value));
        self
    }

    /// Adds a query parameter if there is a value.
    #[must_use]
    pub fn query_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// The URL.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it grew longer than a URL may be (64 KiB).
    pub fn build(self) -> Result<Uri, Error> {
        self.text.parse().map_err(|source: http::uri::InvalidUri| {
            Error::new(ErrorKind::InvalidInput, "the request's URL cannot be sent").with_source(source)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_put_together_in_every_style() {
        let (container, blob) = (
            ContainerName::new("box").unwrap(),
            BlobName::new("a b/ü+#?.txt").unwrap(),
        );
        for (base, account, expected) in [
            (
                "https://acct.blob.core.windows.net",
                Some("acct"),
                "https://acct.blob.core.windows.net/box/a%20b/%C3%BC%2B%23%3F.txt",
            ),
            (
                "http://127.0.0.1:10000/dev/",
                Some("dev"),
                "http://127.0.0.1:10000/dev/box/a%20b/%C3%BC%2B%23%3F.txt",
            ),
            (
                "http://[::1]:10000/dev",
                Some("dev"),
                "http://[::1]:10000/dev/box/a%20b/%C3%BC%2B%23%3F.txt",
            ),
            (
                "http://acct.blob.localhost:10000",
                Some("acct"),
                "http://acct.blob.localhost:10000/box/a%20b/%C3%BC%2B%23%3F.txt",
            ),
            (
                "https://files.example.org/mirror",
                None,
                "https://files.example.org/mirror/box/a%20b/%C3%BC%2B%23%3F.txt",
            ),
        ] {
            let endpoint = Endpoint::parse(base).unwrap();
            assert_eq!(endpoint.account(), account, "{base}");
            assert_eq!(
                endpoint.uri().container(&container).blob(&blob).build().unwrap(),
                expected,
                "{base}"
            );
        }
    }

    #[test]
    fn a_query_at_the_root_keeps_the_slash() {
        let endpoint = Endpoint::parse("https://acct.blob.core.windows.net").unwrap();
        let uri = endpoint
            .uri()
            .query("comp", "list")
            .query("prefix", "a/b &c")
            .build()
            .unwrap();
        assert_eq!(
            uri,
            "https://acct.blob.core.windows.net/?comp=list&prefix=a%2Fb%20%26c"
        );
    }

    #[test]
    fn a_secondary_keeps_the_account() {
        let endpoint = Endpoint::parse("https://acct.blob.core.windows.net").unwrap();
        let endpoint = endpoint
            .with_secondary("https://acct-secondary.blob.core.windows.net")
            .unwrap();
        let secondary = endpoint.secondary().unwrap();
        assert_eq!(secondary.as_str(), "https://acct-secondary.blob.core.windows.net");
        assert_eq!(secondary.account(), Some("acct"));
    }

    #[test]
    fn what_is_no_endpoint_is_refused_without_showing_a_secret() {
        for bad in [
            "",
            "acct",
            "ftp://host",
            "/path",
            "https://",
            "https://u:SECRET@host",
            "https://u:SECRET@ho st",
            "ftp://u:SECRET@host",
            "https://u:SECRET@",
            "https://host/?sig=SECRET",
            "https://u:SECRET@host/?sig=SECRET",
        ] {
            let error = Endpoint::parse(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad:?}");
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
    }
}

//! One proxy: where it is, how it is spoken to, and as whom.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderValue, Uri};
use lazuli_protocol::BoxError;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Error, ErrorKind};

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// HTTP in the open.
    Plain,
    /// HTTP in TLS.
    Secure,
    /// SOCKS 5; names are looked up by the proxy.
    Socks,
}

/// Scheme, manner and the port that stands for none.
const MANNERS: &[(&str, Manner, u16)] = &[
    ("http", Manner::Plain, 80),
    ("https", Manner::Secure, 443),
    ("socks5", Manner::Socks, 1080),
    ("socks5h", Manner::Socks, 1080),
];

// SOCKS 5 has a byte for the length of each.
const LONGEST_SOCKS: usize = 255;

/// A proxy, with the credentials that it wants. They show in no `Debug`, no error and no log.
///
/// ```
/// use lazuli_transport::Proxy;
///
/// let proxy = Proxy::parse("http://me:s%20cret@proxy.example:3128")?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
///
/// let proxy = Proxy::parse("proxy.example")?.credentials("me", "s cret")?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:80");
/// # Ok::<(), lazuli_transport::Error>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    manner: Manner,
    // Without user name and password, and with a port.
    url: Uri,
    basic: Option<HeaderValue>,
    socks: Option<(String, SecretString)>,
}

impl Proxy {
    /// The proxy at a URL: `http://`, which may be left out, `https://` for TLS to the proxy, or `socks5://`. A user name and a password may
    /// stand before the host, percent-encoded where they need it; of a path nothing is used, and there must be no `@` in it. With `socks5://`, as with `socks5h://`, it is the
    /// proxy that looks up the names of hosts.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for what is no such URL.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if is_cut_short(url.trim()) {
            return Err(unreadable());
        }
        let parsed: Uri = url.trim().parse().map_err(|_| unreadable())?;
        let scheme = parsed.scheme_str().unwrap_or("http");
        let row = MANNERS
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(scheme));
        let &(scheme, manner, port) = row.ok_or_else(unreadable)?;
        let host = parsed.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(unreadable)?;
        let authority = parsed.authority().map_or("", |authority| authority.as_str());
        let port = match parsed.port_u16() {
            Some(port) => port,
            None if authority.ends_with(host) => port,
            // Something stands there, and it is no number.
            None => return Err(unreadable()),
        };
        let url = Uri::builder()
            .scheme(scheme)
            .authority(format!("{host}:{port}"))
            .path_and_query("/");
        let proxy = Self {
            manner,
            url: url.build().map_err(|_| unreadable())?,
            basic: None,
            socks: None,
        };
        let Some((user, _)) = authority.rsplit_once('@') else {
            return Ok(proxy);
        };
        let (user, password) = user.split_once(':').unwrap_or((user, ""));
        let decoded = |text| percent_decode_str(text).decode_utf8().map_err(|_| unreadable());
        proxy.credentials(&decoded(user)?, &decoded(password)?)
    }

    /// With a user name and a password: as `Basic` in `Proxy-Authorization`, or as SOCKS has it.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a user name with a colon; for SOCKS, for more than 255 bytes.
    pub fn credentials(mut self, user: &str, password: &str) -> Result<Self, Error> {
        let invalid = |message: &'static str| Err(Error::new(ErrorKind::InvalidInput, message));
        if self.manner == Manner::Socks {
            if user.len() > LONGEST_SOCKS || password.len() > LONGEST_SOCKS {
                return invalid(
                    "the user name or the password of a SOCKS proxy is too long; 255 bytes are the most",
                );
            }
            self.socks = Some((user.to_owned(), password.into()));
            return Ok(self);
        }
        if user.contains(':') {
            return invalid(
                "the user name of a proxy holds a colon, which Basic authentication cannot say; use another",
            );
        }
        let pair = zeroize::Zeroizing::new(format!("{user}:{password}"));
        let basic = zeroize::Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes())));
        let mut basic = HeaderValue::from_str(&basic).map_err(|_| unreadable())?;
        basic.set_sensitive(true);
        self.basic = Some(basic);
        Ok(self)
    }

    pub(crate) fn manner(&self) -> Manner {
        self.manner
    }

    pub(crate) fn url(&self) -> &Uri {
        &self.url
    }

    pub(crate) fn host(&self) -> &str {
        self.url.host().unwrap_or_default()
    }

    pub(crate) fn basic(&self) -> Option<&HeaderValue> {
        self.basic.as_ref()
    }

    pub(crate) fn user_and_password(&self) -> Option<(&str, &str)> {
        let (user, password) = self.socks.as_ref()?;
        Some((user, password.expose_secret()))
    }

    pub(crate) fn unreachable(&self) -> Error {
        self.error(
            ErrorKind::Connect,
            "cannot be reached; check its address and the network",
        )
    }

    pub(crate) fn insecure(&self, error: BoxError) -> Error {
        let error = Error::from(error);
        match error.kind() {
            ErrorKind::Tls => Error::new(ErrorKind::Tls, format!("the proxy {self}: {}", error.message())),
            kind => self.error(kind, "ended the TLS handshake; check that its port is for https"),
        }
        .because(error)
    }

    pub(crate) fn wants_credentials(&self) -> Error {
        let advice = match self.basic {
            None => {
                "wants a user name and a password (407); put them in its URL, as in http://user:password@host"
            }
            Some(_) => "refuses its user name and password (407); check those in its URL",
        };
        self.error(ErrorKind::Proxy, advice)
    }

    pub(crate) fn error(&self, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, format!("the proxy {self} {what}"))
    }
}

/// Whether a password holds what ends the host and port (`/`, `?` or `#`), so that what is before it would pass for them, and show.
fn is_cut_short(url: &str) -> bool {
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
        _ => url,
    };
    let after = rest.split_once(['/', '?', '#']);
    after.is_some_and(|(_, after)| after.contains('@'))
}

// Nothing of the URL is shown: there may be a password in it, and where cannot be told.
fn unreadable() -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        "the URL of a proxy cannot be read; write it as http://host:port, https://host:port or socks5://host:port, with user:password@ before the host where it needs them, percent-encoded",
    )
}

impl FromStr for Proxy {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self, Error> {
        Self::parse(url)
    }
}

impl fmt::Display for Proxy {
    /// Its URL, without credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.url.scheme_str().unwrap_or_default();
        let authority = self.url.authority().map_or("", |authority| authority.as_str());
        write!(f, "{scheme}://{authority}")
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

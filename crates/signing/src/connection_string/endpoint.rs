//! The URLs of services in a connection string, checked before anything is sent to them.

use std::fmt;

use http::Uri;

use super::invalid;
use super::settings::Setting;
use crate::error::Error;

/// How derived endpoints are reached.
#[derive(Clone, Copy, Debug)]
pub(super) enum Protocol {
    Http,
    Https,
}

impl Protocol {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        match text.to_ascii_lowercase().as_str() {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            _ => Err(invalid("DefaultEndpointsProtocol must be http or https")),
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

/// The URL without a `/` at its end, if requests can be built on it.
pub(super) fn checked_endpoint(setting: Setting, text: &str) -> Result<String, Error> {
    let refuse = |why: &str| Err(invalid(format!("{setting} {why}")));
    let uri = match text.parse::<Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) => uri,
        _ if setting == Setting::EndpointSuffix => {
            return refuse("must be a host name like core.windows.net");
        }
        _ => return refuse("must be a URL that begins with http:// or https://"),
    };
    // A suffix stands at the end of a host, so nothing but a host can come of it.
    if setting == Setting::EndpointSuffix
        && (text.ends_with('/') || uri.path() != "/" || uri.query().is_some() || text.contains('#'))
    {
        return refuse("must be a host name like core.windows.net");
    }
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return refuse("must not have a user name or password in its URL");
    }
    if uri.query().is_some() || text.contains('#') {
        return refuse("must not have a query or fragment; a SAS belongs into SharedAccessSignature");
    }
    // Not by `port()`: a colon with no number behind it, or too high a one, is no port to `http`.
    let host_alone = uri
        .authority()
        .is_some_and(|authority| authority.as_str() == authority.host());
    if setting == Setting::DevelopmentStorageProxyUri && (!host_alone || uri.path() != "/") {
        return refuse("must be a scheme and a host alone, like http://127.0.0.1");
    }
    Ok(text.trim_end_matches('/').to_owned())
}

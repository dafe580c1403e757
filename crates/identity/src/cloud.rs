//! The clouds, each with an authority of its own.

use std::fmt;
use std::str::FromStr;

use http::Uri;

use crate::Error;

/// Whose tokens are asked for: the authority of a cloud.
///
/// The storage services of all clouds know themselves by the same [scope](crate::STORAGE_SCOPE).
///
/// | cloud | authority |
/// |---|---|
/// | [`Public`](Self::Public) | `https://login.microsoftonline.com` |
/// | [`China`](Self::China) | `https://login.chinacloudapi.cn` |
/// | [`UsGovernment`](Self::UsGovernment) | `https://login.microsoftonline.us` |
///
/// ```
/// use lazuli_identity::Cloud;
///
/// // The form of `AZURE_AUTHORITY_HOST`.
/// assert_eq!("login.microsoftonline.us".parse::<Cloud>()?, Cloud::UsGovernment);
/// let own: Cloud = "https://login.example.net/".parse()?;
/// assert_eq!(own.authority(), "https://login.example.net");
/// # Ok::<(), lazuli_identity::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cloud {
    /// Azure.
    #[default]
    Public,
    /// Azure in China.
    China,
    /// Azure for the government of the United States.
    UsGovernment,
    /// Another authority.
    Custom(Authority),
}

/// The URL of an authority, without a path: `https://login.example.net`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority(String);

const KNOWN: &[(Cloud, &str)] = &[
    (Cloud::Public, "https://login.microsoftonline.com"),
    (Cloud::China, "https://login.chinacloudapi.cn"),
    (Cloud::UsGovernment, "https://login.microsoftonline.us"),
];

impl Cloud {
    /// The authority's URL, without a slash at its end.
    #[must_use]
    pub fn authority(&self) -> &str {
        match self {
            Self::Custom(authority) => &authority.0,
            known => KNOWN
                .iter()
                .find(|(cloud, _)| cloud == known)
                .map_or("", |(_, authority)| authority),
        }
    }

    /// The URL of the v2.0 token endpoint. The tenant has been checked.
    pub(crate) fn token_endpoint(&self, tenant: &str) -> String {
        format!("{}/{tenant}/oauth2/v2.0/token", self.authority())
    }
}

impl FromStr for Cloud {
    type Err = Error;

    /// Reads the host or the URL of an authority.
    fn from_str(text: &str) -> Result<Self, Error> {
        let authority = Authority::from_str(text)?;
        let known = KNOWN
            .iter()
            .find(|(_, url)| url.eq_ignore_ascii_case(&authority.0));
        Ok(match known {
            Some((cloud, _)) => cloud.clone(),
            None => Self::Custom(authority),
        })
    }
}

impl FromStr for Authority {
    type Err = Error;

    /// Reads a host, or a URL of `https`. One of `http` is for an authority on this machine: a transport refuses to send a secret elsewhere
    /// without TLS.
    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = || {
            Error::input(
                "the authority is no URL; it looks like https://login.microsoftonline.com, without a tenant",
            )
        };
        let text = text.trim();
        let url = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let uri: Uri = url.parse().map_err(|_| refuse())?;
        let host = uri.host().filter(|host| !host.is_empty());
        let plain = uri
            .authority()
            .is_some_and(|authority| !authority.as_str().contains('@'));
        let alone = uri.query().is_none() && !url.contains('#') && matches!(uri.path(), "" | "/");
        match (uri.scheme_str(), host) {
            (Some("https" | "http"), Some(_)) if plain && alone => {
                Ok(Self(url.trim_end_matches('/').to_owned()))
            }
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cloud_has_its_endpoint() {
        for (text, cloud) in [
            ("https://login.microsoftonline.com/", Cloud::Public),
            ("login.chinacloudapi.cn", Cloud::China),
            ("HTTPS://LOGIN.microsoftonline.us", Cloud::UsGovernment),
        ] {
            assert_eq!(text.parse::<Cloud>().unwrap(), cloud);
        }
        assert_eq!(
            Cloud::China.token_endpoint("t"),
            "https://login.chinacloudapi.cn/t/oauth2/v2.0/token"
        );
        let own: Cloud = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!(
            own.token_endpoint("t"),
            "http://127.0.0.1:8080/t/oauth2/v2.0/token"
        );
    }

    #[test]
    fn what_is_more_or_less_than_a_host_is_refused() {
        for bad in [
            "",
            "https://",
            "ftp://h",
            "https://h/tenant",
            "https://h?x=y",
            "https://user:planted@h",
            "a b",
            "https:///x",
        ] {
            let error = bad.parse::<Cloud>().unwrap_err();
            assert!(!error.to_string().contains("planted"), "{bad}");
        }
    }
}

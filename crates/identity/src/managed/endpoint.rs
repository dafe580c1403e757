//! The endpoint's URL, from the environment. Over plain `http` it must be this machine or its host: what it is asked and what it answers is
//! a secret.

use std::net::IpAddr;

use http::Uri;

use crate::Error;

/// A URL that may be asked for tokens, without a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint(String);

impl Endpoint {
    /// The URL that a variable holds.
    pub(super) fn parse(variable: &str, text: &str) -> Result<Self, Error> {
        let refuse = |why: &str| Error::input(format!("{variable} cannot be used: {why}"));
        let uri: Uri = text.trim().parse().map_err(|_| refuse("it is no URL"))?;
        let host = uri.host().unwrap_or_default();
        if host.is_empty()
            || uri.query().is_some()
            // A fragment is nothing to `Uri`, but would swallow the query that is added.
            || text.contains('#')
            || uri.authority().is_some_and(|it| it.as_str().contains('@'))
        {
            return Err(refuse("it needs a scheme, a host and a path, and nothing else"));
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_near(host) => {}
            Some("http") => {
                return Err(refuse(
                    "plain http is for this machine (localhost, 127.0.0.1) and its host (169.254.0.0/16); use https",
                ));
            }
            _ => return Err(refuse("its scheme is neither http nor https")),
        }
        Ok(Self(text.trim().trim_end_matches('/').to_owned()))
    }

    /// The URL of a virtual machine's own service.
    pub(super) fn imds() -> Self {
        Self("http://169.254.169.254".to_owned())
    }

    /// Below this one.
    pub(super) fn join(mut self, path: &str) -> Self {
        self.0.push_str(path);
        self
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether packets to this host stay on the machine or its link.
fn is_near(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    match bare.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_near() {
        for good in [
            "http://localhost:40342/metadata/identity/oauth2/token",
            "http://127.0.0.1:41709/msi/token/",
            "http://169.254.129.4:8081/msi/token",
            "http://[::1]:1/x",
            "http://[fe80::1]/x",
            "https://example.net/token",
        ] {
            assert!(Endpoint::parse("X", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "localhost",
            "http://example.net/token",
            "http://10.0.0.1/token",
            "http://localhost.example.net/",
            "http://169.254.1.1.example.net/",
            "http://planted@localhost/",
            "http://localhost/?x=planted",
            "http://localhost/t#planted",
            "https://example.net/#",
            "ftp://localhost/",
            "http:///x",
        ] {
            let error = Endpoint::parse("X", bad).unwrap_err();
            assert!(error.to_string().starts_with("X cannot be used"), "{bad}");
            assert!(!error.to_string().contains("planted"), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_far_endpoint(text in "(http|https|HTTP)?(://)?\\PC{0,24}") {
            if let Ok(endpoint) = Endpoint::parse("X", &text) {
                let uri: Uri = endpoint.as_str().parse().unwrap();
                let near = uri.host().is_some_and(is_near);
                proptest::prop_assert!(uri.scheme_str() == Some("https") || near, "{}", text);
            }
        }

        #[test]
        fn no_other_address_is_near(address: std::net::Ipv4Addr) {
            let near = Endpoint::parse("X", &format!("http://{address}/token")).is_ok();
            proptest::prop_assert_eq!(near, address.is_loopback() || address.is_link_local());
        }
    }
}

//! `WWW-Authenticate: Bearer …`: what kind of token the service wants instead.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// What a service that refuses a token says of the one that it would take.
///
/// ```
/// use lazuli_transport::Challenge;
///
/// let challenge = Challenge::parse(
///     "Bearer authorization_uri=https://login.microsoftonline.com/contoso/oauth2/authorize resource_id=https://storage.azure.com",
/// );
/// let challenge = challenge.expect("a challenge for a token");
/// assert_eq!(challenge.tenant(), Some("contoso"));
/// assert_eq!(challenge.resource(), Some("https://storage.azure.com"));
/// assert_eq!(challenge.claims(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    tenant: Option<String>,
    resource: Option<String>,
    claims: Option<String>,
}

/// Longer claims are no claims: they go into the next request for a token.
const LONGEST_CLAIMS: usize = 16 * 1024;

impl Challenge {
    /// Reads the value of the header. `None` when it does not ask for a bearer token. What it does not know, it passes over.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
        if !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        let mut challenge = Self::default();
        let mut insufficient = false;
        for (name, value) in Pairs(rest) {
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "authorization_uri" | "authorization" => challenge.tenant = tenant(value),
                "resource_id" | "resource" => challenge.resource = Some(value.to_owned()),
                "claims" => challenge.claims = claims(value),
                "error" => insufficient = value == "insufficient_claims",
                _ => {}
            }
        }
        // Claims mean something only where the service says that the token lacks them.
        if !insufficient {
            challenge.claims = None;
        }
        Some(challenge)
    }

    /// That a token must be of this tenant, and nothing else.
    pub(super) fn of_tenant(tenant: &str) -> Self {
        Self {
            tenant: Some(tenant.to_owned()),
            ..Self::default()
        }
    }

    /// The same, with a tenant and claims where it names none.
    pub(super) fn or(mut self, tenant: Option<&str>, claims: Option<&str>) -> Self {
        self.tenant = self.tenant.or_else(|| tenant.map(str::to_owned));
        self.claims = self.claims.or_else(|| claims.map(str::to_owned));
        self
    }

    /// The tenant whose tokens the service takes: a name or an id, as it stands in the URL of its authority.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// What the token must be for, such as `https://storage.azure.com`.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.resource.as_deref()
    }

    /// The claims that the token lacks, as JSON: a token is to be asked for anew, with them (Continuous Access Evaluation).
    #[must_use]
    pub fn claims(&self) -> Option<&str> {
        self.claims.as_deref()
    }
}

/// The first segment of the path: `https://HOST/TENANT/oauth2/authorize`.
fn tenant(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let tenant = rest.split('/').nth(1)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (!tenant.is_empty() && tenant.bytes().all(plain)).then(|| tenant.to_owned())
}

/// JSON, in base64 of either alphabet, with padding or without.
fn claims(value: &str) -> Option<String> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
    const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);
    if value.len() > LONGEST_CLAIMS {
        return None;
    }
    let bytes = STANDARD.decode(value).or_else(|_| URL_SAFE.decode(value)).ok()?;
    String::from_utf8(bytes).ok().filter(|text| text.starts_with('{'))
}

/// `name=value` and `name="value"`, with spaces, commas or both between them.
struct Pairs<'a>(&'a str);

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_start_matches([' ', ',', '\t']);
        let (name, rest) = rest.split_once('=')?;
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest
                .find([' ', ',', '\t'])
                .and_then(|end| rest.split_at_checked(end))
                .unwrap_or((rest, "")),
        };
        self.0 = rest;
        Some((name.trim(), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_it_is_read() {
        for value in [
            "Bearer authorization_uri=https://h/t1/oauth2/authorize resource_id=https://storage.azure.com",
            "bearer authorization_uri=\"https://h/t1/oauth2/authorize\", resource_id=\"https://storage.azure.com\"",
            "Bearer realm=\"\", authorization_uri=\"https://h/t1\",resource_id=https://storage.azure.com",
        ] {
            let challenge = Challenge::parse(value).unwrap();
            assert_eq!(challenge.tenant(), Some("t1"), "{value}");
            assert_eq!(challenge.resource(), Some("https://storage.azure.com"), "{value}");
        }
    }

    #[test]
    fn claims_count_only_where_they_are_missing() {
        let json = r#"{"access_token":{"nbf":{"essential":true,"value":"1781"}}}"#;
        for encoded in [
            base64::engine::general_purpose::STANDARD.encode(json),
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json),
        ] {
            let value = format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{encoded}\"");
            assert_eq!(Challenge::parse(&value).unwrap().claims(), Some(json));
            let other = format!("Bearer error=\"invalid_token\", claims=\"{encoded}\"");
            assert_eq!(Challenge::parse(&other).unwrap().claims(), None);
        }
        for bad in ["", "%%%", "bm90IGpzb24="] {
            let value = format!("Bearer error=\"insufficient_claims\", claims=\"{bad}\"");
            assert_eq!(Challenge::parse(&value).unwrap().claims(), None, "{bad}");
        }
    }

    #[test]
    fn what_asks_for_something_else_is_no_challenge() {
        assert_eq!(Challenge::parse("Basic realm=x"), None);
        assert_eq!(Challenge::parse(""), None);
        for odd in [
            "Bearer",
            "Bearer =",
            "Bearer authorization_uri=https://h",
            "Bearer authorization_uri=https://h/a%2Fb/x",
            "Bearer a=\"",
        ] {
            assert_eq!(Challenge::parse(odd).unwrap().tenant(), None, "{odd}");
        }
    }
}

//! Whether a storage service lets the holder of a token in.

use std::sync::Arc;

use time::OffsetDateTime;

use super::jwt::Jwt;
use super::{Authority, Identity, TokenTrust};

/// How far the clocks of an issuer and a service may be apart, in seconds.
const LEEWAY: i64 = 5 * 60;
/// What comes before the tenant in an issuer: the public cloud, the sovereign ones, the one of test suites; then tokens of version 2.
const ISSUERS: [&str; 8] = [
    "https://sts.windows.net/",
    "https://sts.chinacloudapi.cn/",
    "https://sts.microsoftonline.de/",
    "https://sts.windows-ppe.net/",
    "https://login.microsoftonline.com/",
    "https://login.microsoftonline.us/",
    "https://login.partner.microsoftonline.cn/",
    "https://login.chinacloudapi.cn/",
];
/// What comes after the account in an audience that is one account's Blob service.
const BLOB_SUFFIXES: [&str; 4] = [
    ".blob.core.windows.net",
    ".blob.core.chinacloudapi.cn",
    ".blob.core.usgovcloudapi.net",
    ".blob.core.cloudapi.de",
];
/// Azure Storage, by its URL and by its application id.
const STORAGE: [&str; 2] = [
    "https://storage.azure.com",
    "e406a681-f3d4-42a8-90b6-c2b029497af1",
];

/// Why a token is refused. The order is the one of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// It is no token at all.
    Malformed,
    /// Somebody else issued it.
    Issuer,
    /// It is for somebody else.
    Audience,
    /// It does not say until when.
    NoExpiry,
    NotYetValid,
    Expired,
    /// Nothing says who holds it.
    NoIdentity,
    Signature,
}

impl TokenFault {
    /// The service's words.
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Self::Malformed => "Authentication scheme Bearer is not supported. The token is malformed.",
            Self::Issuer => "Issuer validation failed. Issuer did not match.",
            Self::Audience => "Audience validation failed. Audience did not match.",
            Self::NoExpiry => "Lifetime validation failed. The token is missing an expiration time.",
            Self::NotYetValid => "Lifetime validation failed. The token is not yet valid.",
            Self::Expired => "Lifetime validation failed. The token is expired.",
            Self::NoIdentity => "Authentication scheme Bearer is not supported. The token has no object id.",
            Self::Signature => "Signature validation failed. Signature verification failed.",
        }
    }
}

/// What the storage services know of tokens.
#[derive(Debug)]
pub(crate) struct Gate {
    trust: TokenTrust,
    authority: Arc<Authority>,
}

impl Gate {
    pub(crate) fn new(trust: TokenTrust, authority: Arc<Authority>) -> Self {
        Self { trust, authority }
    }

    /// The tenant that a challenge names.
    pub(crate) fn tenant(&self) -> &str {
        self.authority.tenant()
    }

    /// The claims that the next holder of a token is asked for, if a test wants that.
    pub(crate) fn take_challenge(&self) -> Option<String> {
        self.authority.take_challenge()
    }

    /// Who holds the token, if it is good for the account now.
    pub(crate) fn identify(
        &self,
        token: &str,
        account: &str,
        now: OffsetDateTime,
    ) -> Result<Identity, TokenFault> {
        let jwt = Jwt::parse(token).ok_or(TokenFault::Malformed)?;
        let tenant = jwt.claim("iss").and_then(tenant_of);
        let is_own_issuer = tenant.is_some_and(|tenant| self.authority.has_tenant(tenant));
        let is_own = is_own_issuer || jwt.header("kid").is_some_and(|kid| self.authority.has_key(kid));
        let believed = if is_own {
            is_own_issuer
        } else {
            self.trust == TokenTrust::Claims
        };
        let tenant = tenant.filter(|_| believed).ok_or(TokenFault::Issuer)?;
        if !jwt.is_for(|audience| is_audience(audience, account)) {
            return Err(TokenFault::Audience);
        }
        check_times(&jwt, now.unix_timestamp())?;
        let identity = Identity {
            object_id: jwt
                .claim("oid")
                .or(jwt.claim("sub"))
                .ok_or(TokenFault::NoIdentity)?
                .to_owned(),
            tenant_id: jwt.claim("tid").unwrap_or(tenant).to_owned(),
            application_id: jwt.claim("appid").or(jwt.claim("azp")).map(str::to_owned),
        };
        if is_own && !self.authority.has_signed(&jwt) {
            return Err(TokenFault::Signature);
        }
        Ok(identity)
    }
}

/// The tenant of an issuer that has the form of Entra's.
fn tenant_of(issuer: &str) -> Option<&str> {
    let rest = ISSUERS.iter().find_map(|prefix| issuer.strip_prefix(prefix))?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let tenant = rest.strip_suffix("/v2.0").unwrap_or(rest);
    (!tenant.is_empty() && !tenant.contains('/')).then_some(tenant)
}

fn is_audience(audience: &str, account: &str) -> bool {
    let audience = audience.strip_suffix('/').unwrap_or(audience);
    let of_account = |host: &str| {
        BLOB_SUFFIXES
            .iter()
            .any(|suffix| host.strip_suffix(suffix) == Some(account))
    };
    STORAGE.contains(&audience) || audience.strip_prefix("https://").is_some_and(of_account)
}

fn check_times(jwt: &Jwt<'_>, now: i64) -> Result<(), TokenFault> {
    let expiry = jwt.time("exp").ok_or(TokenFault::NoExpiry)?;
    if jwt
        .time("nbf")
        .is_some_and(|start| start.saturating_sub(LEEWAY) > now)
    {
        return Err(TokenFault::NotYetValid);
    }
    if expiry.saturating_add(LEEWAY) <= now {
        return Err(TokenFault::Expired);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_of_issuers() {
        for (issuer, tenant) in [
            ("https://sts.windows.net/t/", Some("t")),
            ("https://sts.windows.net/t", Some("t")),
            ("https://login.microsoftonline.com/t/v2.0", Some("t")),
            ("https://sts.windows.net/", None),
            ("https://sts.windows.net//", None),
            ("https://sts.windows.net/t/u/", None),
            ("http://sts.windows.net/t/", None),
            ("https://sts.windows.net.example/t/", None),
            ("", None),
        ] {
            assert_eq!(tenant_of(issuer), tenant, "{issuer}");
        }
    }

    #[test]
    fn audiences_of_an_account() {
        for (audience, known) in [
            ("https://storage.azure.com", true),
            ("https://storage.azure.com/", true),
            ("https://storage.azure.com//", false),
            ("e406a681-f3d4-42a8-90b6-c2b029497af1", true),
            ("https://acct.blob.core.windows.net", true),
            ("https://acct.blob.core.usgovcloudapi.net/", true),
            ("https://other.blob.core.windows.net", false),
            ("https://acct.file.core.windows.net", false),
            ("http://storage.azure.com", false),
            ("https://management.azure.com", false),
            ("", false),
        ] {
            assert_eq!(is_audience(audience, "acct"), known, "{audience}");
        }
    }
}

//! What a token is asked for.

use crate::Error;
use crate::names::check_scope;

/// The scope of Azure Storage, of every account and in every cloud: sovereign clouds have authorities of their own, but know the
/// service by the same name. An account's own scope, `https://ACCOUNT.blob.core.windows.net/.default`, gives a token for that account alone.
pub const STORAGE_SCOPE: &str = "https://storage.azure.com/.default";

/// What a token is to be good for.
///
/// ```
/// use lazuli_identity::{STORAGE_SCOPE, TokenRequest};
///
/// let request = TokenRequest::new(STORAGE_SCOPE).tenant("contoso.onmicrosoft.com");
/// assert_eq!(request.scopes, ["https://storage.azure.com/.default"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The resources and permissions, such as [`STORAGE_SCOPE`].
    pub scopes: Vec<String>,
    /// The tenant to ask, where it is another than the source's own. A source refuses tenants that it was not allowed to ask.
    pub tenant: Option<String>,
    /// Claims that the token must have, as JSON: what a service has asked for with a challenge.
    pub claims: Option<String>,
    /// Whether whoever uses the token can answer a claims challenge. Where it can, Entra gives tokens that live longer and can be
    /// taken back at any time (Continuous Access Evaluation).
    pub answers_challenges: bool,
    // Whether others are there to be asked: a source then finds out quickly that it has nothing.
    pub(crate) in_chain: bool,
}

impl TokenRequest {
    /// A token for one scope.
    pub fn new(scope: impl Into<String>) -> Self {
        Self {
            scopes: vec![scope.into()],
            tenant: None,
            claims: None,
            answers_challenges: false,
            in_chain: false,
        }
    }

    /// Of this tenant.
    #[must_use]
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// With these claims, JSON.
    #[must_use]
    pub fn claims(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }

    /// For somebody who [answers challenges](Self::answers_challenges).
    #[must_use]
    pub fn answering_challenges(mut self) -> Self {
        self.answers_challenges = true;
        self
    }

    /// The scopes, checked and joined as a token endpoint takes them.
    pub(crate) fn scope(&self) -> Result<String, Error> {
        if self.scopes.is_empty() {
            return Err(no_scope());
        }
        for scope in &self.scopes {
            check_scope(scope)?;
        }
        Ok(self.scopes.join(" "))
    }

    /// The one resource, for sources that know no scopes: `https://storage.azure.com`.
    pub(crate) fn resource(&self) -> Result<&str, Error> {
        match self.scopes.as_slice() {
            [scope] => {
                check_scope(scope)?;
                Ok(scope.strip_suffix("/.default").unwrap_or(scope))
            }
            [] => Err(no_scope()),
            _ => Err(Error::input(
                "this source gives tokens for one scope at a time; ask it once for each",
            )),
        }
    }
}

fn no_scope() -> Error {
    Error::input(format!(
        "no scope is named; for Azure Storage it is {STORAGE_SCOPE}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_become_a_scope_or_a_resource() {
        let one = TokenRequest::new(STORAGE_SCOPE);
        assert_eq!(
            (one.scope().unwrap(), one.resource().unwrap()),
            (STORAGE_SCOPE.to_owned(), "https://storage.azure.com")
        );
        let mut two = one.clone();
        two.scopes.push("openid".to_owned());
        assert_eq!(two.scope().unwrap(), format!("{STORAGE_SCOPE} openid"));
        assert!(two.resource().is_err());
        two.scopes.clear();
        assert!(two.scope().is_err() && two.resource().is_err());
        assert!(TokenRequest::new("a & b").scope().is_err());
        assert_eq!(
            TokenRequest::new("https://storage.azure.com").resource().unwrap(),
            "https://storage.azure.com"
        );
    }
}

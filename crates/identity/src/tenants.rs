//! Which tenants a source may ask.

use crate::Error;
use crate::names::{check_tenant, is_guid};

/// The tenant of a source, and those that it may ask besides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tenants {
    own: Option<String>,
    allowed: Vec<String>,
}

impl Tenants {
    /// Of this tenant alone.
    pub(crate) fn of(own: &str) -> Result<Self, Error> {
        Self::any().with_own(own)
    }

    /// The same, but of this tenant.
    pub(crate) fn with_own(self, own: &str) -> Result<Self, Error> {
        check_tenant(own)?;
        Ok(Self {
            own: Some(own.to_owned()),
            ..self
        })
    }

    /// Those of the tools: whatever their user is logged in to.
    pub(crate) fn any() -> Self {
        Self::default()
    }

    /// These as well; `*` for all.
    pub(crate) fn allow<I: Into<String>>(&mut self, tenants: impl IntoIterator<Item = I>) {
        self.allowed.extend(tenants.into_iter().map(Into::into));
    }

    /// The tenant to ask.
    pub(crate) fn choose<'a>(&'a self, asked: Option<&'a str>) -> Result<Option<&'a str>, Error> {
        let own = self.own.as_deref();
        let Some(asked) = asked.filter(|asked| !asked.is_empty()) else {
            return Ok(own);
        };
        let Some(own) = own else {
            check_tenant(asked)?;
            return Ok(Some(asked));
        };
        if own.eq_ignore_ascii_case(asked) {
            return Ok(Some(own));
        }
        let allowed = |tenant: &String| tenant == "*" || tenant.eq_ignore_ascii_case(asked);
        if self.allowed.iter().any(allowed) {
            check_tenant(asked)?;
            return Ok(Some(asked));
        }
        // A domain name and an id may mean the same tenant: nobody but the authority can tell.
        if is_guid(own) != is_guid(asked) {
            return Ok(Some(own));
        }
        check_tenant(asked)?;
        Err(Error::input(format!(
            "tokens of the tenant {asked} are asked for, and this source is of {own}; give it the right tenant, or allow it this one with additionally_allowed_tenants"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
    const B: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

    #[test]
    fn another_tenant_is_asked_only_where_it_is_allowed() {
        for (own, allowed, asked, expected) in [
            (Some(A), &[][..], None, Some(Some(A))),
            (Some(A), &[], Some(""), Some(Some(A))),
            (
                Some(A),
                &[],
                Some("72F988BF-86F1-41AF-91AB-2D7CD011DB47"),
                Some(Some(A)),
            ),
            (Some(A), &[], Some(B), None),
            (Some(A), &[B], Some(B), Some(Some(B))),
            (Some(A), &["*"], Some(B), Some(Some(B))),
            (Some(A), &["*"], Some("../x"), None),
            (Some("contoso.com"), &[], Some(B), Some(Some("contoso.com"))),
            (Some("contoso.com"), &[B], Some(B), Some(Some(B))),
            (Some("contoso.com"), &[], Some("fabrikam.com"), None),
            (None, &[], Some(B), Some(Some(B))),
            (None, &[], Some("--x"), None),
            (None, &[], None, Some(None)),
        ] {
            let mut tenants = own.map_or_else(Tenants::any, |own| Tenants::of(own).unwrap());
            tenants.allow(allowed.iter().copied());
            assert_eq!(
                tenants.choose(asked).ok(),
                expected,
                "{own:?} {allowed:?} {asked:?}"
            );
        }
    }
}

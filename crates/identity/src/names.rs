//! Names that go into URLs, forms and the arguments of programs, checked before they do.

use crate::Error;

const LONGEST: usize = 256;

/// A tenant: an id, or a domain name of it. It is a path segment of every token endpoint.
pub(crate) fn check_tenant(tenant: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let named = tenant.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if named && tenant.len() <= LONGEST && tenant.bytes().all(plain) && !tenant.starts_with('-') {
        return Ok(());
    }
    Err(Error::input(format!(
        "{:?} is no tenant; give its id or its domain name, which have letters, digits, dots and hyphens only",
        cut(tenant)
    )))
}

/// A client id, or another id that is sent encoded.
pub(crate) fn check_id(what: &str, id: &str) -> Result<(), Error> {
    if !id.is_empty() && id.len() <= 4 * LONGEST && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::input(format!(
        "{:?} is no {what}; copy it from the Azure portal",
        cut(id)
    )))
}

/// A scope. It may become an argument of a program.
pub(crate) fn check_scope(scope: &str) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b':' | b'/');
    let fits = !scope.is_empty() && scope.len() <= 4 * LONGEST && !scope.starts_with('-');
    if fits && scope.bytes().all(plain) {
        return Ok(());
    }
    Err(Error::input(format!(
        "{:?} is no scope; one looks like {}",
        cut(scope),
        crate::STORAGE_SCOPE
    )))
}

/// Whether this is a tenant's id, and not one of its domain names.
pub(crate) fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

/// What was given may be anything, of any length.
fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_lead_elsewhere_are_refused() {
        for good in [
            "contoso.onmicrosoft.com",
            "72f988bf-86f1-41af-91ab-2d7cd011db47",
            "organizations",
        ] {
            assert!(check_tenant(good).is_ok(), "{good}");
        }
        for bad in [
            "", "..", ".", "a/b", "a b", "a?b", "a%2f", "tenänt", "-t", "a\0", "-", "a&calc",
        ] {
            assert!(check_tenant(bad).is_err(), "{bad}");
        }
        for bad in [
            "",
            "--resource",
            "a b",
            "a;b",
            "$(x)",
            "a\"",
            "`a`",
            "%PATH%",
            "^",
        ] {
            assert!(check_scope(bad).is_err(), "{bad}");
        }
        for bad in ["", "a b", "é"] {
            assert!(check_id("client id", bad).is_err(), "{bad}");
        }
        assert!(check_tenant(&"a".repeat(300)).unwrap_err().to_string().len() < 200);
    }
}

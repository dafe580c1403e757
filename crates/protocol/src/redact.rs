//! Showing a URL without what must not be seen.

use http::Uri;

/// The URL for messages and logs: the value of every `sig` parameter, the secret of a SAS, is replaced.
///
/// ```
/// let uri = "https://example.blob.core.windows.net/c/b?sv=2026-06-06&sig=abc%3D".parse().unwrap();
/// assert_eq!(
///     lazuli_protocol::redacted_uri(&uri),
///     "https://example.blob.core.windows.net/c/b?sv=2026-06-06&sig=REDACTED"
/// );
/// ```
#[must_use]
pub fn redacted_uri(uri: &Uri) -> String {
    let mut shown = String::new();
    if let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) {
        // A URL may carry `user:password@`; neither belongs in a log.
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        shown.push_str(scheme);
        shown.push_str("://");
        shown.push_str(host);
    }
    shown.push_str(uri.path());
    let mut separator = '?';
    for pair in uri.query().into_iter().flat_map(|query| query.split('&')) {
        let name = pair.split('=').next().unwrap_or_default();
        shown.push(separator);
        separator = '&';
        let secret = crate::percent_decode(name).is_none_or(|name| name.eq_ignore_ascii_case("sig"));
        if secret {
            shown.push_str("sig=REDACTED");
        } else {
            shown.push_str(pair);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_sig_gets_through() {
        for query in ["sig=SECRET", "a=b&SIG=SECRET", "si%67=SECRET&x=y", "%ff=SECRET"] {
            let uri: Uri = format!("http://user:SECRET@h/p?{query}").parse().unwrap();
            assert!(!redacted_uri(&uri).contains("SECRET"), "{query}");
        }
    }
}

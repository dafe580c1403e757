//! Which version of the protocol a request speaks.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use lazuli_protocol::{ApiVersion, header as names};

use super::auth::is_sas;
use super::query::Query;
use super::refusal::{Refusal, Stage};

/// What the service takes a request without version and without credentials for.
pub(super) const OLDEST: ApiVersion = ApiVersion::of(b"2009-09-19");

/// Versions that a signature, and `api-version` beside it, may be of, and that no header may name any more.
const OLD: [ApiVersion; 13] = [
    ApiVersion::of(b"2012-02-12"),
    ApiVersion::of(b"2013-08-15"),
    ApiVersion::of(b"2014-02-14"),
    ApiVersion::of(b"2015-02-21"),
    ApiVersion::of(b"2015-04-05"),
    ApiVersion::of(b"2015-07-08"),
    ApiVersion::of(b"2015-12-11"),
    ApiVersion::of(b"2016-05-31"),
    ApiVersion::of(b"2017-04-17"),
    ApiVersion::of(b"2017-07-29"),
    ApiVersion::of(b"2017-11-09"),
    ApiVersion::of(b"2018-03-28"),
    ApiVersion::of(b"2018-11-09"),
];

/// The version that a signature names, if there ever was such a one.
pub(super) fn of_signature(text: &str) -> Option<ApiVersion> {
    let version = text.parse().ok()?;
    let known = ApiVersion::KNOWN.contains(&version) || OLD.contains(&version);
    known.then_some(version)
}

/// The version that a request's header names. A request with a shared access signature may do without: it speaks the version of
/// `api-version`, or the one that it was signed with.
pub(super) fn of(headers: &HeaderMap, query: Option<&Query>) -> Result<ApiVersion, Box<Refusal>> {
    if let Some(value) = headers.get(names::VERSION) {
        let known = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        let known = known.filter(|version| ApiVersion::KNOWN.contains(version));
        return known.ok_or_else(|| {
            let shown = String::from_utf8_lossy(value.as_bytes());
            Refusal::bad_header(names::VERSION.as_str(), &shown).at(Stage::Version)
        });
    }
    if headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::missing_header(names::VERSION.as_str()).at(Stage::Version));
    }
    match query.filter(|query| is_sas(query)) {
        None => Ok(OLDEST),
        Some(query) => of_sas(query),
    }
}

fn of_sas(query: &Query) -> Result<ApiVersion, Box<Refusal>> {
    const NAME: &str = "api-version";
    if let Some(value) = query.some(NAME) {
        let known = of_signature(value);
        return known.ok_or_else(|| Refusal::bad_query(NAME, value, "").at(Stage::Front));
    }
    // Whether there is such a version is for the check of the signature to say.
    Ok(query
        .get("sv")
        .and_then(|version| version.parse().ok())
        .unwrap_or(OLDEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(header: Option<&str>, query: &str) -> Result<String, lazuli_protocol::ErrorCode> {
        let pairs = header.map(|value| (names::VERSION, value.parse().unwrap()));
        let query = Query::parse(query).unwrap();
        match of(&pairs.into_iter().collect(), Some(&query)) {
            Ok(version) => Ok(version.to_string()),
            Err(refusal) => Err(refusal.code),
        }
    }

    #[test]
    fn the_header_counts_before_the_query() {
        let is = |version: &str| Ok(version.to_owned());
        assert_eq!(version(None, "comp=list"), is("2009-09-19"));
        assert_eq!(version(None, "sv=2021-12-02"), is("2009-09-19"));
        assert_eq!(version(None, "sv=2021-12-02&sig=a"), is("2021-12-02"));
        assert_eq!(version(None, "sv=2015-04-05&sig=a"), is("2015-04-05"));
        assert_eq!(version(None, "sv=nonsense&sig=a"), is("2009-09-19"));
        assert_eq!(
            version(None, "api-version=2023-11-03&sv=2021-12-02&sig=a"),
            is("2023-11-03")
        );
        assert_eq!(
            version(None, "api-version=2015-04-05&sv=2026-06-06&sig=a"),
            is("2015-04-05")
        );
        assert!(version(None, "api-version=2015-04-06&sv=2026-06-06&sig=a").is_err());
        assert_eq!(
            version(Some("2026-06-06"), "api-version=2023-11-03&sv=2021-12-02&sig=a"),
            is("2026-06-06")
        );
        assert!(version(None, "api-version=soon&sv=2021-12-02&sig=a").is_err());
        assert!(version(Some("1999-01-01"), "sv=2021-12-02&sig=a").is_err());
    }
}

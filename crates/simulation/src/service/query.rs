//! The query of a request, taken apart.

use std::borrow::Cow;
use std::fmt;

use lazuli_protocol::{ErrorCode, percent_decode};

use super::refusal::Refusal;

/// The parameters that say what is asked for. To act on one of two values would be to guess. Those of a shared access signature are
/// checked with it.
const ONCE: [&str; 15] = [
    "api-version",
    "blockid",
    "blocklisttype",
    "comp",
    "deletetype",
    "delimiter",
    "endbefore",
    "include",
    "marker",
    "maxresults",
    "prefix",
    "restype",
    "snapshot",
    "startfrom",
    "versionid",
];

/// Names in lower case, and values, both decoded. `Debug` shows the names alone: one of the values may be a signature.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Result<Self, Box<Refusal>> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).ok_or_else(|| Refusal::new(ErrorCode::InvalidUri))?;
            let name = name.to_ascii_lowercase();
            match decode(value) {
                Some(value) => Ok((name, value)),
                None => Err(Refusal::bad_query(&name, value, "")),
            }
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// Refuses a parameter that is given more than once where it matters.
    pub(super) fn check_once(&self) -> Result<(), Box<Refusal>> {
        for name in ONCE {
            let mut values = self.0.iter().filter(|(other, _)| other == name);
            if let (Some(_), Some((_, second))) = (values.next(), values.next()) {
                return Err(Refusal::bad_query(name, second, "Given more than once."));
            }
        }
        Ok(())
    }

    /// The value of a parameter; the first one's when it is given more than once.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, unless it is empty.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

fn decode(text: &str) -> Option<String> {
    // Forms write a space as a plus sign, and a plus sign as %2B.
    let text = if text.contains('+') {
        Cow::Owned(text.replace('+', " "))
    } else {
        Cow::Borrowed(text)
    };
    percent_decode(&text).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded() {
        let query = Query::parse("Comp=list&prefix=a%2Bb+c%2F&x&&marker=&prefix=2").unwrap();
        assert_eq!(query.get("comp"), Some("list"));
        assert_eq!(query.get("prefix"), Some("a+b c/"));
        assert_eq!(query.get("x"), Some(""));
        assert_eq!(query.some("marker"), None);
        assert_eq!(query.get("y"), None);
        assert_eq!(
            Query::parse("prefix=%ff").unwrap_err().code,
            ErrorCode::InvalidQueryParameterValue
        );
        assert_eq!(Query::parse("%ff=1").unwrap_err().code, ErrorCode::InvalidUri);
    }

    #[test]
    fn what_is_acted_on_is_given_once() {
        let check = |query: &str| Query::parse(query).unwrap().check_once();
        assert!(check("comp=list&prefix=a&timeout=1&timeout=2&sr=b&sr=c").is_ok());
        for twice in [
            "snapshot=&snapshot=1",
            "comp=list&Comp=acl",
            "prefix&prefix",
            "a=1&marker=1&%6Darker=2",
        ] {
            let refusal = check(twice).unwrap_err();
            assert_eq!(refusal.code, ErrorCode::InvalidQueryParameterValue, "{twice}");
        }
    }

    #[test]
    fn no_value_is_shown() {
        let query = Query::parse("comp=list&sig=c2VjcmV0").unwrap();
        assert_eq!(format!("{query:?}"), r#"["comp", "sig"]"#);
    }
}

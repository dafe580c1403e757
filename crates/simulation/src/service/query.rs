//! The query of a request, taken apart.

use std::borrow::Cow;

use lazuli_protocol::{ErrorCode, percent_decode};

use super::refusal::Refusal;

/// Names in lower case, and values, both decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

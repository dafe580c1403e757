//! JSON Web Tokens in their compact form, taken apart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The longest token that is looked at, in bytes. Entra's own are about 2 KiB.
const LONGEST: usize = 16 * 1024;

/// A token's parts, none of them checked.
pub(super) struct Jwt<'a> {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    #[cfg_attr(
        not(feature = "entra"),
        allow(dead_code, reason = "without a key, no signature is looked at")
    )]
    signed: &'a str,
    #[cfg_attr(
        not(feature = "entra"),
        allow(dead_code, reason = "without a key, no signature is looked at")
    )]
    signature: &'a str,
}

impl<'a> Jwt<'a> {
    /// Takes a token apart, if it has the form of one.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature,
        })
    }

    /// A text of the header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name)?.as_str()
    }

    /// A claim that is a text, and not an empty one.
    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is a time, in whole seconds since 1970.
    pub(super) fn time(&self, name: &str) -> Option<i64> {
        let value = self.claims.get(name)?;
        // A time with a fraction is legal. A float that is out of range becomes the nearest whole number.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`as` saturates, and a fraction of a second does not matter"
        )]
        let whole = |float: f64| float as i64;
        value.as_i64().or_else(|| value.as_f64().map(whole))
    }

    /// Whom the token is for: one audience, or one of a list that the predicate likes.
    pub(super) fn is_for(&self, known: impl Fn(&str) -> bool) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(audience)) => known(audience),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).any(known),
            _ => false,
        }
    }

    /// What the signature is of.
    #[cfg(feature = "entra")]
    pub(super) fn signed(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// The signature, if it is base64.
    #[cfg(feature = "entra")]
    pub(super) fn signature(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.signature).ok()
    }
}

fn object(segment: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(segment).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", encode(header), encode(claims))
    }

    #[test]
    fn parts_are_told_apart() {
        let text = token(
            r#"{"kid":"k"}"#,
            r#"{"aud":["a","b"],"exp":12.9,"nbf":-1e300,"iat":"1","oid":""}"#,
        );
        let jwt = Jwt::parse(&text).unwrap();
        assert_eq!(jwt.header("kid"), Some("k"));
        assert_eq!(
            (jwt.time("exp"), jwt.time("nbf"), jwt.time("iat")),
            (Some(12), Some(i64::MIN), None)
        );
        assert_eq!(jwt.claim("oid"), None);
        assert!(jwt.is_for(|audience| audience == "b") && !jwt.is_for(|audience| audience == "c"));
        assert_eq!((jwt.signed, jwt.signature), (text.trim_end_matches('.'), ""));
    }

    #[test]
    fn what_is_no_token_is_none() {
        let deep = format!("{{\"a\":{}", "[".repeat(9_000));
        for (header, claims) in [
            ("[]", "{}"),
            ("{}", "1"),
            ("{", "{}"),
            ("{}", deep.as_str()),
            ("\u{fffd}", "{}"),
        ] {
            assert!(Jwt::parse(&token(header, claims)).is_none());
        }
        let long = token("{}", &format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST)));
        for text in [
            "",
            ".",
            "..",
            "a.b",
            "e30.e30",
            "e30=.e30.",
            "e30.e30.x.y",
            " e30.e30.",
            &long,
        ] {
            assert!(Jwt::parse(text).is_none(), "{text}");
        }
        assert!(Jwt::parse("e30.e30.").is_some());
    }
}

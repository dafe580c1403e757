//! The `claims` parameter: what a challenge asks for, together with what this client can do.

use serde_json::{Map, Value, json};

use crate::Error;

const LONGEST: usize = 16 * 1024;
/// The word for a client that answers claims challenges.
const CAPABILITY: &str = "cp1";

/// The parameter's value, if there is one to send.
pub(crate) fn parameter(asked: Option<&str>, answers_challenges: bool) -> Result<Option<String>, Error> {
    let mut claims = match asked {
        Some(text) => read(text)?,
        None if answers_challenges => Map::new(),
        None => return Ok(None),
    };
    let token = claims.entry("access_token").or_insert_with(|| json!({}));
    if !token.is_object() {
        return Err(refuse());
    }
    if let Some(token) = token.as_object_mut() {
        let capabilities = token.entry("xms_cc").or_insert_with(|| json!({ "values": [] }));
        add(capabilities);
    }
    Ok(Some(Value::Object(claims).to_string()))
}

fn add(capabilities: &mut Value) {
    match capabilities.get_mut("values").and_then(Value::as_array_mut) {
        Some(values) if values.iter().any(|value| value == CAPABILITY) => {}
        Some(values) => values.push(CAPABILITY.into()),
        None => *capabilities = json!({ "values": [CAPABILITY] }),
    }
}

fn read(text: &str) -> Result<Map<String, Value>, Error> {
    if text.len() > LONGEST {
        return Err(refuse());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(claims)) => Ok(claims),
        _ => Err(refuse()),
    }
}

fn refuse() -> Error {
    Error::input(
        "the claims are no JSON object of claims; pass on what the service's challenge says, decoded",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_and_what_is_offered_go_together() {
        let challenge = r#"{"access_token":{"nbf":{"essential":true,"value":"1"}}}"#;
        for (asked, answers, expected) in [
            (None, false, None),
            (
                None,
                true,
                Some(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
            ),
            (
                Some(challenge),
                true,
                Some(
                    r#"{"access_token":{"nbf":{"essential":true,"value":"1"},"xms_cc":{"values":["cp1"]}}}"#,
                ),
            ),
            (
                Some(r#"{"access_token":{"xms_cc":{"values":["cp1","x"]}},"id_token":{}}"#),
                false,
                Some(r#"{"access_token":{"xms_cc":{"values":["cp1","x"]}},"id_token":{}}"#),
            ),
            (
                Some(r#"{"access_token":{"xms_cc":7}}"#),
                true,
                Some(r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#),
            ),
        ] {
            assert_eq!(parameter(asked, answers).unwrap().as_deref(), expected);
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for bad in ["", "[]", "7", "{", r#"{"access_token":7}"#] {
            assert!(parameter(Some(bad), true).is_err(), "{bad}");
        }
        assert!(parameter(Some(&format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST))), true).is_err());
    }
}

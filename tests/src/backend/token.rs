//! Tokens as Entra makes them, signed by nobody: a back end that takes them goes by what they say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lazuli_signing::BearerToken;
use serde_json::json;
use time::{Duration, OffsetDateTime};

const TENANT: &str = "00000000-aaaa-4bbb-8ccc-00000000000a";
const USER: &str = "00000000-aaaa-4bbb-8ccc-00000000000b";

/// The token of a user, good for an hour, to sign in with.
pub(super) fn anybody(now: OffsetDateTime) -> BearerToken {
    BearerToken::new(text(now)).unwrap()
}

/// The same as it is sent.
pub(super) fn text(now: OffsetDateTime) -> String {
    let seconds = |at: OffsetDateTime| at.unix_timestamp();
    let claims = json!({
        "aud": "https://storage.azure.com",
        "iss": format!("https://sts.windows.net/{TENANT}/"),
        "oid": USER,
        "tid": TENANT,
        "nbf": seconds(now - Duration::MINUTE),
        "exp": seconds(now + Duration::HOUR),
    });
    let head = json!({"alg": "none", "typ": "JWT"});
    let encode = |part: serde_json::Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.", encode(head), encode(claims))
}

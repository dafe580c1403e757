//! The header `Authorization`: what is taken apart can be put together again, what is shown does not depend on the
//! signature, and no guess verifies.
#![no_main]

use http::{HeaderValue, Request};
use lazuli_signing::{AccountKey, CLOCK_SKEW, Refusal, Scheme, SharedKey, parse_authorization};
use libfuzzer_sys::{Corpus, fuzz_target};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-26 23:39:12 UTC);

/// A signature of the right form that is nobody's.
const OTHER: &str = "b3RoZXItc2lnbmF0dXJlLW90aGVyLXNpZ25hdHVyZS0=";

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return Corpus::Reject;
    };
    no_guess_verifies(&value);
    let authorization = match parse_authorization(&value) {
        Ok(authorization) => authorization,
        Err(refusal) => {
            // It quotes nothing, so it is one of a few short sentences.
            assert!(refusal.to_string().len() < 120);
            return Corpus::Keep;
        }
    };
    assert!(matches!(
        authorization.scheme(),
        Scheme::SharedKey | Scheme::SharedKeyLite
    ));
    let written = |signature: &str| {
        let (scheme, account) = (authorization.scheme().as_str(), authorization.account());
        HeaderValue::try_from(format!("{scheme} {account}:{signature}"))
            .expect("its parts came from a header")
    };
    let again = parse_authorization(&written(authorization.signature()));
    assert_eq!(again.expect("what was read can be read again"), authorization);

    let other = parse_authorization(&written(OTHER)).expect("only the signature is another");
    assert_eq!(format!("{other:?}"), format!("{authorization:?}"));
    Corpus::Keep
});

fn no_guess_verifies(value: &HeaderValue) {
    let key = AccountKey::from_base64("cGxhbnRlZC1rZXk=").expect("the key is base64");
    let key = SharedKey::new("acct".parse().expect("the account is a name"), key);
    let (parts, ()) = Request::get("https://acct.blob.core.windows.net/c?comp=list")
        .header("x-ms-date", "Fri, 26 Jun 2026 23:39:12 GMT")
        .header("authorization", value)
        .body(())
        .expect("the request is written well")
        .into_parts();
    let refusal = key
        .verify(&parts, NOW, CLOCK_SKEW)
        .expect_err("nobody can guess a signature");
    if let Refusal::SignatureMismatch { string_to_sign } = &refusal {
        assert!(string_to_sign.as_str().starts_with("GET\n"));
    }
    // The signature that would have been right is never shown.
    let right = key.signature(&parts).expect("the request can be signed");
    assert!(!format!("{refusal} {refusal:?}").contains(&right));
}

//! A SAS token as somebody hands it out: it is kept byte for byte, shown without its signature, and put behind the
//! query of a request as it is.
#![no_main]

use http::Request;
use lazuli_fuzz::decoded;
use lazuli_signing::SasToken;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let token = match SasToken::parse(text) {
        Ok(token) => token,
        Err(error) => {
            assert!(error.is_credential());
            // A character and its place are all that a message may quote, so it is short whatever was given.
            assert!(error.to_string().len() < 120, "{error}");
            return;
        }
    };
    let exposed = text.strip_prefix('?').unwrap_or(text);
    assert_eq!(token.expose(), exposed);
    assert_eq!(format!("{token:?}"), format!("SasToken({token})"));
    shows_all_but_the_signature(exposed, &token.to_string());
    goes_behind_a_query(&token);

    // What is shown is a token of the same form, and shown again it is the same.
    let shown = SasToken::parse(&format!("?{token}")).expect("what is shown can be read");
    assert_eq!(shown.to_string(), token.to_string());
});

fn shows_all_but_the_signature(exposed: &str, shown: &str) {
    let (exposed, shown): (Vec<_>, Vec<_>) = (exposed.split('&').collect(), shown.split('&').collect());
    assert_eq!(exposed.len(), shown.len());
    let mut signatures = 0;
    for (exposed, shown) in exposed.iter().zip(shown) {
        match exposed.split_once('=') {
            Some((name, _)) if decoded(name).eq_ignore_ascii_case(b"sig") => {
                signatures += 1;
                assert_eq!(shown, format!("{name}=REDACTED"));
            }
            // What only looks like a signature, such as `x?sig=`, is hidden too.
            _ if shown != *exposed => {
                let kept = shown.strip_suffix("REDACTED").expect("it is hidden to its end");
                assert!(exposed.starts_with(kept), "{shown}");
                assert!(is_signature(kept), "{shown}");
            }
            _ => {}
        }
    }
    assert!(signatures > 0);
}

/// Whether a text ends with `sig=`, percent-encoded as often as may be.
fn is_signature(text: &str) -> bool {
    let mut text = text.to_owned();
    loop {
        if text.to_ascii_lowercase().ends_with("sig=") {
            return true;
        }
        // What is before the name need not be text.
        let again = String::from_utf8_lossy(&decoded(&text)).into_owned();
        if again == text {
            return false;
        }
        text = again;
    }
}

fn goes_behind_a_query(token: &SasToken) {
    let (mut parts, ()) = Request::get("https://example.blob.core.windows.net/c/b?comp=x")
        .body(())
        .expect("the request is written well")
        .into_parts();
    if token.append_to(&mut parts).is_err() {
        assert!(token.expose().len() > 60_000);
        return;
    }
    let once = parts.uri.clone();
    assert_eq!(once.query(), Some(format!("comp=x&{}", token.expose()).as_str()));
    assert_eq!(once.path(), "/c/b");
    token.append_to(&mut parts).expect("it fits again");
    assert_eq!(parts.uri, once);
}

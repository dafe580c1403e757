//! What is signed stands on a line each: no value says what another line should, and what is asked of a request is in it
//! once.

use lazuli_signing::{Sas, SasRefusal, SasResource};
use time::Duration;

use crate::sent::{BLOB, NOW, Sent, T, signed, user_key};

#[test]
fn what_is_signed_of_a_request_is_in_it_once() {
    let user = user_key(NOW - Duration::DAY, T);
    let sas = Sas::blob("logs", "d/a.txt").read().expires(T);
    let header = sas.clone().request_header("X-Ms-Foo", "v,w").sign(&user).unwrap();
    let sent = |headers| {
        Sent {
            headers,
            ..Sent::to(BLOB)
        }
        .with_token(&header)
    };
    let name = || "X-Ms-Foo".to_owned();
    assert!(sent(&[("x-ms-foo", "v,w")]).is_ok());
    assert_eq!(sent(&[]), Err(SasRefusal::SignedHeaderMissing { name: name() }));
    let refusal = SasRefusal::SignedHeaderUnusable { name: name() };
    assert_eq!(
        refusal.to_string(),
        "the SAS asks for the header \"X-Ms-Foo\", which the request has twice or with a value that cannot be signed"
    );
    assert_eq!(sent(&[("x-ms-foo", "v"), ("x-ms-foo", "w")]), Err(refusal));

    let query = sas.request_query("prefix", "d,x").sign(&user).unwrap();
    let sent = |uri| {
        Sent {
            uri,
            ..Sent::to(BLOB)
        }
        .with_token(&query)
    };
    let name = || "prefix".to_owned();
    assert!(sent("/?Prefix=d%2Cx").is_ok());
    assert_eq!(
        sent("/?x=d"),
        Err(SasRefusal::SignedQueryMissing { name: name() })
    );
    for uri in [
        "/?prefix=d&prefix=x",
        "/?prefix=d&PREFI%58=x",
        "/?prefix=d%0A",
        "/?prefix=%0D",
        "/?prefix=%00",
        "/?prefix=%FF",
    ] {
        let refusal = SasRefusal::SignedQueryUnusable { name: name() };
        assert_eq!(sent(uri), Err(refusal), "{uri}");
    }
}

#[test]
fn no_value_says_what_another_line_should_say() {
    let user = user_key(NOW - Duration::DAY, T);
    let sas = Sas::blob("logs", "d/a.txt").read().expires(T);
    let bound = sas.clone().request_header("x-ms-foo", "v").sign(&user).unwrap();
    let free = bound.expose().replace("&srh=x-ms-foo", "&ses=%0Ax-ms-foo%3Av");
    assert_ne!(free, bound.expose());
    assert_eq!(
        Sent::to(BLOB).with(&free),
        Err(SasRefusal::MalformedField { field: "ses" })
    );

    let bound = sas.request_query("a", "b:c").sign(&user).unwrap();
    let free = bound.expose().replace("srq=a", "srq=a%3Ab");
    let sent = Sent {
        uri: "/?a%3Ab=c",
        ..Sent::to(BLOB)
    };
    assert_eq!(sent.with(&free), Err(SasRefusal::MalformedField { field: "srq" }));

    let bound = Sas::snapshot("logs", "d/a.txt", "then").read().expires(T);
    let bound = bound.request_header("x-ms-foo", "v").sign(&user).unwrap();
    let free = bound.expose().replace("&srh=x-ms-foo", "&ses=x-ms-foo%3Av");
    let then = SasResource::Blob {
        container: "logs",
        blob: "d/a.txt",
        snapshot: Some("then\n"),
        version: None,
    };
    let resource = "a snapshot of a blob";
    assert_eq!(
        Sent::to(then).with(&free),
        Err(SasRefusal::ResourceMismatch { resource })
    );
}

#[test]
fn a_time_may_have_an_offset() {
    let unsigned = |se| format!("sv=2026-06-06&sr=b&sp=r&se={se}");
    for se in [
        "2026-06-27T20%3A00",
        "2026-06-27T20%3A00%3A00",
        "2026-06-27T22%3A00%3A00%2B02%3A00",
        "2026-06-27T19%3A30%3A00.0-00%3A30",
    ] {
        let query = signed(&Sent::to(BLOB), &unsigned(se));
        assert!(Sent::to(BLOB).with(&query).is_ok(), "{se}");
        let late = Sent {
            now: T,
            ..Sent::to(BLOB)
        };
        assert!(late.with(&query).unwrap_err().is_expired(), "{se}");
    }
    // In a query, a plus sign that is not encoded is a space.
    let query = format!("{}&sig=AAAA", unsigned("2026-06-27T22%3A00%3A00+02%3A00"));
    let field = "se";
    assert_eq!(
        Sent::to(BLOB).with(&query),
        Err(SasRefusal::MalformedField { field })
    );
}

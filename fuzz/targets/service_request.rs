//! A signed request to the simulation, whatever is in it: its address, headers and body are a guest's to choose, and it is answered.
//!
//! The first line is the method and what follows the account in the address, then headers, a line each, then an empty line and the body.
#![no_main]

use std::cell::OnceCell;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt as _, Full};
use lazuli_fuzz::run;
use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_simulation::{BlobService, Simulation};
use libfuzzer_sys::{Corpus, fuzz_target};
use tower::ServiceExt as _;

thread_local! {
    static SERVICE: OnceCell<BlobService> = const { OnceCell::new() };
}

fuzz_target!(|text: &str| -> Corpus {
    let Some(request) = signed(text) else {
        return Corpus::Reject;
    };
    let service = SERVICE.with(|service| service.get_or_init(furnished).clone());
    let status = answer(service, request);
    assert_ne!(status, 500, "the service failed by itself");
    Corpus::Keep
});

fn answer(service: BlobService, request: Request<Full<Bytes>>) -> u16 {
    run(async {
        let response = service
            .oneshot(request)
            .await
            .expect("the service always answers");
        let status = response.status().as_u16();
        // A body may break off; it does not panic.
        let _ = response.into_body().collect().await;
        status
    })
}

/// A container with a blob that has tags.
fn furnished() -> BlobService {
    let service = Simulation::in_memory().blob_service();
    for text in [
        "PUT /box?restype=container",
        "PUT /box/b\nx-ms-blob-type: BlockBlob\nx-ms-tags: a=1&b=2\n\nname,age\nada,36\n",
    ] {
        let request = signed(text).expect("it is a request");
        assert_eq!(answer(service.clone(), request), 201);
    }
    service
}

fn signed(text: &str) -> Option<Request<Full<Bytes>>> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, address) = lines.next()?.split_once(' ')?;
    let mut request = Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1:10000/{EMULATOR_ACCOUNT}{address}"))
        .header("x-ms-version", "2026-12-06")
        .header("content-length", body.len());
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let name = HeaderName::try_from(name).ok()?;
        request = request.header(name, HeaderValue::try_from(value).ok()?);
    }
    let (mut parts, body) = request
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .ok()?
        .into_parts();
    key().sign(&mut parts, SystemClock.now()).ok()?;
    Some(Request::from_parts(parts, body))
}

fn key() -> SharedKey {
    let key = AccountKey::from_base64(EMULATOR_KEY).expect("the key is base64");
    SharedKey::new(EMULATOR_ACCOUNT.parse().expect("the account is a name"), key)
}

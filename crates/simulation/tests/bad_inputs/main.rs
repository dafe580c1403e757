//! Requests that nobody should send, each with the exact answer that it gets: status, code, and what the body says besides.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

#[path = "../rig/mod.rs"]
mod rig;

mod blocks;
mod credentials;
mod heads;
mod names;
mod reads;
mod writes;

use lazuli_protocol::Clock as _;
use rig::{ACCOUNT, Call, Reply, Rig};
use time::Duration;

/// How a request is sent.
enum Send {
    Signed,
    Unsigned,
    /// Signed, and spoiled after that.
    Spoiled(fn(&mut http::request::Parts)),
    /// Signed by a clock that is this much ahead.
    At(Duration),
}

struct Case {
    name: &'static str,
    make: fn(&Rig) -> Call<'_>,
    send: Send,
    status: u16,
    code: &'static str,
    /// Elements of the body, with their texts.
    details: &'static [(&'static str, &'static str)],
}

fn case(
    name: &'static str,
    make: fn(&Rig) -> Call<'_>,
    status: u16,
    code: &'static str,
    details: &'static [(&'static str, &'static str)],
) -> Case {
    Case {
        name,
        make,
        send: Send::Signed,
        status,
        code,
        details,
    }
}

impl Case {
    fn sent(self, send: Send) -> Self {
        Self { send, ..self }
    }
}

fn put<'a>(rig: &'a Rig, path: &str) -> Call<'a> {
    rig.put(path, "abc").header("x-ms-blob-type", "BlockBlob")
}

fn block_list<'a>(rig: &'a Rig, xml: &str) -> Call<'a> {
    rig.put("/box/list?comp=blocklist", xml.to_owned())
}

const BAD_QUERY: &str = "InvalidQueryParameterValue";
const BAD_HEADER: &str = "InvalidHeaderValue";

async fn send(rig: &Rig, call: Call<'_>, how: &Send) -> Reply {
    match how {
        Send::Signed => call.send().await,
        Send::Unsigned => call.send_unsigned().await,
        Send::Spoiled(spoil) => {
            let (mut parts, body) = call.build().into_parts();
            rig::key().sign(&mut parts, rig.clock.now()).unwrap();
            spoil(&mut parts);
            rig::deliver(rig.service(), http::Request::from_parts(parts, body)).await
        }
        Send::At(ahead) => {
            let (mut parts, body) = call.build().into_parts();
            rig::key().sign(&mut parts, rig.clock.now() + *ahead).unwrap();
            rig::deliver(rig.service(), http::Request::from_parts(parts, body)).await
        }
    }
}

/// Checks an answer to the letter, and gives what is wrong with it.
fn check(case: &Case, reply: &Reply) -> Result<(), String> {
    let shown = (reply.status.as_u16(), reply.header("x-ms-error-code").to_owned());
    if shown != (case.status, case.code.to_owned()) {
        return Err(format!("answered {shown:?}"));
    }
    if reply.header("x-ms-request-id").is_empty() || reply.header("date").is_empty() {
        return Err("lacks its id or date".to_owned());
    }
    if reply.body.is_empty() {
        // Only the signature of another method is sent as a HEAD.
        return if case.name == "signature of another method" {
            Ok(())
        } else {
            Err("has no body".to_owned())
        };
    }
    if !reply
        .body
        .starts_with("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>".as_bytes())
    {
        return Err("does not begin as an error does".to_owned());
    }
    if reply.header("content-type") != "application/xml"
        || reply.header("content-length") != reply.body.len().to_string()
    {
        return Err("has a wrong type or length".to_owned());
    }
    if !case.code.is_empty() && reply.element("Code") != case.code {
        return Err("says one code and another".to_owned());
    }
    let message = reply.element("Message");
    if !message.contains(&format!(
        "\nRequestId:{}\nTime:2026-03-01T12:00:00.0000000Z",
        reply.header("x-ms-request-id")
    )) {
        return Err("does not say when, or to whom".to_owned());
    }
    for (element, text) in case.details {
        if reply.element(element) != *text {
            return Err(format!("says {:?} for {element}", reply.element(element)));
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_bad_input_has_its_exact_answer() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/blob", "hello world").await;
    rig.put_blob("/box/empty", "").await;
    rig.put("/box/list?comp=block&blockid=QQ%3D%3D", "abc")
        .send()
        .await
        .expect(201);
    let before = rig
        .get("/box?restype=container&comp=list&include=uncommittedblobs")
        .send()
        .await
        .text();

    let cases: Vec<Case> = [
        heads::cases(),
        credentials::cases(),
        names::cases(),
        writes::cases(),
        blocks::cases(),
        reads::cases(),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(cases.len() >= 100, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let reply = send(&rig, (case.make)(&rig), &case.send).await;
        if let Err(why) = check(case, &reply) {
            wrong.push(format!("{}: {why}\n{}", case.name, reply.text()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n\n")
    );

    // None of them changed anything.
    let after = rig
        .get("/box?restype=container&comp=list&include=uncommittedblobs")
        .send()
        .await
        .text();
    assert_eq!(after, before);
}

#[tokio::test]
async fn the_front_of_the_service_says_less() {
    let rig = Rig::new();
    let front = |reply: &Reply| {
        (
            reply.header("server").to_owned(),
            reply.header("x-ms-version").to_owned(),
        )
    };
    let whole = (
        "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0".to_owned(),
        rig::VERSION.to_owned(),
    );
    let bare = ("Microsoft-HTTPAPI/2.0".to_owned(), String::new());
    let unknown = rig.get("/box/blob?comp=everything").send().await.expect(400);
    assert_eq!(front(&unknown), bare);
    assert!(
        unknown
            .text()
            .ends_with("<QueryParameterValue>everything</QueryParameterValue><Reason /></Error>")
    );
    let nameless = rig.put("/?restype=container", "").send().await.expect(400);
    assert_eq!(front(&nameless), bare);
    assert!(nameless.text().contains("<QueryParameterValue /><Reason />"));
    let missing = rig.get("/box/blob").send().await.expect(404);
    assert_eq!(front(&missing), whole);
    let version = rig
        .get("/?comp=list")
        .header("x-ms-version", "2099-01-01")
        .send()
        .await
        .expect(400);
    assert_eq!(front(&version), (whole.0.clone(), String::new()));
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_what_should_have_been_signed() {
    let rig = Rig::new();
    let call = rig.put("/box/blob?comp=block&blockid=QQ%3D%3D", "abc");
    let reply = send(
        &rig,
        call,
        &Send::Spoiled(|parts| {
            let value = format!("SharedKey {ACCOUNT}:AAAA");
            parts.headers.insert("authorization", value.parse().unwrap());
        }),
    );
    let reply = reply.await.expect_error(403, "AuthenticationFailed");
    assert_eq!(
        reply.element("AuthenticationErrorDetail"),
        "The MAC signature found in the HTTP request 'AAAA' is not the same as any computed signature. Server used \
         following string to sign: 'PUT\n\n\n3\n\n\n\n\n\n\n\n\nx-ms-date:Sun, 01 Mar 2026 12:00:00 GMT\n\
         x-ms-version:2026-06-06\n/devstoreaccount1/devstoreaccount1/box/blob\nblockid:QQ==\ncomp:block'."
    );
}

#[tokio::test]
async fn errors_of_heads_have_no_body() {
    let rig = Rig::new();
    let reply = rig
        .head("/box/blob")
        .send()
        .await
        .expect_error(404, "ContainerNotFound");
    assert!(reply.body.is_empty());
    assert_eq!(
        (reply.header("content-type"), reply.header("content-length")),
        ("", "")
    );
}

#[tokio::test]
async fn refusals_say_what_else_there_is() {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/blob", "hello world").await;
    let range = rig
        .get("/box/blob")
        .header("range", "bytes=11-20")
        .send()
        .await
        .expect(416);
    assert_eq!(range.header("content-range"), "bytes */11");
    let anonymous = rig.get("/box/blob").send_unsigned().await.expect(401);
    assert!(
        anonymous
            .header("www-authenticate")
            .starts_with("Bearer authorization_uri=https://")
    );
    assert!(
        anonymous
            .header("www-authenticate")
            .ends_with(" resource_id=https://storage.azure.com")
    );
    let verb = rig.request("PATCH", "/box/blob").send().await.expect(405);
    assert_eq!(verb.header("allow"), "DELETE, GET, HEAD, PUT");
}

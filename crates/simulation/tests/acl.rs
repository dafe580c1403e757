//! Get and Set Container ACL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use rig::{Call, Reply, Rig};
use time::Duration;

const ACL: &str = "/box?restype=container&comp=acl";

fn document(policies: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<SignedIdentifiers>{policies}</SignedIdentifiers>")
}

fn policy(id: &str, parts: &str) -> String {
    format!("<SignedIdentifier><Id>{id}</Id><AccessPolicy>{parts}</AccessPolicy></SignedIdentifier>")
}

fn set<'a>(rig: &'a Rig, policies: &str) -> Call<'a> {
    rig.put(ACL, document(policies))
}

async fn answered(rig: &Rig) -> String {
    let reply = rig.get(ACL).send().await.expect(200);
    assert_eq!(reply.header("content-type"), "application/xml");
    let text = reply.text();
    text.trim_start_matches("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>")
        .to_owned()
}

async fn with_box() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig
}

#[tokio::test]
async fn policies_come_back_as_the_service_writes_them() {
    let rig = with_box().await;
    assert_eq!(answered(&rig).await, "<SignedIdentifiers />");
    let full = "<Start>2026-03-01T12:00:00Z</Start><Expiry>2026-03-02T12:00:00.1234567+00:00</Expiry><Permission>rw</Permission>";
    let policies = [
        policy("full", full),
        policy("day", "<Start>2026-03-01</Start><Expiry/>"),
        policy("utc", "<Start>2026-03-01T11:00:00</Start><Expiry>2026-03-01T12:00</Expiry>"),
        policy("bare &amp; simple", ""),
        "<SignedIdentifier><AccessPolicy><Permission>racwdxyltfmei</Permission></AccessPolicy><Id>turned</Id></SignedIdentifier>".to_owned(),
    ];
    let reply = set(&rig, &policies.concat()).send().await.expect(200);
    assert_eq!(reply.header("content-length"), "0");
    assert_eq!(
        answered(&rig).await,
        "<SignedIdentifiers>\
         <SignedIdentifier><Id>full</Id><AccessPolicy><Start>2026-03-01T12:00:00.0000000Z</Start>\
         <Expiry>2026-03-02T12:00:00.1234567Z</Expiry><Permission>rw</Permission></AccessPolicy></SignedIdentifier>\
         <SignedIdentifier><Id>day</Id><AccessPolicy><Start>2026-03-01T00:00:00.0000000Z</Start></AccessPolicy></SignedIdentifier>\
         <SignedIdentifier><Id>utc</Id><AccessPolicy><Start>2026-03-01T11:00:00.0000000Z</Start>\
         <Expiry>2026-03-01T12:00:00.0000000Z</Expiry></AccessPolicy></SignedIdentifier>\
         <SignedIdentifier><Id>bare &amp; simple</Id></SignedIdentifier>\
         <SignedIdentifier><Id>turned</Id><AccessPolicy><Permission>racwdxyltfmei</Permission></AccessPolicy></SignedIdentifier>\
         </SignedIdentifiers>"
    );
    let head = rig.head(ACL).send().await.expect(200);
    assert_eq!((head.header("etag"), head.body.len()), (reply.header("etag"), 0));
    // Setting replaces all, and no body is none.
    rig.put(ACL, "").send().await.expect(200);
    assert_eq!(answered(&rig).await, "<SignedIdentifiers />");
}

#[tokio::test]
async fn a_change_of_access_is_a_change_of_the_container() {
    let rig = with_box().await;
    let properties = async || rig.get("/box?restype=container").send().await.expect(200);
    let before = properties().await;
    rig.clock.advance(std::time::Duration::from_secs(60));
    let public = |access: &str| set(&rig, &policy("a", "")).header("x-ms-blob-public-access", access);
    let reply = public("blob").send().await.expect(200);
    let after = properties().await;
    for header in ["etag", "last-modified"] {
        assert_eq!(after.header(header), reply.header(header));
        assert_ne!(after.header(header), before.header(header));
    }
    assert_eq!(after.header("x-ms-blob-public-access"), "blob");
    let get = rig.get(ACL).send().await.expect(200);
    assert_eq!(get.header("x-ms-blob-public-access"), "blob");
    assert_eq!(get.header("etag"), reply.header("etag"));

    rig.put_blob("/box/open", "1").await;
    rig.get("/box/open").send_unsigned().await.expect(200);
    let list = "/box?restype=container&comp=list";
    rig.get(list).send_unsigned().await.expect(401);
    public("container").send().await.expect(200);
    rig.get(list).send_unsigned().await.expect(200);
    // What may be done with a container is its owner's business, however open it is and however the question is written.
    rig.get("/box?restype=container&comp=ACL")
        .send_unsigned()
        .await
        .expect_error(401, "NoAuthenticationInformation");
    rig.get(ACL)
        .send_unsigned()
        .await
        .expect_error(401, "NoAuthenticationInformation");
    // Access that is not spoken of is taken away.
    set(&rig, "").send().await.expect(200);
    rig.get("/box/open").send_unsigned().await.expect(401);
    public("everybody")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
}

#[tokio::test]
async fn what_else_a_container_has_stays() {
    let rig = with_box().await;
    rig.put("/box?restype=container&comp=metadata", "")
        .header("x-ms-meta-kept", "yes")
        .send()
        .await
        .expect(200);
    set(&rig, &policy("a", "<Permission>r</Permission>"))
        .send()
        .await
        .expect(200);
    let kept = rig.get("/box?restype=container").send().await.expect(200);
    assert_eq!(kept.header("x-ms-meta-kept"), "yes");
    rig.put("/box?restype=container&comp=metadata", "")
        .send()
        .await
        .expect(200);
    assert!(answered(&rig).await.contains("<Id>a</Id>"));
}

#[tokio::test]
async fn conditions_are_dates() {
    let rig = with_box().await;
    let at = |seconds| {
        use lazuli_protocol::Clock as _;
        lazuli_protocol::format_rfc1123(rig.clock.now() + Duration::seconds(seconds))
    };
    let (before, after) = (at(-1), at(1));
    let sent = async |name: &str, value: &str| -> Reply { set(&rig, "").header(name, value).send().await };
    sent("if-modified-since", &before).await.expect(200);
    sent("if-unmodified-since", &after).await.expect(200);
    sent("if-modified-since", &after)
        .await
        .expect_error(412, "ConditionNotMet");
    sent("if-unmodified-since", &before)
        .await
        .expect_error(412, "ConditionNotMet");
    sent("if-match", "*")
        .await
        .expect_error(400, "ConditionHeadersNotSupported");
    sent("x-ms-lease-id", "d2b1b5b9-0f3f-4e2c-8a53-6f6c6f0c0d6e")
        .await
        .expect_error(412, "LeaseNotPresentWithContainerOperation");
}

#[tokio::test]
async fn a_container_that_is_not_there_has_no_access() {
    let rig = Rig::new();
    rig.get(ACL).send().await.expect_error(404, "ContainerNotFound");
    rig.put(ACL, "")
        .send()
        .await
        .expect_error(404, "ContainerNotFound");
}

#[tokio::test]
async fn documents_that_cannot_be_used_are_refused() {
    let rig = with_box().await;
    set(&rig, &policy("kept", "")).send().await.expect(200);
    let six: String = (0..6).map(|at| policy(&at.to_string(), "")).collect();
    let longest = policy(&"x".repeat(64), "");
    set(&rig, &longest).send().await.expect(200);
    let id_reason = "Signed identifier ID cannot be empty or over 64 characters in length";
    for (policies, reason) in [
        (policy(&"x".repeat(65), ""), id_reason),
        (policy("", ""), id_reason),
        (
            format!("{0}{0}", policy("a", "")),
            "Signed identifier IDs are not unique",
        ),
        (six, "There are more than 5 signed identifiers"),
        (
            policy("a", "<Permission>rz</Permission>"),
            "Permission has a letter that is not one of racwdxyltfmei",
        ),
        (
            policy("a", "<Permission>R</Permission>"),
            "Permission has a letter that is not one of racwdxyltfmei",
        ),
        (policy("a", "<Start>soon</Start>"), "A time is not in ISO 8601"),
        (policy("a", "<Other/>"), "Element is not expected."),
        ("<Other/>".to_owned(), "Element is not expected."),
        (
            "<SignedIdentifier><Name/></SignedIdentifier>".to_owned(),
            "Element is not expected.",
        ),
        ("<SignedIdentifier>".to_owned(), ""),
        ("<SignedIdentifier>".repeat(100), "Element is not expected."),
        (
            "<SignedIdentifier><Id>&lol;</Id></SignedIdentifier>".to_owned(),
            "",
        ),
    ] {
        let reply = set(&rig, &policies).send().await;
        let reply = reply.expect_error(400, "InvalidXmlDocument");
        assert_eq!(reply.element("Reason"), reason, "{policies:.80}");
        assert_ne!(reply.element("LinePosition"), "", "{policies:.80}");
    }
    for whole in [
        "<Other/>",
        "text",
        "<SignedIdentifiers/><More/>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><SignedIdentifiers/>",
    ] {
        rig.put(ACL, whole)
            .send()
            .await
            .expect_error(400, "InvalidXmlDocument");
    }
    set(&rig, &" ".repeat(65 * 1024))
        .send()
        .await
        .expect_error(413, "RequestBodyTooLarge");
    assert_eq!(
        rig.get(ACL).send().await.expect(200).elements("Id"),
        ["x".repeat(64)]
    );
}

/// The document and the answer are recorded from the service.
#[tokio::test]
async fn the_place_of_a_fault_is_the_one_that_the_service_names() {
    let rig = with_box().await;
    let recorded = "<SignedIdentifier><AccessPolicy><Permission>r</Permission><Expiry>2021-06-11T20:00:00Z</Expiry>\
        <Start>2021-06-11T20:05:00Z</Start></AccessPolicy><Id>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</Id>\
        </SignedIdentifier>";
    let reply = set(&rig, &recorded.repeat(2)).send().await;
    let reply = reply.expect_error(400, "InvalidXmlDocument");
    assert_eq!(reply.element("LineNumber"), "2");
    assert_eq!(reply.element("LinePosition"), "259");
}

#[tokio::test]
async fn policies_survive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Rig::with(|builder| builder.location(folder.path()));
    let full = "<Start>2026-03-01T12:00:00Z</Start><Expiry>2026-03-02T12:00:00.5Z</Expiry><Permission>rw</Permission>";
    let before = {
        let rig = open();
        rig.make_container("box").await;
        set(&rig, &[policy("a", full), policy("b", "")].concat())
            .send()
            .await
            .expect(200);
        answered(&rig).await
    };
    assert_eq!(before.matches("<Id>").count(), 2);
    assert_eq!(answered(&open()).await, before);
}

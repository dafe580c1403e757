//! Copies and what is read from URLs, both ways.

use http::{Response, response};
use lazuli_blob::operations::{
    AbortCopyBlob, AppendBlockFromUrl, CopyBlob, CopyBlobFromUrl, IncrementalCopyBlob, PutBlobFromUrl,
    PutBlockFromUrl, PutPagesFromUrl,
};
use lazuli_blob::{BlobServiceClient, CopySource, CustomerKey, ImmutabilityPolicy};
use lazuli_protocol::xml::BlockId;
use lazuli_protocol::{
    AccessTier, ByteRange, Checksum, Conditions, CopySourceTags, CopyStatus, Crc64, ErrorKind, EtagMatch,
    LeaseId, Md5, Operation, RehydratePriority, Repeat,
};
use time::macros::datetime;

use crate::{answered, blob, container, sent, try_sent};

const FROM: &str = "https://other.blob.core.windows.net/box/a%20b?sv=2026-06-06&sig=c2VjcmV0";
const BLOB: &str = "PUT /a%20b/%C3%BC.txt";
const LEASE: &str = "8a96d65e-29ea-401b-475e-9598bc634468";

fn id() -> LeaseId {
    LEASE.parse().unwrap()
}

#[test]
fn copy_blob() {
    let mut copy = CopyBlob::new(container(), blob(), FROM);
    assert_eq!(sent(&copy), format!("{BLOB}\nx-ms-copy-source: {FROM}\n\n"));
    copy.source = CopySource::new(FROM).if_match(EtagMatch::Any).lease(id());
    copy.source.conditions = copy.source.conditions.if_tags("\"a\" = 'b'");
    copy.attributes.metadata.insert("project", "apollo").unwrap();
    copy.attributes.tags.insert("year", "1969").unwrap();
    copy.attributes.access_tier = Some(AccessTier::Cool);
    copy.attributes.immutability_policy =
        Some(ImmutabilityPolicy::locked(datetime!(2030-01-02 03:04:05 UTC)));
    copy.attributes.legal_hold = Some(true);
    copy.rehydrate_priority = Some(RehydratePriority::High);
    copy.seal = Some(true);
    copy.lease_id = Some(id());
    copy.conditions = Conditions::new()
        .if_none_match(EtagMatch::Any)
        .if_tags("\"c\" = 'd'");
    assert_eq!(
        sent(&copy),
        format!(
            "{BLOB}\nif-none-match: *\nx-ms-access-tier: Cool\nx-ms-copy-source: {FROM}\nx-ms-if-tags: \"c\" = 'd'\n\
             x-ms-immutability-policy-mode: Locked\nx-ms-immutability-policy-until-date: Wed, 02 Jan 2030 03:04:05 GMT\n\
             x-ms-lease-id: {LEASE}\nx-ms-legal-hold: true\nx-ms-meta-project: apollo\nx-ms-rehydrate-priority: High\n\
             x-ms-seal-blob: true\nx-ms-source-if-match: *\nx-ms-source-if-tags: \"a\" = 'b'\nx-ms-source-lease-id: {LEASE}\n\
             x-ms-tags: year=1969\n\n"
        )
    );
}

#[test]
fn copy_blob_from_url() {
    let mut copy = CopyBlobFromUrl::new(
        container(),
        blob(),
        CopySource::new(FROM).bearer_token("t0ken").file_backup(),
    );
    copy.source_md5 = Some(Md5::of(b""));
    copy.source_tags = Some(CopySourceTags::Copy);
    copy.encryption_scope = Some("scope".to_owned());
    assert_eq!(
        sent(&copy),
        format!(
            "{BLOB}\nx-ms-copy-source-authorization: Bearer t0ken\n\
             x-ms-copy-source-tag-option: COPY\nx-ms-copy-source: {FROM}\nx-ms-encryption-scope: scope\nx-ms-file-request-intent: backup\n\
             x-ms-requires-sync: true\nx-ms-source-content-md5: 1B2M2Y8AsgTpgAmY7PhCfg==\n\n"
        )
    );
    let shown = format!("{copy:?} {:?}", try_sent(&copy).unwrap());
    assert!(!shown.contains("t0ken") && !shown.contains("c2VjcmV0"), "{shown}");
    copy.attributes.tags.insert("a", "b").unwrap();
    assert_eq!(try_sent(&copy).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn put_blob_from_url() {
    let key = CustomerKey::new(&[7; 32]);
    let mut put = PutBlobFromUrl::new(container(), blob(), CopySource::new(FROM).customer_key(key));
    put.source_properties = Some(false);
    put.source_tags = Some(CopySourceTags::Replace);
    put.source_md5 = Some(Md5::of(b"a"));
    put.content_md5 = Some(Md5::of(b""));
    put.attributes.headers.content_type = Some("text/plain".to_owned());
    let text = sent(&put);
    for line in [
        "\ncontent-md5: 1B2M2Y8AsgTpgAmY7PhCfg==",
        "x-ms-blob-content-type: text/plain",
        "x-ms-blob-type: BlockBlob",
        "x-ms-copy-source-blob-properties: false",
        "x-ms-copy-source-tag-option: REPLACE",
        "x-ms-source-content-md5: DMF1ucDxtqgxw5niaXcmYQ==",
        "x-ms-source-encryption-algorithm: AES256",
        "x-ms-source-encryption-key-sha256: ",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("requires-sync"), "{text}");
    let (mut held, mut kept) = (put.clone(), put);
    held.attributes.legal_hold = Some(true);
    kept.attributes.immutability_policy =
        Some(ImmutabilityPolicy::locked(datetime!(2030-01-02 03:04:05 UTC)));
    for put in [held, kept] {
        assert_eq!(try_sent(&put).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn parts_from_urls() {
    let crc = Some(Checksum::Crc64(Crc64::of(b"123456789")));
    let mut block = PutBlockFromUrl::new(container(), blob(), BlockId::new(b"2").unwrap(), FROM);
    block.part.range = Some(ByteRange::from(4..8));
    block.part.checksum = crc;
    assert_eq!(
        sent(&block),
        format!(
            "{BLOB}?comp=block&blockid=Mg%3D%3D\nx-ms-copy-source: {FROM}\nx-ms-source-content-crc64: iJh5CoYUi64=\n\
             x-ms-source-range: bytes=4-7\n\n"
        )
    );

    let mut append = AppendBlockFromUrl::new(container(), blob(), FROM);
    append.part.checksum = Some(Checksum::Md5(Md5::of(b"")));
    assert_eq!(append.info().repeat, Repeat::Unsafe);
    append.append.position = Some(7);
    append.content_md5 = Some(Md5::of(b""));
    assert_eq!(append.info().repeat, Repeat::Safe);
    assert_eq!(
        sent(&append),
        format!(
            "{BLOB}?comp=appendblock\ncontent-md5: 1B2M2Y8AsgTpgAmY7PhCfg==\nx-ms-blob-condition-appendpos: 7\nx-ms-copy-source: {FROM}\n\
             x-ms-source-content-md5: 1B2M2Y8AsgTpgAmY7PhCfg==\n\n"
        )
    );

    let mut pages = PutPagesFromUrl::new(container(), blob(), 512..1024, FROM);
    pages.sequence.equal_to = Some(3);
    let text = format!(
        "{BLOB}?comp=page\nx-ms-copy-source: {FROM}\nx-ms-if-sequence-number-eq: 3\nx-ms-page-write: update\n\
         x-ms-range: bytes=512-1023\nx-ms-source-range: bytes="
    );
    assert_eq!(sent(&pages), format!("{text}512-1023\n\n"));
    pages.part.range = Some(ByteRange::from(0..512));
    assert_eq!(sent(&pages), format!("{text}0-511\n\n"));
}

#[test]
fn pages_are_whole_and_as_many_as_are_read() {
    const MIB: u64 = 1024 * 1024;
    for (to, from) in [
        (0..511, None),
        (512..512, None),
        (0..5 * MIB, None),
        (0..1024, Some(ByteRange::from(0..512))),
        (0..1024, Some(ByteRange::from(0..))),
    ] {
        let mut pages = PutPagesFromUrl::new(container(), blob(), to.clone(), FROM);
        pages.part.range = from;
        assert_eq!(
            try_sent(&pages).unwrap_err().kind(),
            ErrorKind::InvalidInput,
            "{to:?}"
        );
    }
}

#[test]
fn incremental_copy_and_abort() {
    let from = "https://acct.blob.core.windows.net/box/disk?snapshot=2026-01-02T03%3A04%3A05.1234567Z";
    let mut copy = IncrementalCopyBlob::new(container(), blob(), from);
    copy.conditions = Conditions::new().if_match(EtagMatch::Any);
    assert_eq!(
        sent(&copy),
        format!("{BLOB}?comp=incrementalcopy\nif-match: *\nx-ms-copy-source: {from}\n\n")
    );
    let mut abort = AbortCopyBlob::new(container(), blob(), "d912a019-0bad-431d-8295-2db29beabc08");
    abort.lease_id = Some(id());
    assert_eq!(
        sent(&abort),
        format!(
            "{BLOB}?comp=copy&copyid=d912a019-0bad-431d-8295-2db29beabc08\nx-ms-copy-action: abort\nx-ms-lease-id: {LEASE}\n\n"
        )
    );
}

#[test]
fn what_a_copy_does_not_take_of_its_source_is_not_left_out_silently() {
    let (token, key) = (
        CopySource::new(FROM).bearer_token("t"),
        CustomerKey::new(&[1; 32]),
    );
    let tags = || CopySource::new(FROM).conditions(Conditions::new().if_tags("\"a\" = 'b'"));
    let outcomes = [
        try_sent(&CopyBlob::new(container(), blob(), token)),
        try_sent(&CopyBlob::new(
            container(),
            blob(),
            CopySource::new(FROM).file_backup(),
        )),
        try_sent(&CopyBlob::new(
            container(),
            blob(),
            CopySource::new(FROM).customer_key(key.clone()),
        )),
        try_sent(&CopyBlobFromUrl::new(
            container(),
            blob(),
            CopySource::new(FROM).customer_key(key),
        )),
        try_sent(&CopyBlobFromUrl::new(
            container(),
            blob(),
            CopySource::new(FROM).lease(id()),
        )),
        try_sent(&CopyBlobFromUrl::new(container(), blob(), tags())),
        try_sent(&AppendBlockFromUrl::new(container(), blob(), tags())),
        try_sent(&IncrementalCopyBlob::new(
            container(),
            blob(),
            CopySource::new(FROM).if_match(EtagMatch::Any),
        )),
        try_sent(&CopyBlob::new(container(), blob(), "https://host/a b\n")),
    ];
    for (at, outcome) in outcomes.into_iter().enumerate() {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput, "row {at}");
    }
}

#[test]
fn a_source_is_made_of_a_blob() {
    let blobs = BlobServiceClient::from_connection_string("UseDevelopmentStorage=true").unwrap();
    let blob = blobs.container("box").blob("a b/ü?.txt");
    let base = "http://127.0.0.1:10000/devstoreaccount1/box/a%20b/%C3%BC%3F.txt";
    assert_eq!(CopySource::from(&blob).url, base);
    assert_eq!(
        CopySource::from(&blob)
            .snapshot("2026-01-02T03:04:05.1234567Z")
            .sas("?sv=1&sig=x")
            .url,
        format!("{base}?snapshot=2026-01-02T03%3A04%3A05.1234567Z&sv=1&sig=x")
    );
    assert_eq!(
        CopySource::from(blob).sas("sv=1&sig=x").version("v").url,
        format!("{base}?sv=1&sig=x&versionid=v")
    );
}

fn recorded(status: u16) -> response::Builder {
    Response::builder()
        .status(status)
        .header("ETag", "\"0x8D9F43EF753D61A\"")
        .header("Last-Modified", "Sun, 20 Feb 2022 07:02:32 GMT")
}

fn copied(status: &str) -> response::Builder {
    recorded(202)
        .header("x-ms-copy-id", "8e26d790-8c55-4b02-9300-873a95f412ea")
        .header("x-ms-copy-status", status)
}

#[tokio::test]
async fn answers_to_copies() {
    let version = "2022-02-20T07:02:33.6731022Z";
    let answer = copied("success")
        .header("x-ms-content-crc64", "iknlm7CyG2k=")
        .header("x-ms-version-id", version);
    let done = answered::<CopyBlobFromUrl>(answer, "").await.unwrap();
    assert_eq!(done.copy.copy_status, CopyStatus::Success);
    assert_eq!(done.copy.version_id.as_deref(), Some(version));
    assert_eq!(done.content_crc64.unwrap().to_string(), "iknlm7CyG2k=");

    let begun = answered::<CopyBlob>(copied("pending"), "").await.unwrap();
    assert_eq!(begun.copy_id, "8e26d790-8c55-4b02-9300-873a95f412ea");
    assert_eq!(begun.copy_status, CopyStatus::Pending);
    assert_eq!(begun.last_modified, datetime!(2022-02-20 07:02:32 UTC));
    let begun = answered::<IncrementalCopyBlob>(copied("pending"), "")
        .await
        .unwrap();
    assert_eq!(begun.etag.as_str(), "0x8D9F43EF753D61A");

    let nameless = answered::<CopyBlob>(recorded(202), "").await.unwrap_err();
    assert_eq!(nameless.kind(), ErrorKind::InvalidResponse);
    answered::<AbortCopyBlob>(recorded(204), "").await.unwrap();
}

#[tokio::test]
async fn answers_to_what_is_read_from_urls() {
    let answer = recorded(201)
        .header("x-ms-content-crc64", "AAAAAAAAAAA=")
        .header("x-ms-request-server-encrypted", "true");
    let written = answered::<PutBlobFromUrl>(answer, "").await.unwrap();
    assert_eq!(
        (written.content_crc64, written.encryption.by_service),
        (Some(Crc64::EMPTY), Some(true))
    );
    let hash = "3QFFFpRA5+XANHqwwbT4yXDmrT/2JaLt/FKHjzhOdoE=";
    let answer = Response::builder()
        .status(201)
        .header("x-ms-content-crc64", "n6BouArmEbQ=")
        .header("x-ms-encryption-key-sha256", hash);
    let put = answered::<PutBlockFromUrl>(answer, "").await.unwrap();
    assert_eq!(put.encryption.customer_key_sha256.as_deref(), Some(hash));
    let answer = recorded(201)
        .header("Content-MD5", "flUapGu3G+/K80MEg0DukA==")
        .header("x-ms-blob-append-offset", "0")
        .header("x-ms-blob-committed-block-count", "1");
    let appended = answered::<AppendBlockFromUrl>(answer, "").await.unwrap();
    assert_eq!(
        (appended.offset, appended.committed_block_count),
        (Some(0), Some(1))
    );
    let answer = recorded(201).header("x-ms-blob-sequence-number", "0");
    let pages = answered::<PutPagesFromUrl>(answer, "").await.unwrap();
    assert_eq!(pages.sequence_number, Some(0));
}

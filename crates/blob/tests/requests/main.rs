//! What each operation puts on the wire: the method, the URL and the headers, as a table.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

mod append_and_page;
mod copies;
mod leases;
mod states;
mod tags_and_more;

use http::Request;
use lazuli_blob::operations::{
    AppendBlock, DeleteBlob, DeleteSnapshots, GetBlob, GetBlobProperties, GetBlockList, GetContainerAcl,
    GetUserDelegationKey, ListBlobs, ListBlobsInclude, PutBlob, PutBlock, PutBlockList, PutPages,
    RangeChecksum, Segments, SetBlobMetadata,
};
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{
    BlobName, BlockListKind, Body, ByteRange, Checksum, Conditions, ContainerName, Endpoint, Error,
    ErrorKind, EtagMatch, Md5, Metadata, Operation,
};

pub(crate) fn container() -> ContainerName {
    ContainerName::new("box").unwrap()
}

pub(crate) fn blob() -> BlobName {
    BlobName::new("a b/ü.txt").unwrap()
}

pub(crate) fn try_sent(operation: &impl Operation) -> Result<Request<Body>, Error> {
    operation.request(&Endpoint::parse("https://acct.blob.core.windows.net").unwrap())
}

/// The request as text: its first line, its headers by name, and its body.
pub(crate) fn sent(operation: &impl Operation) -> String {
    let request = try_sent(operation).unwrap();
    let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
    format!("{}\n\n{body}", head(operation))
}

/// The same without its body.
pub(crate) fn head(operation: &impl Operation) -> String {
    let request = try_sent(operation).unwrap();
    let uri = request
        .uri()
        .to_string()
        .replace("https://acct.blob.core.windows.net/box", "");
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| *name != "accept")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    format!("{} {uri}\n{}", request.method(), headers.join("\n"))
}

/// What an operation makes of an answer.
pub(crate) async fn answered<O: Operation>(
    response: http::response::Builder,
    body: &'static str,
) -> Result<O::Output, Error> {
    let (parts, ()) = response.body(()).unwrap().into_parts();
    O::response(parts, bytes::Bytes::from_static(body.as_bytes()).into()).await
}

#[test]
fn put_blob() {
    let mut operation = PutBlob::new(container(), blob(), "123456789");
    operation.attributes.headers.content_type = Some("text/plain".to_owned());
    operation.attributes.metadata.insert("Project", "apollo").unwrap();
    operation.conditions = Conditions::new().if_none_match(EtagMatch::Any);
    operation.attributes.access_tier = Some(lazuli_protocol::AccessTier::Cool);
    assert_eq!(
        sent(&operation),
        "PUT /a%20b/%C3%BC.txt\ncontent-type: application/octet-stream\nif-none-match: *\nx-ms-access-tier: Cool\n\
         x-ms-blob-content-type: text/plain\nx-ms-blob-type: BlockBlob\nx-ms-content-crc64: iJh5CoYUi64=\nx-ms-meta-project: apollo\n\n123456789"
    );
}

#[test]
fn a_given_checksum_takes_the_place_of_the_computed_one() {
    let mut operation = PutBlob::new(container(), blob(), "");
    operation.checksum = Some(Checksum::Md5(Md5::of(b"")));
    let text = sent(&operation);
    assert!(
        text.contains("content-md5: 1B2M2Y8AsgTpgAmY7PhCfg==") && !text.contains("crc64"),
        "{text}"
    );
}

#[test]
fn content_goes_in_segments_with_its_own_length_beside() {
    let check = |text: String, path: &str| {
        assert!(
            text.starts_with(&format!("PUT /a%20b/%C3%BC.txt{path}\n")),
            "{text}"
        );
        for line in [
            "content-type: application/octet-stream",
            "x-ms-structured-body: XSM/1.0; properties=crc64",
            "x-ms-structured-content-length: 512",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("md5") && !text.contains("content-crc64"), "{text}");
    };
    // In memory or not: nothing is summed before it is sent.
    let in_memory = Body::from(vec![7; 512]);
    let streamed = Body::stream(512, || Box::pin(futures_util::stream::empty()));
    for body in [in_memory, streamed] {
        let (container, blob) = (container(), blob());
        let id = BlockId::new(b"2").unwrap();
        let mut put = PutBlob::new(container.clone(), blob.clone(), body.clone());
        let mut block = PutBlock::new(container.clone(), blob.clone(), id, body.clone());
        let mut append = AppendBlock::new(container.clone(), blob.clone(), body.clone());
        let mut pages = PutPages::new(container, blob, 512, body);
        put.in_segments = true;
        block.in_segments = true;
        append.in_segments = true;
        pages.in_segments = true;
        check(head(&put), "");
        check(head(&block), "?comp=block&blockid=Mg%3D%3D");
        check(head(&append), "?comp=appendblock");
        check(head(&pages), "?comp=page");
        assert!(head(&pages).contains("x-ms-range: bytes=512-1023"));
        for request in [
            try_sent(&put),
            try_sent(&block),
            try_sent(&append),
            try_sent(&pages),
        ] {
            assert_eq!(request.unwrap().body().content_length(), 512 + 39);
        }
        put.checksum = Some(Checksum::Md5(Md5::of(b"")));
        assert_eq!(try_sent(&put).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    // An MD5 to keep is no checksum of the body.
    let mut kept = PutBlob::new(container(), blob(), "hello");
    kept.in_segments = true;
    kept.attributes.headers.content_md5 = Some(Md5::of(b"hello"));
    let text = head(&kept);
    assert!(
        text.contains("x-ms-blob-content-md5") && text.contains("structured"),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_tells_that_content_was_taken_out_of_its_segments() {
    let answer = |status: u16| {
        http::Response::builder()
            .status(status)
            .header("etag", "\"0x8D1\"")
            .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
    };
    let form = "XSM/1.0; properties=crc64";
    let told = || answer(201).header("x-ms-structured-body", form);
    let told = [
        answered::<PutBlob>(told(), "").await.unwrap().structured_body,
        answered::<PutBlock>(told(), "").await.unwrap().structured_body,
        answered::<AppendBlock>(told(), "").await.unwrap().structured_body,
        answered::<PutPages>(told(), "").await.unwrap().structured_body,
    ];
    assert!(told.iter().all(|told| told.as_deref() == Some(form)), "{told:?}");
    let untold = answered::<PutBlob>(answer(201), "").await.unwrap();
    assert_eq!(untold.structured_body, None);
}

#[test]
fn put_block_and_put_block_list() {
    let id = BlockId::new(&[0xFB, 0xFF, 0xFE]).unwrap();
    let operation = PutBlock::new(container(), blob(), id.clone(), "123456789");
    assert_eq!(
        sent(&operation),
        "PUT /a%20b/%C3%BC.txt?comp=block&blockid=%2B%2F%2F%2B\ncontent-type: application/octet-stream\nx-ms-content-crc64: iJh5CoYUi64=\
         \n\n123456789"
    );
    let text = sent(&PutBlockList::new(
        container(),
        blob(),
        BlockLookupList::latest([id]),
    ));
    assert!(
        text.starts_with(
            "PUT /a%20b/%C3%BC.txt?comp=blocklist\ncontent-type: application/xml\nx-ms-content-crc64: "
        ),
        "{text}"
    );
    assert!(
        text.ends_with("<BlockList><Latest>+//+</Latest></BlockList>"),
        "{text}"
    );
    let mut list = PutBlockList::new(container(), blob(), BlockLookupList::default());
    list.checksum = Some(Checksum::Md5(Md5::of(list.blocks.to_xml().as_bytes())));
    let text = sent(&list);
    assert!(
        text.contains("content-md5: ") && !text.contains("crc64"),
        "{text}"
    );
}

#[test]
fn reads() {
    let mut get = GetBlob::new(container(), blob());
    get.range = Some(ByteRange::from(512..1024));
    get.range_checksum = Some(RangeChecksum::Crc64);
    get.version_id = Some("2026-01-02T03:04:05.1234567Z".to_owned());
    get.conditions = Conditions::new().if_match("0x8D1".parse::<lazuli_protocol::Etag>().unwrap());
    assert_eq!(
        sent(&get),
        "GET /a%20b/%C3%BC.txt?versionid=2026-01-02T03%3A04%3A05.1234567Z\nif-match: \"0x8D1\"\nx-ms-range-get-content-crc64: true\n\
         x-ms-range: bytes=512-1023\n\n"
    );
    let mut get = GetBlob::new(container(), blob());
    let plain = "GET /a%20b/%C3%BC.txt\n\n\n";
    let in_segments = "GET /a%20b/%C3%BC.txt\nx-ms-structured-body: XSM/1.0; properties=crc64\n\n";
    for (segments, text) in [
        (Segments::IfKnown, in_segments),
        (Segments::Required, in_segments),
        (Segments::No, plain),
    ] {
        get.segments = segments;
        assert_eq!(sent(&get), text, "{segments:?}");
    }
    assert_eq!(
        sent(&GetBlobProperties::new(container(), blob())),
        "HEAD /a%20b/%C3%BC.txt\n\n\n"
    );
    let blocks = GetBlockList::new(container(), blob(), BlockListKind::All);
    assert_eq!(
        sent(&blocks),
        "GET /a%20b/%C3%BC.txt?comp=blocklist&blocklisttype=all\n\n\n"
    );
}

#[test]
fn lists() {
    let mut list = ListBlobs::new(container());
    assert_eq!(sent(&list), "GET ?restype=container&comp=list\n\n\n");
    list.prefix = Some("a/b c".to_owned());
    list.delimiter = Some("/".to_owned());
    list.marker = Some("2!8!YS9i".to_owned());
    list.start_from = Some("a/b d".to_owned());
    list.max_results = Some(10);
    list.include = vec![ListBlobsInclude::Metadata, ListBlobsInclude::UncommittedBlobs];
    assert_eq!(
        sent(&list),
        "GET ?restype=container&comp=list&prefix=a%2Fb%20c&delimiter=%2F&startFrom=a%2Fb%20d&marker=2%218%21YS9i&maxresults=10\
         &include=metadata%2Cuncommittedblobs\n\n\n"
    );
    let mut all = ListBlobs::new(container());
    all.prefix = Some(String::new());
    all.include = ListBlobsInclude::ALL.to_vec();
    assert_eq!(
        sent(&all),
        "GET ?restype=container&comp=list&include=metadata%2Csnapshots%2Cversions%2Cdeleted%2Cdeletedwithversions%2Cuncommittedblobs\
         %2Ccopy%2Ctags%2Cimmutabilitypolicy%2Clegalhold%2Cpermissions\n\n\n"
    );
}

#[cfg(feature = "arrow")]
#[test]
fn lists_as_tables() {
    let mut list = ListBlobs::new(container());
    list.arrow = true;
    list.end_before = Some("b/".to_owned());
    let request = try_sent(&list).unwrap();
    assert!(
        request
            .uri()
            .query()
            .unwrap()
            .ends_with("comp=list&endBefore=b%2F")
    );
    assert_eq!(
        request.headers()["accept"],
        "application/vnd.apache.arrow.stream,application/xml"
    );
    assert_eq!(request.headers()["x-ms-version"], "2026-12-06");
}

#[test]
fn metadata_and_delete() {
    let mut metadata = Metadata::new();
    metadata.insert("k", "v").unwrap();
    assert_eq!(
        sent(&SetBlobMetadata::new(container(), blob(), metadata)),
        "PUT /a%20b/%C3%BC.txt?comp=metadata\nx-ms-meta-k: v\n\n"
    );
    let mut delete = DeleteBlob::new(container(), blob());
    delete.snapshots = Some(DeleteSnapshots::Include);
    assert_eq!(
        sent(&delete),
        "DELETE /a%20b/%C3%BC.txt\nx-ms-delete-snapshots: include\n\n"
    );
}

#[cfg(feature = "provisioning")]
#[test]
fn containers() {
    use lazuli_blob::operations::{CreateContainer, DeleteContainer, ListContainers, SetContainerAcl};

    let mut create = CreateContainer::new(container());
    create.public_access = Some(lazuli_protocol::PublicAccess::Blob);
    assert_eq!(
        sent(&create),
        "PUT ?restype=container\nx-ms-blob-public-access: blob\n\n"
    );
    assert_eq!(
        sent(&DeleteContainer::new(container())),
        "DELETE ?restype=container\n\n\n"
    );
    let mut unchanged = DeleteContainer::new(container());
    unchanged.conditions =
        Conditions::new().if_unmodified_since(time::macros::datetime!(2026-01-02 03:04:05 UTC));
    assert_eq!(
        sent(&unchanged),
        "DELETE ?restype=container\nif-unmodified-since: Fri, 02 Jan 2026 03:04:05 GMT\n\n"
    );
    let policy = lazuli_protocol::xml::SignedIdentifier {
        id: "readers".to_owned(),
        ..Default::default()
    };
    let policies = lazuli_protocol::xml::SignedIdentifiers::new(vec![policy]).unwrap();
    let mut access = SetContainerAcl::new(container(), policies);
    access.public_access = Some(lazuli_protocol::PublicAccess::Container);
    assert_eq!(
        sent(&access),
        "PUT ?restype=container&comp=acl\ncontent-type: application/xml\nx-ms-blob-public-access: container\n\n\
         <?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers><SignedIdentifier><Id>readers</Id>\
         <AccessPolicy></AccessPolicy></SignedIdentifier></SignedIdentifiers>"
    );
    let text = sent(&ListContainers::default());
    assert!(text.contains("/?comp=list"), "{text}");
}

#[test]
fn what_could_never_be_accepted_is_not_sent() {
    let too_large = Body::stream(5000 * 1024 * 1024 + 1, || Box::pin(futures_util::stream::empty()));
    let id = BlockId::new(b"1").unwrap();
    let mut bad_type = PutBlob::new(container(), blob(), "x");
    bad_type.attributes.headers.content_type = Some("text/\nplain".to_owned());
    let mut wide_range = GetBlob::new(container(), blob());
    wide_range.range = Some(ByteRange::from(0..4 * 1024 * 1024 + 1));
    wide_range.range_checksum = Some(RangeChecksum::Md5);
    let mut open_range = GetBlob::new(container(), blob());
    open_range.range = Some(ByteRange::from(5..));
    open_range.range_checksum = Some(RangeChecksum::Crc64);
    let mut both = GetBlob::new(container(), blob());
    both.range = Some(ByteRange::from(0..5));
    both.range_checksum = Some(RangeChecksum::Md5);
    both.segments = Segments::Required;
    let mut empty_range = GetBlob::new(container(), blob());
    empty_range.range = Some(ByteRange::from(5..5));
    let mut no_page = ListBlobs::new(container());
    no_page.max_results = Some(0);
    let blocks = BlockLookupList::latest(vec![id.clone(); 50_001]);
    let refused = [
        try_sent(&PutBlob::new(container(), blob(), too_large)),
        try_sent(&PutBlock::new(container(), blob(), id, "")),
        try_sent(&PutBlockList::new(container(), blob(), blocks)),
        try_sent(&bad_type),
        try_sent(&wide_range),
        try_sent(&open_range),
        try_sent(&both),
        try_sent(&empty_range),
        try_sent(&no_page),
    ];
    for (at, outcome) in refused.into_iter().enumerate() {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidInput, "row {at}");
    }
}

#[test]
fn get_container_acl() {
    assert_eq!(
        sent(&GetContainerAcl::new(container())),
        "GET ?restype=container&comp=acl\n\n\n"
    );
}

#[test]
fn get_user_delegation_key() {
    let mut key_info = lazuli_protocol::xml::KeyInfo::new(
        time::macros::datetime!(2026-06-26 0:00:00.5 UTC),
        time::macros::datetime!(2026-07-02 0:00 UTC),
    );
    let info = "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>2026-06-26T00:00:00Z</Start>\
                <Expiry>2026-07-02T00:00:00Z</Expiry>";
    let line = "POST https://acct.blob.core.windows.net/?restype=service&comp=userdelegationkey\ncontent-type: application/xml\n\n";
    assert_eq!(
        sent(&GetUserDelegationKey::new(key_info.clone())),
        format!("{line}{info}</KeyInfo>")
    );
    key_info.delegated_user_tenant = Some("t".to_owned());
    assert_eq!(
        sent(&GetUserDelegationKey::new(key_info)),
        format!("{line}{info}<DelegatedUserTid>t</DelegatedUserTid></KeyInfo>")
    );
}

//! Append blobs and page blobs, both ways.

use http::Response;
use lazuli_blob::operations::{
    AppendBlock, ClearPages, GetPageRanges, GetPageRangesDiff, PreviousSnapshot, PutAppendBlob, PutPageBlob,
    PutPages, ResizePageBlob, SealAppendBlob, SequenceNumberChange, SetSequenceNumber,
};
use lazuli_protocol::xml::PageRange;
use lazuli_protocol::{AccessTier, Body, ByteRange, ErrorKind, Operation, Repeat, ResponseBody};

use crate::{answered, blob, container, sent, try_sent};

const BLOB: &str = "PUT /a%20b/%C3%BC.txt";

#[test]
fn append_blobs() {
    let mut create = PutAppendBlob::new(container(), blob());
    create.attributes.headers.content_type = Some("text/plain".to_owned());
    assert_eq!(
        sent(&create),
        format!("{BLOB}\nx-ms-blob-content-type: text/plain\nx-ms-blob-type: AppendBlob\n\n")
    );
    create.attributes.access_tier = Some(AccessTier::Hot);
    assert_eq!(try_sent(&create).unwrap_err().kind(), ErrorKind::InvalidInput);

    let mut append = AppendBlock::new(container(), blob(), "123456789");
    assert_eq!(append.info().repeat, Repeat::Unsafe);
    append.append.position = Some(7);
    append.append.max_size = Some(1 << 40);
    assert_eq!(append.info().repeat, Repeat::Safe);
    assert_eq!(
        sent(&append),
        format!(
            "{BLOB}?comp=appendblock\ncontent-type: application/octet-stream\nx-ms-blob-condition-appendpos: 7\n\
             x-ms-blob-condition-maxsize: 1099511627776\nx-ms-content-crc64: iJh5CoYUi64=\n\n123456789"
        )
    );
    let mut seal = SealAppendBlob::new(container(), blob());
    seal.position = Some(16);
    assert_eq!(
        sent(&seal),
        format!("{BLOB}?comp=seal\nx-ms-blob-condition-appendpos: 16\n\n")
    );
}

#[test]
fn an_append_is_neither_empty_nor_too_large() {
    for length in [0, 100 * 1024 * 1024 + 1] {
        let body = Body::stream(length, || Box::pin(futures_util::stream::empty()));
        let error = try_sent(&AppendBlock::new(container(), blob(), body)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{length}");
    }
}

#[test]
fn page_blobs() {
    let mut create = PutPageBlob::new(container(), blob(), 1024);
    create.sequence_number = Some(7);
    create.attributes.access_tier = Some(AccessTier::P4);
    assert_eq!(
        sent(&create),
        format!(
            "{BLOB}\nx-ms-access-tier: P4\nx-ms-blob-content-length: 1024\nx-ms-blob-sequence-number: 7\nx-ms-blob-type: PageBlob\n\n"
        )
    );
    let content = "p".repeat(512);
    let mut put = PutPages::new(container(), blob(), 512, content.clone());
    put.sequence.equal_to = Some(7);
    let text = sent(&put);
    let start = format!("{BLOB}?comp=page\ncontent-type: application/octet-stream\nx-ms-content-crc64: ");
    let end = format!(
        "\nx-ms-if-sequence-number-eq: 7\nx-ms-page-write: update\nx-ms-range: bytes=512-1023\n\n{content}"
    );
    assert!(text.starts_with(&start) && text.ends_with(&end), "{text}");
    let mut clear = ClearPages::new(container(), blob(), 0..1024);
    clear.sequence.at_most = Some(8);
    clear.sequence.less_than = Some(9);
    assert_eq!(
        sent(&clear),
        format!(
            "{BLOB}?comp=page\nx-ms-if-sequence-number-le: 8\nx-ms-if-sequence-number-lt: 9\nx-ms-page-write: clear\n\
             x-ms-range: bytes=0-1023\n\n"
        )
    );
    assert_eq!(
        sent(&ResizePageBlob::new(container(), blob(), 512)),
        format!("{BLOB}?comp=properties\nx-ms-blob-content-length: 512\n\n")
    );
}

#[test]
fn sequence_numbers() {
    for (change, headers, repeat) in [
        (
            SequenceNumberChange::Max(3),
            "x-ms-blob-sequence-number: 3\nx-ms-sequence-number-action: max",
            Repeat::Safe,
        ),
        (
            SequenceNumberChange::Update(0),
            "x-ms-blob-sequence-number: 0\nx-ms-sequence-number-action: update",
            Repeat::Safe,
        ),
        (
            SequenceNumberChange::Increment,
            "x-ms-sequence-number-action: increment",
            Repeat::Unsafe,
        ),
    ] {
        let operation = SetSequenceNumber::new(container(), blob(), change);
        assert_eq!(operation.info().repeat, repeat, "{change:?}");
        assert_eq!(sent(&operation), format!("{BLOB}?comp=properties\n{headers}\n\n"));
    }
    let most = SetSequenceNumber::new(container(), blob(), SequenceNumberChange::Max(1 << 63));
    assert!(try_sent(&most).is_err());
}

#[test]
fn pages_that_are_not_whole_are_not_sent() {
    let errors = [
        try_sent(&PutPages::new(container(), blob(), 1, vec![0; 512])),
        try_sent(&PutPages::new(container(), blob(), 0, vec![0; 511])),
        try_sent(&PutPages::new(container(), blob(), 0, "")),
        try_sent(&PutPages::new(container(), blob(), u64::MAX - 511, vec![0; 512])),
        try_sent(&PutPages::new(
            container(),
            blob(),
            0,
            vec![0; 4 * 1024 * 1024 + 512],
        )),
        try_sent(&ClearPages::new(container(), blob(), 0..0)),
        try_sent(&ClearPages::new(container(), blob(), 512..1000)),
        try_sent(&PutPageBlob::new(container(), blob(), 513)),
        try_sent(&PutPageBlob::new(container(), blob(), 8 * (1 << 40) + 512)),
        try_sent(&ResizePageBlob::new(container(), blob(), 1)),
    ];
    for (at, error) in errors.into_iter().enumerate() {
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput, "{at}");
    }
}

#[test]
fn page_ranges() {
    let mut ranges = GetPageRanges::new(container(), blob());
    ranges.snapshot = Some("2023-02-01T20:17:16.6800596Z".to_owned());
    ranges.range = Some(ByteRange::from(0..512));
    ranges.marker = Some("m 1".to_owned());
    ranges.max_results = Some(2);
    assert_eq!(
        sent(&ranges),
        "GET /a%20b/%C3%BC.txt?comp=pagelist&snapshot=2023-02-01T20%3A17%3A16.6800596Z&marker=m%201&maxresults=2\nx-ms-range: bytes=0-511\n\n"
    );
    ranges.max_results = Some(0);
    assert!(try_sent(&ranges).is_err());
    let since = PreviousSnapshot::Id("2023-02-01T20:17:16.6800596Z".to_owned());
    assert_eq!(
        sent(&GetPageRangesDiff::new(container(), blob(), since)),
        "GET /a%20b/%C3%BC.txt?comp=pagelist&prevsnapshot=2023-02-01T20%3A17%3A16.6800596Z\n\n\n"
    );
    let url = PreviousSnapshot::Url("https://md.example/disk?snapshot=1&sig=c2VjcmV0".to_owned());
    let diff = GetPageRangesDiff::new(container(), blob(), url);
    assert_eq!(
        sent(&diff),
        "GET /a%20b/%C3%BC.txt?comp=pagelist\nx-ms-previous-snapshot-url: https://md.example/disk?snapshot=1&sig=c2VjcmV0\n\n"
    );
    let shown = format!("{diff:?} {:?}", try_sent(&diff).unwrap());
    assert!(!shown.contains("c2VjcmV0"), "{shown}");
}

#[tokio::test]
async fn answers_are_read() {
    let written = |builder: http::response::Builder| {
        builder
            .header("etag", "\"0x8DB0491505517E1\"")
            .header("last-modified", "Wed, 01 Feb 2023 20:17:16 GMT")
    };
    let response = written(Response::builder().status(201))
        .header("x-ms-blob-append-offset", "512")
        .header("x-ms-blob-committed-block-count", "3")
        .header("x-ms-content-crc64", "u661BimQ84c=")
        .header("x-ms-request-server-encrypted", "true");
    let appended = answered::<AppendBlock>(response, "").await.unwrap();
    assert_eq!(
        (appended.offset, appended.committed_block_count),
        (Some(512), Some(3))
    );
    assert_eq!(appended.content_crc64.unwrap().to_string(), "u661BimQ84c=");
    assert_eq!(appended.encryption.by_service, Some(true));

    let response = written(Response::builder().status(201)).header("x-ms-blob-sequence-number", "7");
    let pages = answered::<ClearPages>(response, "").await.unwrap();
    assert_eq!(pages.sequence_number, Some(7));

    let response = written(Response::builder().status(200)).header("x-ms-blob-sealed", "true");
    assert_eq!(
        answered::<SealAppendBlob>(response, "").await.unwrap().sealed,
        Some(true)
    );

    let response = written(Response::builder().status(200)).header("x-ms-blob-content-length", "8192");
    let list = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><PageList><PageRange><Start>0</Start><End>8191</End></PageRange></PageList>";
    let ranges = answered::<GetPageRanges>(response, list).await.unwrap();
    assert_eq!(ranges.ranges, [PageRange::filled(0..8192)]);
    assert_eq!(ranges.blob_content_length, Some(8192));

    let refused = Response::builder()
        .status(412)
        .header("x-ms-error-code", "SequenceNumberConditionNotMet");
    let error = answered::<PutPages>(refused, "").await.unwrap_err();
    assert_eq!(
        error.service().unwrap().code().unwrap().as_str(),
        "SequenceNumberConditionNotMet"
    );
    let (parts, ()) = Response::builder().status(201).body(()).unwrap().into_parts();
    assert!(AppendBlock::response(parts, ResponseBody::empty()).await.is_err());
}

//! Page blobs: what is written, cleared, resized and numbered, and what the lists of ranges say of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_protocol::{Crc64, SkuName};
use lazuli_simulation::AccountOptions;
use rig::{ACCOUNT, Call, Reply, Rig};

const DISK: &str = "/box/disk";

fn create<'a>(rig: &'a Rig, size: &str) -> Call<'a> {
    rig.put(DISK, "")
        .header("x-ms-blob-type", "PageBlob")
        .header("x-ms-blob-content-length", size)
}

async fn with_disk(size: &str) -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    create(&rig, size).send().await.expect(201);
    rig
}

fn page<'a>(rig: &'a Rig, action: &str, range: &str, body: Vec<u8>) -> Call<'a> {
    rig.put(&format!("{DISK}?comp=page"), body)
        .header("x-ms-page-write", action)
        .header("x-ms-range", range)
}

async fn write(rig: &Rig, first: usize, fill: u8, len: usize) -> Reply {
    let range = format!("bytes={first}-{}", first + len - 1);
    page(rig, "update", &range, vec![fill; len])
        .send()
        .await
        .expect(201)
}

async fn clear(rig: &Rig, range: &str) -> Reply {
    page(rig, "clear", range, Vec::new()).send().await.expect(201)
}

/// The ranges of a list, those that were cleared marked so.
fn ranges(list: &Reply) -> Vec<String> {
    let text = list.text();
    let mut found = Vec::new();
    let mut rest = &text[..];
    while let Some(at) = rest.find("Range><Start>") {
        let cleared = rest[..at].ends_with("<Clear");
        rest = &rest[at + "Range><Start>".len()..];
        let (start, after) = rest.split_once("</Start><End>").unwrap();
        let (end, after) = after.split_once("</End>").unwrap();
        found.push(format!("{}{start}-{end}", if cleared { "!" } else { "" }));
        rest = after;
    }
    found
}

async fn listed(rig: &Rig, query: &str) -> Reply {
    let list = rig.get(&format!("{DISK}?comp=pagelist{query}"));
    list.send().await.expect(200)
}

#[tokio::test]
async fn pages_are_written_and_cleared() {
    let rig = with_disk("4096").await;
    let written = write(&rig, 512, 7, 1024).await;
    assert_eq!(written.header("x-ms-blob-sequence-number"), "0");
    assert_eq!(
        written.header("x-ms-content-crc64"),
        Crc64::of(&[7; 1024]).to_string()
    );
    let cleared = clear(&rig, "bytes=1024-1535").await;
    assert_eq!(
        cleared.header("x-ms-request-server-encrypted"),
        "",
        "nothing was written"
    );
    let read = rig.get(DISK).send().await.expect(200);
    assert_eq!(read.body.len(), 4096);
    for (at, byte) in read.body.iter().enumerate() {
        assert_eq!(*byte, if (512..1024).contains(&at) { 7 } else { 0 }, "at {at}");
    }
    assert_eq!(read.header("x-ms-blob-type"), "PageBlob");
    assert_eq!(read.header("x-ms-blob-sequence-number"), "0");
    let list = listed(&rig, "").await;
    assert_eq!(ranges(&list), ["512-1023"]);
    assert_eq!(list.header("x-ms-blob-content-length"), "4096");
    assert_eq!(list.header("etag"), read.header("etag"));
    assert!(
        list.text()
            .starts_with("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PageList>")
    );
}

#[tokio::test]
async fn ranges_are_whole_pages_within_the_blob() {
    let rig = with_disk("1024").await;
    for range in ["bytes=0-512", "bytes=1-511", "bytes=0-", "bytes=512-511", "0-511"] {
        for (action, body) in [("update", vec![1; 512]), ("clear", Vec::new())] {
            let refused = page(&rig, action, range, body).send().await;
            let refused = refused.expect_error(400, "InvalidHeaderValue");
            assert_eq!(
                (refused.element("HeaderName"), refused.element("HeaderValue")),
                ("Range".to_owned(), range.to_owned())
            );
        }
    }
    let refused = page(&rig, "update", "bytes=0-511", vec![1; 1024]).send().await;
    let refused = refused.expect_error(400, "InvalidHeaderValue");
    assert_eq!(
        (refused.element("HeaderName"), refused.element("HeaderValue")),
        ("Content-Length".to_owned(), "1024".to_owned())
    );
    let beyond = page(&rig, "update", "bytes=512-1535", vec![1; 1024]).send().await;
    beyond.expect_error(416, "InvalidPageRange");
    let large = page(&rig, "update", "bytes=0-4194815", Vec::new()).header("content-length", "4194816");
    large.send().await.expect_error(413, "RequestBodyTooLarge");
    let neither = page(&rig, "scratch", "bytes=0-511", vec![1; 512]).send().await;
    neither.expect_error(400, "InvalidHeaderValue");
    let nowhere = page(&rig, "clear", "bytes=0-511", Vec::new()).without("x-ms-range");
    nowhere.send().await.expect_error(400, "MissingRequiredHeader");
    rig.put_blob("/box/other", "abc").await;
    let list = rig.get("/box/other?comp=pagelist").send().await;
    list.expect_error(409, "InvalidBlobType");
}

#[tokio::test]
async fn a_blob_is_made_of_whole_pages() {
    let rig = Rig::new();
    rig.make_container("box").await;
    for size in ["511", "-1", "many", "8796093022720"] {
        let refused = create(&rig, size)
            .send()
            .await
            .expect_error(400, "InvalidHeaderValue");
        assert_eq!(refused.element("HeaderValue"), size);
    }
    create(&rig, "0")
        .without("x-ms-blob-content-length")
        .send()
        .await
        .expect_error(400, "MissingRequiredHeader");
    let numbered = |number: &str| create(&rig, "512").header("x-ms-blob-sequence-number", number);
    numbered("-1")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    numbered("9223372036854775808")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    numbered("9223372036854775807").send().await.expect(201);
    let head = rig.head(DISK).send().await.expect(200);
    assert_eq!(head.header("x-ms-blob-sequence-number"), "9223372036854775807");
    assert_eq!(head.header("x-ms-access-tier"), "");
    let increment = rig
        .put(&format!("{DISK}?comp=properties"), "")
        .header("x-ms-sequence-number-action", "increment");
    increment
        .send()
        .await
        .expect_error(409, "SequenceNumberIncrementTooLarge");
}

#[tokio::test]
async fn accounts_decide_on_page_blobs_and_their_tiers() {
    let with = |options: AccountOptions| Rig::with(move |builder| builder.account_options(ACCOUNT, options));
    let send = async |rig: &Rig, tier: &str| {
        rig.make_container("box").await;
        create(rig, "512").header("x-ms-access-tier", tier).send().await
    };
    let standard = Rig::new();
    send(&standard, "P10")
        .await
        .expect_error(400, "AccessTierNotSupportedForBlobType");
    let premium = with(AccountOptions::new().sku(SkuName::PremiumLrs));
    send(&premium, "P10").await.expect(201);
    let head = premium.head(DISK).send().await.expect(200);
    assert_eq!(head.header("x-ms-access-tier"), "P10");
    // Of disks it is not told since when, as recorded.
    assert_eq!(head.header("x-ms-access-tier-change-time"), "");
    let tree = with(AccountOptions::new().hierarchical_namespace(true));
    tree.make_container("box").await;
    create(&tree, "512")
        .send()
        .await
        .expect_error(409, "BlobOperationNotSupported");
}

#[tokio::test]
async fn a_sequence_number_is_set_and_asked_for() {
    let rig = with_disk("512").await;
    let set = |action: &str| {
        rig.put(&format!("{DISK}?comp=properties"), "")
            .header("x-ms-sequence-number-action", action)
    };
    let to = |action: &str, number: &str| set(action).header("x-ms-blob-sequence-number", number);
    let changes = [
        (to("update", "5"), "5"),
        (to("max", "3"), "5"),
        (to("max", "7"), "7"),
        (set("increment"), "8"),
    ];
    for (change, number) in changes {
        let reply = change.send().await.expect(200);
        assert_eq!(reply.header("x-ms-blob-sequence-number"), number);
    }
    to("increment", "1")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    set("update")
        .send()
        .await
        .expect_error(400, "MissingRequiredHeader");
    set("halve").send().await.expect_error(400, "InvalidHeaderValue");
    for (name, value, status) in [
        ("eq", "8", 201),
        ("eq", "7", 412),
        ("le", "8", 201),
        ("le", "7", 412),
        ("lt", "9", 201),
        ("lt", "8", 412),
    ] {
        let name = format!("x-ms-if-sequence-number-{name}");
        let reply = page(&rig, "update", "bytes=0-511", vec![1; 512])
            .header(&name, value)
            .send()
            .await;
        let code = if status == 412 {
            "SequenceNumberConditionNotMet"
        } else {
            ""
        };
        assert_eq!(
            (reply.status.as_u16(), reply.header("x-ms-error-code")),
            (status, code),
            "{name}: {value}"
        );
    }
    let below = page(&rig, "clear", "bytes=0-511", Vec::new()).header("x-ms-if-sequence-number-eq", "-1");
    below.send().await.expect_error(400, "InvalidInput");
}

#[tokio::test]
async fn a_new_size_leaves_the_headers_alone() {
    let rig = with_disk("2048").await;
    write(&rig, 0, 1, 2048).await;
    let set = || rig.put(&format!("{DISK}?comp=properties"), "");
    set()
        .header("x-ms-blob-content-language", "is")
        .send()
        .await
        .expect(200);
    let smaller = set()
        .header("x-ms-blob-content-length", "512")
        .send()
        .await
        .expect(200);
    assert_eq!(smaller.header("x-ms-blob-sequence-number"), "0");
    set()
        .header("x-ms-blob-content-length", "1024")
        .send()
        .await
        .expect(200);
    let read = rig.get(DISK).send().await.expect(200);
    assert_eq!(read.header("content-language"), "is");
    assert_eq!(read.body, [[1; 512], [0; 512]].concat());
    assert_eq!(ranges(&listed(&rig, "").await), ["0-511"]);
    set()
        .header("x-ms-blob-content-length", "100")
        .send()
        .await
        .expect_error(400, "InvalidHeaderValue");
    // A header that is given clears those that are not.
    set()
        .header("x-ms-blob-cache-control", "none")
        .send()
        .await
        .expect(200);
    assert_eq!(rig.head(DISK).send().await.header("content-language"), "");
}

#[tokio::test]
async fn ranges_come_in_pages_of_a_list() {
    let rig = with_disk("8192").await;
    for first in [0, 1024, 3072, 6144] {
        write(&rig, first, 1, 512).await;
    }
    let first = listed(&rig, "&maxresults=2").await;
    assert_eq!(ranges(&first), ["0-511", "1024-1535"]);
    // As recorded, but for the place.
    assert_eq!(first.element("NextMarker"), "2!16!MDAwMDA0ITMwNzIh");
    let rest = listed(&rig, "&maxresults=2&marker=2!16!MDAwMDA0ITMwNzIh").await;
    assert_eq!(ranges(&rest), ["3072-3583", "6144-6655"]);
    assert_eq!(rest.element("NextMarker"), "");
    let within = rig
        .get(&format!("{DISK}?comp=pagelist"))
        .header("x-ms-range", "bytes=1100-3583");
    assert_eq!(
        ranges(&within.send().await.expect(200)),
        ["1024-1535", "3072-3583"]
    );
    let beyond = rig
        .get(&format!("{DISK}?comp=pagelist"))
        .header("x-ms-range", "bytes=8192-9000");
    beyond.send().await.expect_error(416, "InvalidRange");
    for bad in ["&maxresults=0", "&maxresults=some", "&marker=there"] {
        let refused = rig.get(&format!("{DISK}?comp=pagelist{bad}")).send().await;
        assert_eq!(refused.status.as_u16(), 400, "{bad}");
    }
}

#[tokio::test]
async fn changes_are_told_since_a_snapshot() {
    let rig = with_disk("2048").await;
    let snapshot = async || {
        let taken = rig
            .put(&format!("{DISK}?comp=snapshot"), "")
            .send()
            .await
            .expect(201);
        taken.header("x-ms-snapshot").to_owned()
    };
    let first = snapshot().await;
    write(&rig, 0, 1, 1536).await;
    let second = snapshot().await;
    clear(&rig, "bytes=512-1023").await;
    // Pages that were cleared are told of even where nothing had been written by then, as recorded.
    let since = async |id: &str| ranges(&listed(&rig, &format!("&prevsnapshot={id}")).await);
    assert_eq!(since(&first).await, ["0-511", "!512-1023", "1024-1535"]);
    assert_eq!(since(&second).await, ["!512-1023"]);
    let of_snapshot = listed(&rig, &format!("&snapshot={second}&prevsnapshot={first}")).await;
    assert_eq!(ranges(&of_snapshot), ["0-1535"]);
    let url = format!("{}{DISK}?snapshot={second}", rig::ENDPOINT);
    let by_url = rig
        .get(&format!("{DISK}?comp=pagelist"))
        .header("x-ms-previous-snapshot-url", url);
    assert_eq!(ranges(&by_url.send().await.expect(200)), ["!512-1023"]);
    let refused = async |query: String| rig.get(&format!("{DISK}?comp=pagelist{query}")).send().await;
    refused(format!("&snapshot={first}&prevsnapshot={second}"))
        .await
        .expect_error(400, "PreviousSnapshotCannotBeNewer");
    refused("&prevsnapshot=2020-01-01T00:00:00.0000000Z".to_owned())
        .await
        .expect_error(409, "PreviousSnapshotNotFound");
    rig.clock.advance(std::time::Duration::from_secs(1));
    create(&rig, "512").send().await.expect(201);
    refused(format!("&prevsnapshot={second}"))
        .await
        .expect_error(409, "BlobOverwritten");
}

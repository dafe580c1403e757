//! The change feed of an account whose log is in memory: in order, from any place, up to what may be read.

#![cfg(feature = "change-feed")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

#[path = "../src/avro/testing.rs"]
#[allow(dead_code, reason = "the crate's own tests use the rest")]
mod avro;
#[path = "change_feed/log.rs"]
#[allow(dead_code, reason = "the scenario on the simulation uses the rest")]
mod log;

use std::time::Duration;

use futures_util::TryStreamExt as _;
use lazuli_blob::{ChangeFeed, ChangeFeedCursor, ChangeFeedEvent, ErrorKind};
use lazuli_protocol::{AccessTier, BlobType, ChangeFeedEventType, ErrorCode};
use lazuli_transport::Deadline;
use log::{Log, change, everything};
use time::OffsetDateTime;
use time::macros::datetime;

const T18: OffsetDateTime = datetime!(2026-03-01 18:00 UTC);
const T19: OffsetDateTime = datetime!(2026-03-01 19:00 UTC);
const T20: OffsetDateTime = datetime!(2026-03-01 20:00 UTC);
const T21: OffsetDateTime = datetime!(2026-03-01 21:00 UTC);

/// Three segments that may be read, with two, one and no shards; one that the service adds to, and one after the last that may be read.
fn log() -> Log {
    let log = Log::new(T21);
    log.put_empty_segment("1601/01/01/0000");
    log.segment(T18, "Finalized", &["00", "01"]);
    log.file(
        T18,
        "00",
        0,
        &[vec![change("a1"), change("a2")], vec![], vec![change("a3")]],
    );
    log.file(T18, "00", 1, &[vec![change("a4")]]);
    log.append_nothing(T18, "00", 2);
    log.file(T18, "01", 0, &[vec![change("b1"), change("b2"), change("b3")]]);
    log.segment(T19, "Finalized", &["00"]);
    log.file(T19, "00", 0, &[vec![change("c1")], vec![change("c2")]]);
    log.segment(T20, "Finalized", &[]);
    log.segment(T21, "Publishing", &["00"]);
    log.file(T21, "00", 0, &[vec![change("d1")]]);
    log
}

const ALL: [&str; 9] = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "c1", "c2"];

/// What an error must name, and what brings it about.
type Damage = (&'static str, fn(&Log));

async fn names(feed: &mut ChangeFeed) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(event) = feed.try_next().await.unwrap() {
        names.push(event.blob_name().unwrap().to_owned());
    }
    names
}

#[tokio::test]
async fn events_come_in_the_order_of_the_log_up_to_what_may_be_read() {
    let mut feed = log().blobs().change_feed().events();
    assert_eq!(feed.cursor(), None);
    assert_eq!(names(&mut feed).await, ALL);
    assert_eq!(
        feed.cursor().unwrap().to_string(),
        r#"{"version":1,"segment":"2026-03-01T20:00:00Z"}"#
    );
    assert!(feed.try_next().await.unwrap().is_none());
    // A segment after the last that may be read is left alone, whatever it says of itself.
    let log = log();
    log.segment(T21, "Finalized", &["00"]);
    log.last_consumable(T20);
    assert_eq!(names(&mut log.blobs().change_feed().events()).await, ALL);
}

#[tokio::test]
async fn reading_goes_on_exactly_after_the_last_event_taken() {
    let log = log();
    let mut feed = log.blobs().change_feed().events();
    for taken in 1..=ALL.len() {
        feed.try_next().await.unwrap().unwrap();
        let saved = feed.cursor().unwrap().to_string();
        let cursor: ChangeFeedCursor = saved.parse().unwrap();
        let mut rest = log.blobs().change_feed().cursor(cursor.clone()).events();
        assert_eq!(rest.cursor(), Some(&cursor));
        assert_eq!(names(&mut rest).await, ALL[taken..], "{saved}");
    }
}

#[tokio::test]
async fn what_was_caught_up_with_goes_on_when_the_log_has_grown() {
    let log = log();
    let mut feed = log.blobs().change_feed().events();
    names(&mut feed).await;
    let cursor = feed.cursor().unwrap().clone();
    let again = || log.blobs().change_feed().cursor(cursor.clone()).events();
    let mut nothing = again();
    assert!(names(&mut nothing).await.is_empty());
    assert_eq!(nothing.cursor(), Some(&cursor));
    log.segment(T21, "Finalized", &["00"]);
    assert_eq!(names(&mut again()).await, ["d1"]);
}

#[tokio::test]
async fn a_log_that_grows_while_it_is_read_is_read_to_its_new_end() {
    let log = log();
    log.last_consumable(T18);
    let mut feed = log.blobs().change_feed().events();
    feed.try_next().await.unwrap().unwrap();
    log.last_consumable(T20);
    assert_eq!(names(&mut feed).await, ALL[1..]);
}

#[tokio::test]
async fn times_choose_events_and_the_segments_beside_are_looked_through() {
    let log = Log::new(T21);
    for (begin, file) in [
        (
            T18,
            vec![
                change("a").at(datetime!(2026-03-01 18:10 UTC)),
                change("late").at(datetime!(2026-03-01 19:05 UTC)),
            ],
        ),
        (
            T19,
            vec![
                change("b").at(datetime!(2026-03-01 19:30 UTC)),
                change("c").at(datetime!(2026-03-01 20:00 UTC)),
            ],
        ),
        (
            T20,
            vec![
                change("early").at(datetime!(2026-03-01 19:50 UTC)),
                change("d").at(datetime!(2026-03-01 20:30 UTC)),
            ],
        ),
        (T21, vec![change("e").at(datetime!(2026-03-01 21:30 UTC))]),
    ] {
        log.segment(begin, "Finalized", &["00"]);
        log.file(begin, "00", 0, &[file]);
    }
    let feed = || log.blobs().change_feed();
    assert_eq!(
        names(&mut feed().from(T19).until(T20).events()).await,
        ["late", "b", "early"]
    );
    assert_eq!(names(&mut feed().from(T20).events()).await, ["c", "d", "e"]);
    assert_eq!(names(&mut feed().until(T19).events()).await, ["a"]);
    // 21:00 in Greenwich.
    assert_eq!(
        names(&mut feed().from(datetime!(2026-03-02 6:00 +9)).events()).await,
        ["e"]
    );
    // Segments that are too early or too late are not opened.
    log.forget_requests();
    names(
        &mut feed()
            .from(datetime!(2026-03-01 20:20 UTC))
            .until(datetime!(2026-03-01 20:40 UTC))
            .events(),
    )
    .await;
    let opened = log.requests();
    assert!(
        opened.iter().any(|url| url.contains("/log/00/2026/03/01/2000/")),
        "{opened:?}"
    );
    for other in ["1800", "1900", "2100"] {
        assert!(
            !opened
                .iter()
                .any(|url| url.contains(&format!("/01/{other}/00000"))),
            "{other}: {opened:?}"
        );
    }
    // The first and the last time there are.
    let least = time::PrimitiveDateTime::MIN.assume_utc();
    let most = time::PrimitiveDateTime::MAX.assume_utc();
    assert_eq!(names(&mut feed().from(least).until(most).events()).await.len(), 7);
}

#[tokio::test]
async fn all_that_an_event_says_is_kept() {
    let log = Log::new(T18);
    log.segment(T18, "Finalized", &["00"]);
    log.file(T18, "00", 0, &[vec![everything()]]);
    let events: Vec<ChangeFeedEvent> = log.blobs().change_feed().events().try_collect().await.unwrap();
    let [event] = &*events else { panic!("{events:?}") };
    assert_eq!(event.event_type, ChangeFeedEventType::BlobTierChanged);
    assert_eq!(event.event_time, datetime!(2026-03-01 18:05:11.5746587 UTC));
    assert_eq!(
        (event.container_name(), event.blob_name()),
        (Some("box"), Some("a/blobs/b"))
    );
    assert_eq!((&*event.topic, &*event.id), ("/subscriptions/s", "id-1"));
    assert_eq!(event.metadata_version.as_deref(), Some("1"));
    assert_eq!(event.other["schemaVersion"], "5");
    let data = &event.data;
    assert_eq!(data.api.as_deref(), Some("SetBlobTier"));
    assert_eq!(data.etag.as_ref().unwrap().as_str(), "0x8D9F2171BE32588");
    assert_eq!(
        (data.content_length, data.blob_type.clone()),
        (Some(128), Some(BlobType::Block))
    );
    assert_eq!(data.blob_tier, Some(AccessTier::Archive));
    assert_eq!(data.snapshot, None);
    let previous = data.previous_info.as_ref().unwrap();
    assert_eq!(
        (previous.was_blob_soft_deleted, previous.previous_tier.clone()),
        (Some(true), Some(AccessTier::Hot))
    );
    assert_eq!(previous.other["Later"], "\"kept\"");
    let changed = &data.blob_properties_updated["ContentType"];
    assert_eq!(
        (changed.current.as_deref(), changed.previous.as_deref()),
        (Some("text/plain"), None)
    );
    let operation = data.async_operation_info.as_ref().unwrap();
    assert_eq!(
        (operation.destination_tier.clone(), operation.was_async_operation),
        (Some(AccessTier::Hot), Some(true))
    );
    let tags = data.blob_tags_updated.as_ref().unwrap();
    assert_eq!((&*tags.current["Tag1"], tags.previous.len()), ("new", 0));
    assert_eq!(
        data.storage_diagnostics.as_deref(),
        Some(r#"{"bid":"9d726db1","seq":"(2,29)"}"#)
    );
    assert_eq!(data.restore_point_marker, None);
    // A number where a text is known, and a field that is not known at all.
    assert_eq!(
        (&*data.other["sequencer"], &*data.other["news"]),
        ("7", "[1,2.5,null,true,\"ÿ\"]")
    );
}

#[tokio::test]
async fn large_files_are_read_in_ranges_and_a_cursor_goes_straight_to_its_block() {
    let log = Log::new(T18);
    log.segment(T18, "Finalized", &["00"]);
    let block = |at: usize| vec![change(&format!("{at}-{}", "x".repeat(700_000)))];
    log.file(T18, "00", 0, &(0..12).map(block).collect::<Vec<_>>());
    let mut feed = log.blobs().change_feed().events();
    for _ in 0..10 {
        feed.try_next().await.unwrap().unwrap();
    }
    let ranges = log.ranges();
    assert_eq!(ranges[..2], ["bytes=0-4194303", "bytes=4194304-8388607"]);
    let cursor = feed.cursor().unwrap().clone();
    log.forget_requests();
    let rest = names(&mut log.blobs().change_feed().cursor(cursor).events()).await;
    assert_eq!(
        rest.iter()
            .map(|name| name.trim_end_matches('x'))
            .collect::<Vec<_>>(),
        ["10-", "11-"]
    );
    let ranges = log.ranges();
    assert_eq!((ranges.len(), &*ranges[0]), (2, "bytes=0-65535"), "{ranges:?}");
    assert!(ranges[1].starts_with("bytes=70"), "{ranges:?}");
}

#[tokio::test]
async fn what_a_cursor_names_and_is_gone_is_said() {
    let mut feed = log().blobs().change_feed().events();
    feed.try_next().await.unwrap().unwrap();
    let cursor = feed.cursor().unwrap().clone();
    let cursor = || cursor.clone();
    let damages: [Damage; 4] = [
        ("segment \"idx/segments/2026/03/01/1800/\"", |log| {
            log.remove("idx/segments/2026/03/01/1800/")
        }),
        ("segment", |log| log.remove("idx/segments/")),
        ("shard \"log/00/2026/03/01/1800/\"", |log| {
            log.segment(T18, "Finalized", &["01"])
        }),
        ("file \"log/00/2026/03/01/1800/00000.avro\"", |log| {
            log.remove("log/00/2026/03/01/1800/00000")
        }),
    ];
    for (what, damage) in damages {
        let log = log();
        damage(&log);
        let mut feed = log.blobs().change_feed().cursor(cursor()).events();
        let error = feed.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(&format!("no {what}")), "{error}");
        assert!(feed.try_next().await.unwrap().is_none());
        assert_eq!(feed.cursor(), Some(&cursor()));
    }
}

#[tokio::test]
async fn a_log_that_is_not_as_it_must_be_is_an_error() {
    let damages: [Damage; 6] = [
        ("meta/segments.json", |log| log.put("meta/segments.json", b"{}")),
        ("meta/segments.json", |log| {
            log.put("meta/segments.json", br#"{"lastConsumable": "soon"}"#)
        }),
        ("meta/segments.json", |log| {
            log.put("meta/segments.json", &vec![b' '; (1 << 20) + 1])
        }),
        ("1900/meta.json", |log| {
            log.put("idx/segments/2026/03/01/1900/meta.json", b"[")
        }),
        ("Avro", |log| {
            log.put("log/00/2026/03/01/1900/00000.avro", b"Obj\x01nothing")
        }),
        ("no record", |log| {
            log.put(
                "log/00/2026/03/01/1900/00000.avro",
                &avro::file("\"string\"", &[vec![avro::text("a")]]),
            )
        }),
    ];
    for (what, damage) in damages {
        let log = log();
        damage(&log);
        let mut feed = log.blobs().change_feed().events();
        let error = loop {
            match feed.try_next().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("{what}: the feed ends as if nothing were wrong"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{error}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(feed.try_next().await.unwrap().is_none());
    }
    let never = Log::new(T18);
    never.remove("");
    let error = never.blobs().change_feed().events().try_next().await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::ContainerNotFound));
}

#[tokio::test]
async fn every_request_goes_with_the_options_of_the_call() {
    let log = log();
    let wait = Duration::from_secs(7);
    names(&mut log.blobs().change_feed().deadline(wait).events()).await;
    let deadlines = log.deadlines();
    assert!(deadlines.len() > 10);
    assert!(deadlines.iter().all(|deadline| *deadline == Some(Deadline(wait))));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_file_is_read_or_refused(
        damage in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 1..5),
    ) {
        let log = Log::new(T18);
        log.segment(T18, "Finalized", &["00"]);
        log.file(T18, "00", 0, &[vec![everything()], vec![everything(), change("a")]]);
        log.damage("log/00/2026/03/01/1800/00000.avro", &damage);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome: Result<Vec<ChangeFeedEvent>, _> =
            runtime.block_on(log.blobs().change_feed().events().try_collect());
        if let Err(error) = outcome {
            proptest::prop_assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
    }
}

//! The change feed, read from files that the simulation keeps: with its lists, its ranges and its checksums. It writes no such log itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where something is not as it must be"
)]

#[path = "../../crates/blob/src/avro/testing.rs"]
#[allow(dead_code, reason = "the Avro reader's own tests use the rest")]
mod avro;
#[path = "../../crates/blob/tests/change_feed/log.rs"]
#[allow(dead_code, reason = "the tests of the client use the rest")]
mod log;

use futures_util::TryStreamExt as _;
use lazuli_blob::ChangeFeed;
use lazuli_tests::{Backend, Kind};
use log::{Log, change};
use time::macros::datetime;

async fn names(feed: &mut ChangeFeed) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(event) = feed.try_next().await.unwrap() {
        names.push(event.blob_name().unwrap().to_owned());
    }
    names
}

#[tokio::test]
async fn a_log_in_the_simulation_is_read_and_read_on() {
    let (first, second) = (datetime!(2026-03-01 18:00 UTC), datetime!(2026-03-01 19:00 UTC));
    let log = Log::new(second);
    log.put_empty_segment("1601/01/01/0000");
    log.segment(first, "Finalized", &["00", "01"]);
    // Larger than a range.
    let large = change(&"x".repeat(5 << 20));
    log.file(first, "00", 0, &[vec![change("a1"), large], vec![change("a2")]]);
    log.file(first, "00", 1, &[vec![change("a3")]]);
    log.file(first, "01", 0, &[vec![change("b1")]]);
    log.segment(second, "Publishing", &["00"]);
    log.file(second, "00", 0, &[vec![change("c1")]]);

    let backend = Backend::start(Kind::InProcess).await;
    let blobs = backend.blobs();
    let container = blobs.container("$blobchangefeed");
    container.create().await.unwrap();
    for (name, content) in log.files() {
        container.blob(name).upload(content).await.unwrap();
    }

    let mut feed = blobs.change_feed().events();
    let read = names(&mut feed).await;
    let short: Vec<_> = read.iter().map(|name| name.trim_end_matches('x')).collect();
    assert_eq!(short, ["a1", "", "a2", "a3", "b1"]);
    for taken in 1..=read.len() {
        let mut feed = blobs.change_feed().events();
        for _ in 0..taken {
            feed.try_next().await.unwrap().unwrap();
        }
        let cursor = feed.cursor().unwrap().to_string().parse().unwrap();
        assert_eq!(
            names(&mut blobs.change_feed().cursor(cursor).events()).await,
            read[taken..]
        );
    }

    log.segment(second, "Finalized", &["00"]);
    for (name, content) in log.files() {
        container.blob(name).upload(content).await.unwrap();
    }
    let cursor = feed.cursor().unwrap().clone();
    assert_eq!(
        names(&mut blobs.change_feed().cursor(cursor).events()).await,
        ["c1"]
    );
}

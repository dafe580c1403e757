//! Tags, and finding blobs by them.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::{FindBlobsByTags, ListBlobsInclude};
use lazuli_blob::{Call, tag};
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_protocol::{BlobTags, ErrorCode};

use crate::expect::{holds, refused};
use crate::{Backend, Feature};

fn tags(pairs: &[(&str, &str)]) -> BlobTags {
    pairs.iter().fold(BlobTags::new(), |tags, (key, value)| {
        tags.with(*key, *value).unwrap()
    })
}

pub(super) async fn tags_come_back_and_are_replaced_whole(backend: &Backend) {
    let container = backend.container("tagged").await;
    let blob = container.blob("a");
    refused(blob.tags().await, 404, ErrorCode::BlobNotFound);
    let odd = tags(&[("a b", "1+1=2"), ("+-./:=_", " "), ("empty", "")]);
    let call = odd
        .iter()
        .fold(blob.upload("x"), |call, (key, value)| call.tag(key, value));
    let written = call.await.unwrap();
    assert_eq!(blob.tags().await.unwrap(), odd);
    assert_eq!(blob.properties().await.unwrap().tag_count, Some(3));

    let ten = (0..10).fold(blob.set_tags(), |call, n| {
        call.tag(format!("key{n}"), "v".repeat(256))
    });
    ten.await.unwrap();
    let told = blob.tags().await.unwrap();
    assert_eq!(told.len(), 10);
    assert_eq!(told.get("key9"), Some(&*"v".repeat(256)));
    // Tags are beside the blob: its ETag stays.
    assert_eq!(blob.properties().await.unwrap().etag, written.etag);

    let items = container.list().include(ListBlobsInclude::Tags).items();
    let entries: Vec<_> = items.try_collect().await.unwrap();
    let [ListBlobsEntry::Blob(listed)] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(listed.tags, told);
    blob.set_tags().await.unwrap();
    assert!(blob.tags().await.unwrap().is_empty());
    assert_eq!(blob.properties().await.unwrap().tag_count, None);
}

pub(super) async fn calls_under_conditions_on_tags(backend: &Backend) {
    let blob = backend.container("asked").await.blob("a");
    let write = blob.upload("x").tag("project", "apollo").tag("stage", "2");
    write.await.unwrap();
    let good = tag("project").eq("apollo").and(tag("stage").ge("2"));
    let bad = tag("project").eq("gemini");
    let not_met = ErrorCode::ConditionNotMet;
    blob.download().if_tags(good.clone()).await.unwrap();
    blob.properties().if_tags(good.clone()).await.unwrap();
    refused(blob.download().if_tags(bad.clone()).await, 412, not_met.clone());
    refused(blob.properties().if_tags(bad.clone()).await, 412, not_met.clone());
    refused(blob.upload("y").if_tags(bad.clone()).await, 412, not_met.clone());
    if backend.knows(Feature::TagConditionsOnTags) {
        refused(blob.set_tags().if_tags(bad.clone()).await, 412, not_met.clone());
    }
    refused(blob.delete().if_tags(bad).await, 412, not_met);
    holds(&blob, b"x").await;
    assert_eq!(blob.tags().await.unwrap().len(), 2);
    blob.delete().if_tags(good).await.unwrap();
}

async fn found(call: Call<FindBlobsByTags>) -> Vec<(String, String)> {
    let items = call.items().map_ok(|blob| (blob.container, blob.name));
    let mut found: Vec<_> = items.try_collect().await.unwrap();
    found.sort();
    found
}

/// The index may need a moment to know what was written. What is found in several containers has the order of their names, in which the 100th is before the 99th.
async fn found_soon(call: impl Fn() -> Call<FindBlobsByTags>, expected: &[(String, String)]) {
    let mut expected = expected.to_vec();
    expected.sort();
    for _ in 0..50 {
        if found(call()).await == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(found(call()).await, expected);
}

pub(super) async fn blobs_are_found_by_their_tags(backend: &Backend) {
    let one = backend.container("found").await;
    let other = backend.container("found").await;
    // Other scenarios have tags in this account, too.
    let key = backend.name("key").replace('-', "_");
    for container in [&one, &other] {
        for (name, value) in [("a", "1"), ("b", "2"), ("c/d", "3")] {
            let write = container.blob(name).upload("x").tag(key.as_str(), value);
            write.tag("beside", "it").await.unwrap();
        }
        container.blob("none").upload("x").await.unwrap();
    }
    let at = |container: &lazuli_blob::ContainerClient, names: &[&str]| {
        let pair = |name: &&str| (container.name().to_owned(), (*name).to_owned());
        names.iter().map(pair).collect::<Vec<_>>()
    };
    let everywhere = |names: &[&str]| [at(&one, names), at(&other, names)].concat();
    let of = || tag(key.as_str());

    let account = backend.blobs();
    let expected = everywhere(&["a", "b", "c/d"]);
    found_soon(|| account.find_blobs_by_tags(of().ge("1")), &expected).await;
    if backend.knows(Feature::FoundInPages) {
        let paged = || account.find_blobs_by_tags(of().ge("1")).page_size(1);
        found_soon(paged, &expected).await;
    }
    found_soon(
        || account.find_blobs_by_tags(of().gt("1").and(of().lt("3"))),
        &everywhere(&["b"]),
    )
    .await;
    let inside = of().le("2").in_container(other.name());
    found_soon(
        || account.find_blobs_by_tags(inside.clone()),
        &at(&other, &["a", "b"]),
    )
    .await;
    found_soon(|| one.find_blobs_by_tags(of().eq("3")), &at(&one, &["c/d"])).await;
    found_soon(|| one.find_blobs_by_tags(of().eq("4")), &[]).await;

    let page = one.find_blobs_by_tags(of().eq("2")).await.unwrap();
    let [blob] = page.blobs.as_slice() else {
        panic!("{page:?}");
    };
    // Those that were asked for are told.
    assert_eq!(blob.tags, tags(&[(key.as_str(), "2")]));
    one.blob("b").delete().await.unwrap();
    found_soon(|| one.find_blobs_by_tags(of().eq("2")), &[]).await;
}

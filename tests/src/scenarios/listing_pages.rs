//! Lists of blobs, page by page.

use futures_util::{StreamExt as _, TryStreamExt as _};
use lazuli_protocol::xml::ListBlobsEntry;

use crate::expect::{listed, put_all};
use crate::{Backend, Feature};

const NAMES: [&str; 8] = ["a", "b 1", "b+2", "c/d", "c/e", "f%20g", "ü", "日本"];

pub(super) async fn every_page_size_gives_the_same_list(backend: &Backend) {
    let container = backend.container("pages").await;
    put_all(&container, &NAMES).await;
    for size in [1, 2, 3, 7, 8, 9, 5000] {
        let pages: Vec<_> = container
            .list()
            .page_size(size)
            .pages()
            .try_collect()
            .await
            .unwrap();
        assert!(
            pages.iter().all(|page| page.entries.len() <= size as usize),
            "{size}"
        );
        assert_eq!(listed(container.list().page_size(size)).await, NAMES, "{size}");
    }
    for size in [0, 5001] {
        let refused = container
            .list()
            .page_size(size)
            .pages()
            .try_next()
            .await
            .unwrap_err();
        assert_eq!(refused.kind(), lazuli_blob::ErrorKind::InvalidInput, "{size}");
    }
}

pub(super) async fn pages_of_folders(backend: &Backend) {
    let container = backend.container("folders").await;
    let names = ["a", "b/1", "b/2", "b/3", "c/1", "c/d/1", "e", "f/1"];
    put_all(&container, &names).await;
    for size in [1, 2, 3, 100] {
        for (prefix, expected) in [
            ("", &["a", "|b/", "|c/", "e", "|f/"] as &[&str]),
            ("c/", &["c/1", "|c/d/"]),
        ] {
            let mut found = listed(container.list().prefix(prefix).delimiter("/").page_size(size)).await;
            if !backend.knows(Feature::PrefixesInOrder) {
                found.sort_by(|one, other| one.trim_start_matches('|').cmp(other.trim_start_matches('|')));
            }
            assert_eq!(found, expected, "{prefix:?}, {size}");
        }
    }
}

pub(super) async fn a_list_goes_on_at_a_saved_marker(backend: &Backend) {
    let container = backend.container("marker").await;
    put_all(&container, &NAMES).await;
    let first = container
        .list()
        .page_size(3)
        .pages()
        .try_next()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(first.entries.len(), 3);
    let marker = first.next_marker.unwrap();
    // What comes and goes before the marker does not move it.
    container.blob("a").delete().await.unwrap();
    put_all(&container, &["a0", "a1"]).await;
    for size in [1, 2, 5000] {
        let rest = listed(container.list().marker(marker.as_str()).page_size(size)).await;
        assert_eq!(rest, NAMES[3..], "{size}");
    }
}

pub(super) async fn more_than_a_page_holds(backend: &Backend) {
    let container = backend.container("many").await;
    let names: Vec<_> = (0..5001).map(|number| format!("n/{number:05}")).collect();
    futures_util::stream::iter(&names)
        .for_each_concurrent(16, async |name| {
            container.blob(name.as_str()).upload("").await.unwrap();
        })
        .await;
    let pages: Vec<_> = container.list().pages().try_collect().await.unwrap();
    assert!(pages.len() > 1 && pages.iter().all(|page| page.entries.len() <= 5000));
    let found: Vec<_> = pages
        .into_iter()
        .flat_map(|page| page.entries)
        .map(|entry| match entry {
            ListBlobsEntry::Blob(blob) => blob.name,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(found == names, "{} names came back, or others", found.len());
    assert_eq!(listed(container.list().delimiter("/")).await, ["|n/"]);
}

//! Lists that are asked for as Apache Arrow tables. Where a back end answers in XML all the same, nothing else differs.

use futures_util::TryStreamExt as _;
use lazuli_blob::ListBlobsCall;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_protocol::xml::ListBlobsEntry;

use crate::expect::{listed, put_all};
use crate::{Backend, Feature};

const TREE: [&str; 7] = ["a", "a/1", "a/2/x", "ab", "b/1", "b/c/d", "c"];

async fn entries(list: ListBlobsCall) -> Vec<ListBlobsEntry> {
    list.items().try_collect().await.unwrap()
}

pub(super) async fn a_table_says_what_a_document_says(backend: &Backend) {
    let container = backend.container("tables").await;
    assert!(entries(container.list().arrow()).await.is_empty());
    put_all(&container, &["plain", " two  blanks ", "<&>", "日"]).await;
    let furnished = container.blob("furnished").upload("hello");
    let furnished = furnished
        .content_type("text/plain")
        .cache_control("no-store")
        .metadata("one", "1")
        .metadata("two", "<&>");
    furnished.await.unwrap();
    container.blob("furnished").create_snapshot().await.unwrap();
    let list = || {
        let list = container.list().include(ListBlobsInclude::Metadata);
        list.include(ListBlobsInclude::Snapshots)
    };
    let document = entries(list()).await;
    assert_eq!(document.len(), 6);
    assert_eq!(entries(list().arrow()).await, document);
    assert_eq!(
        entries(list().arrow().page_size(2)).await,
        document,
        "two at a time"
    );
}

pub(super) async fn a_table_has_folders(backend: &Backend) {
    let container = backend.container("tablefolders").await;
    put_all(&container, &TREE).await;
    for prefix in ["", "a", "a/", "b/c/", "none/"] {
        let list = || container.list().prefix(prefix).delimiter("/");
        assert_eq!(listed(list().arrow()).await, listed(list()).await, "{prefix:?}");
    }
}

pub(super) async fn a_table_ends_before_a_name(backend: &Backend) {
    let container = backend.container("before").await;
    put_all(&container, &TREE).await;
    for before in ["a", "a/2", "ab", "b/2", "d"] {
        let expected: Vec<_> = TREE
            .into_iter()
            .filter(|name| *name < before || !backend.knows(Feature::ArrowLists))
            .collect();
        let list = || container.list().end_before(before);
        assert_eq!(listed(list()).await, expected, "{before:?}");
        assert_eq!(
            listed(list().page_size(2)).await,
            expected,
            "{before:?}, two at a time"
        );
    }
}

//! Names of blobs, odd ones above all.

use futures_util::TryStreamExt as _;
use lazuli_protocol::ErrorCode;

use crate::expect::{absent, holds, listed, put_all, refused};
use crate::tree::ODD_NAMES;
use crate::{Backend, Feature};

/// Names that a service can hold and a disk or another client may not.
const ODDER_NAMES: &[&str] = &[
    "a//b",
    "a///b//c",
    "/starts with a slash",
    "ends with a slash/",
    "//",
    "dot at the end.",
    "CON",
    "*",
    "a b  c   d",
    "%2F",
    "%",
    "..hidden",
    "a/...",
    "+",
    " ",
    "#",
    "?comp=list",
    "&",
];

pub(super) async fn any_name_comes_back(backend: &Backend) {
    let container = backend.container("names").await;
    let mut names: Vec<_> = ODD_NAMES.iter().chain(ODDER_NAMES).copied().collect();
    put_all(&container, &names).await;
    for name in &names {
        holds(&container.blob(*name), name.as_bytes()).await;
        let properties = container.blob(*name).properties().await.unwrap();
        assert_eq!(properties.content_length, name.len() as u64, "{name:?}");
    }
    let mut found = listed(container.list()).await;
    found.sort();
    names.sort_unstable();
    assert_eq!(found, names);
    for name in names {
        let only = listed(container.list().prefix(name)).await;
        assert!(
            only.iter().any(|found| found == name),
            "{name:?} is not below itself: {only:?}"
        );
        container.blob(name).delete().await.unwrap();
    }
    assert!(listed(container.list()).await.is_empty());
}

pub(super) async fn names_differ_by_a_single_bit(backend: &Backend) {
    let container = backend.container("similar").await;
    // The same to the eye, or to one who decodes twice, folds case or joins slashes.
    let names = [
        "a b", "a%20b", "a+b", "a/b", "a//b", "a%2Fb", "A/b", "e\u{301}", "\u{e9}", "E\u{301}",
    ];
    put_all(&container, &names).await;
    for name in names {
        holds(&container.blob(name), name.as_bytes()).await;
    }
    assert_eq!(listed(container.list()).await.len(), names.len());
}

pub(super) async fn the_longest_name(backend: &Backend) {
    let container = backend.container("long").await;
    for name in ["n".repeat(1024), "ü".repeat(1024), vec!["abc"; 254].join("/")] {
        let blob = container.blob(name.as_str());
        blob.upload("x").await.unwrap();
        holds(&blob, b"x").await;
        assert_eq!(listed(container.list().prefix(name.as_str())).await, [name]);
    }
    for name in [
        "n".repeat(1025),
        "😀".repeat(513),
        vec!["a"; 255].join("/"),
        String::new(),
    ] {
        let error = container.blob(name).upload("x").await.unwrap_err();
        assert_eq!(error.kind(), lazuli_blob::ErrorKind::InvalidInput);
    }
    absent(&container.blob("m".repeat(1024))).await;
    refused(container.blob("n").delete().await, 404, ErrorCode::BlobNotFound);
}

pub(super) async fn names_that_xml_cannot_hold(backend: &Backend) {
    let container = backend.container("unprintable").await;
    let names = ["a\u{fffe}b", "dir\u{ffff}/x", "plain"];
    put_all(&container, &names).await;
    for name in names {
        holds(&container.blob(name), name.as_bytes()).await;
    }
    if !backend.knows(Feature::EncodedNames) {
        let page = container.list().pages().try_next().await;
        assert_eq!(
            page.unwrap_err().status().map(|status| status.as_u16()),
            Some(500)
        );
        return;
    }
    let mut found = listed(container.list()).await;
    found.sort();
    assert_eq!(found, ["a\u{fffe}b", "dir\u{ffff}/x", "plain"]);
    let folders = listed(container.list().delimiter("/")).await;
    assert!(folders.contains(&"|dir\u{ffff}/".to_owned()), "{folders:?}");
}

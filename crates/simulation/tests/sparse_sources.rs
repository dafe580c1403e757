//! Copies of page blobs that are large and hold next to nothing, and sources that are too large to be taken.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use rig::{ENDPOINT, Rig};

async fn ready() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.make_public("box").await;
    make_sparse(&rig, "/box/sparse").await;
    rig
}

fn copy<'a>(rig: &'a Rig, to: &str, from: &str) -> rig::Call<'a> {
    rig.put(to, "")
        .header("x-ms-copy-source", format!("{ENDPOINT}{from}"))
}

/// Makes a page blob of 8 TiB with a page of sevens at 100 MiB.
async fn make_sparse(rig: &Rig, path: &str) {
    rig.put(path, "")
        .header("x-ms-blob-type", "PageBlob")
        .header("x-ms-blob-content-length", (8_u64 << 40).to_string())
        .send()
        .await
        .expect(201);
    let write = rig.put(&format!("{path}?comp=page"), vec![7; 512]);
    let first = 100 << 20;
    write
        .header("x-ms-page-write", "update")
        .header("x-ms-range", format!("bytes={first}-{}", first + 511))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn what_is_too_large_to_be_taken_is_refused_before_it_is_read() {
    let rig = ready().await;
    for (kind, path) in [("AppendBlob", "/box/log"), ("PageBlob", "/box/pages")] {
        let make = rig.put(path, "").header("x-ms-blob-type", kind);
        let make = make.header("x-ms-blob-content-length", (1_u64 << 40).to_string());
        make.send().await.expect(201);
    }
    let from = |path: &str| copy(&rig, path, "/box/sparse");
    let of = |len: u64| format!("bytes=0-{}", len - 1);
    let block = || from("/box/b?comp=block&blockid=QQ%3D%3D");
    let append = || from("/box/log?comp=appendblock");
    let pages = |len: u64| {
        from("/box/pages?comp=page")
            .header("x-ms-page-write", "update")
            .header("x-ms-range", of(len))
            .header("x-ms-source-range", of(len))
    };
    for (call, most) in [
        (pages((4 << 20) + 512), "4MB"),
        (from("/box/b").header("x-ms-blob-type", "BlockBlob"), "5000MB"),
        (from("/box/b").header("x-ms-requires-sync", "true"), "256MB"),
        (block(), "4000MB"),
        (
            block().header("x-ms-source-range", of((4000 << 20) + 1)),
            "4000MB",
        ),
        (append().header("x-ms-source-range", of((100 << 20) + 1)), "100MB"),
        (
            append()
                .header("x-ms-source-range", of((4 << 20) + 1))
                .header("x-ms-version", "2021-12-02"),
            "4MB",
        ),
    ] {
        let refused = call.send().await.expect_error(409, "CannotVerifyCopySource");
        assert!(
            refused.text().contains(&format!("({most})")),
            "{}",
            refused.text()
        );
    }
    append()
        .header("x-ms-source-range", of(100 << 20))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn a_copy_of_a_sparse_blob_is_as_sparse() {
    let rig = ready().await;
    copy(&rig, "/box/copy", "/box/sparse").send().await.expect(202);
    let pages = rig.get("/box/copy?comp=pagelist").send().await.expect(200);
    assert_eq!(
        (pages.elements("Start"), pages.elements("End")),
        (vec!["104857600".to_owned()], vec!["104858111".to_owned()])
    );
    // Its bytes are those of a block, too.
    copy(&rig, "/box/b?comp=block&blockid=QQ%3D%3D", "/box/copy")
        .header(
            "x-ms-source-range",
            format!("bytes={}-{}", 90 << 20, (110 << 20) - 1),
        )
        .send()
        .await
        .expect(201);
    rig.put(
        "/box/b?comp=blocklist",
        "<BlockList><Latest>QQ==</Latest></BlockList>",
    )
    .send()
    .await
    .expect(201);
    let around = rig.get("/box/b");
    let first = (10 << 20) - 1;
    let around = around
        .header("x-ms-range", format!("bytes={first}-{}", first + 513))
        .send()
        .await
        .expect(206);
    assert_eq!(around.body[..], [&[0][..], &[7; 512], &[0]].concat());
}

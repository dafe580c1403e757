//! The newcomer's tour, on the account that the command brings with it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use std::fs;

use support::{Folder, json};

/// A folder with a tree of documents in it: small, empty, nested, larger than a range, and with a name that needs care.
fn with_docs() -> Folder {
    let folder = Folder::new();
    folder.write("docs/a.md", b"hello\n");
    folder.write("docs/empty", b"");
    folder.write("docs/sub/deep/b.md", b"deep\n");
    folder.write("docs/sub/\u{fc} b #1%20?.md", b"x");
    let large: Vec<u8> = (0..9_000_000_u32).map(|at| (at % 251) as u8).collect();
    folder.write("docs/sub/large.bin", &large);
    folder
}

#[test]
fn a_tree_goes_up_and_comes_back() {
    let folder = with_docs();

    let copied = folder
        .lazuli(&["cp", "--recursive", "docs", "az://quickstart/docs"])
        .ok();
    assert!(
        copied.stdout.starts_with("copied 5 files, 8.5 MiB, in "),
        "{copied:?}"
    );
    assert!(
        copied
            .stdout
            .contains("from docs to az://quickstart/docs, the local account in .lazuli\n"),
        "{copied:?}"
    );
    assert!(
        copied.stdout.contains("checked end to end: 5 files by CRC64\n"),
        "{copied:?}"
    );
    let told = "using the local account in .lazuli (set AZURE_STORAGE_CONNECTION_STRING to use a real one)\n";
    assert_eq!(copied.stderr.matches(told).count(), 1, "{copied:?}");
    assert!(
        copied.stderr.contains("made the container quickstart\n"),
        "{copied:?}"
    );
    assert!(copied.stderr.contains("copied docs/a.md (6 B)\n"), "{copied:?}");

    assert_eq!(folder.lazuli(&["ls"]).ok().stdout, "quickstart\n");
    assert_eq!(folder.lazuli(&["ls", "az://quickstart"]).ok().stdout, "docs/\n");
    let mut level: Vec<_> = folder.lazuli(&["ls", "az://quickstart/docs"]).ok().lines();
    level.sort();
    assert_eq!(level, ["a.md", "empty", "sub/"]);
    let all = folder
        .lazuli(&["ls", "--recursive", "az://quickstart/docs/"])
        .ok()
        .lines();
    assert_eq!(all.len(), 5, "{all:?}");
    let long = folder
        .lazuli(&["ls", "--long", "az://quickstart/docs/sub/large.bin"])
        .ok()
        .stdout;
    assert!(
        long.starts_with(" 8.5 MiB  ") && long.ends_with("  large.bin\n"),
        "{long}"
    );

    assert_eq!(
        folder.lazuli(&["cat", "az://quickstart/docs/a.md"]).ok().stdout,
        "hello\n"
    );
    let both = [
        "-q",
        "cat",
        "az://quickstart/docs/a.md",
        "az://quickstart/docs/empty",
        "az://quickstart/docs/sub/deep/b.md",
    ];
    let both = folder.lazuli(&both).ok();
    assert_eq!(
        (both.stdout.as_str(), both.stderr.as_str()),
        ("hello\ndeep\n", "")
    );
    let large = folder.lazuli(&["cat", "az://quickstart/docs/sub/large.bin"]).ok();
    assert!(
        large.bytes == fs::read(folder.path("docs/sub/large.bin")).unwrap(),
        "cat prints what was copied"
    );

    let stat = folder.lazuli(&["stat", "az://quickstart/docs/a.md"]).ok().stdout;
    assert!(stat.contains("size:                    6 bytes\n"), "{stat}");

    folder
        .lazuli(&["cp", "--recursive", "az://quickstart/docs", "./back"])
        .ok();
    folder.assert_same("docs", "back");
    folder
        .lazuli(&["cp", "az://quickstart/docs/a.md", "one/two/"])
        .ok();
    assert_eq!(folder.read("one/two/a.md"), b"hello\n");

    folder.lazuli(&["rm", "az://quickstart/docs/a.md"]).ok();
    folder.lazuli(&["cat", "az://quickstart/docs/a.md"]).fails(3);
    assert!(
        folder
            .lazuli(&["rm", "--recursive", "az://quickstart/docs"])
            .ok()
            .stdout
            .starts_with("deleted 4 blobs")
    );
    assert_eq!(folder.lazuli(&["ls", "az://quickstart"]).ok().stdout, "");
}

#[test]
fn programs_read_json() {
    let folder = with_docs();

    let copied = folder
        .lazuli(&["--output", "json", "cp", "-r", "docs", "az://quickstart/docs"])
        .ok();
    assert_eq!(copied.stderr, "");
    let report = json(&copied.stdout);
    assert_eq!(
        (report["files"].as_u64(), report["bytes"].as_u64()),
        (Some(5), Some(9_000_012))
    );
    assert_eq!(report["verified"]["crc64"], 5);
    assert_eq!(report["destination"], "az://quickstart/docs");
    assert_eq!(report["account"]["source"], "embedded");
    assert!(report["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(report["failures"].as_array().unwrap().len(), 0);

    let listed = folder
        .lazuli(&["--output", "json", "ls", "-r", "az://quickstart"])
        .ok()
        .lines();
    let listed: Vec<_> = listed.iter().map(|line| json(line)).collect();
    assert_eq!(listed.len(), 5);
    let deep = listed
        .iter()
        .find(|entry| entry["name"] == "docs/sub/deep/b.md")
        .unwrap();
    assert_eq!((&deep["type"], deep["bytes"].as_u64()), (&"blob".into(), Some(5)));
    assert_eq!(deep["location"], "az://quickstart/docs/sub/deep/b.md");

    let stat = json(
        &folder
            .lazuli(&["--output", "json", "stat", "az://quickstart/docs/a.md"])
            .ok()
            .stdout,
    );
    assert_eq!(
        (stat["bytes"].as_u64(), stat["blob_type"].as_str()),
        (Some(6), Some("BlockBlob"))
    );
    assert!(
        stat["content_type"]
            .as_str()
            .unwrap()
            .starts_with("text/markdown"),
        "{stat}"
    );

    let made = json(&folder.lazuli(&["--output", "json", "mb", "other"]).ok().stdout);
    assert_eq!(
        (made["container"].as_str(), made["created"].as_bool()),
        (Some("other"), Some(true))
    );

    let gone = folder
        .lazuli(&["--output", "json", "cat", "az://quickstart/nothing"])
        .fails(3);
    let error = &json(&gone.stderr)["error"];
    assert_eq!(
        (error["kind"].as_str(), error["code"].as_str()),
        (Some("not_found"), Some("BlobNotFound"))
    );
    assert_eq!(error["exit_code"], 3);
    assert_eq!(
        error["help"],
        "see what there is with `lazuli ls az://quickstart`"
    );

    let removed = json(
        &folder
            .lazuli(&["--output", "json", "rm", "-r", "az://quickstart/docs/"])
            .ok()
            .stdout,
    );
    assert_eq!(
        (removed["blobs"].as_u64(), removed["failed"].as_u64()),
        (Some(5), Some(0))
    );
}

#[test]
fn a_name_is_literal_after_az_and_decoded_nowhere() {
    let folder = Folder::new();
    folder.write("a", b"1");
    folder
        .lazuli(&["cp", "a", "az://quickstart/100%25 ?#\u{fc}"])
        .ok();
    assert_eq!(
        folder.lazuli(&["ls", "az://quickstart"]).ok().stdout,
        "100%25 ?#\u{fc}\n"
    );
    folder
        .lazuli(&["cp", "az://quickstart/100%25 ?#\u{fc}", "."])
        .ok();
    assert_eq!(folder.read("100%25 ?#\u{fc}"), b"1");
}

#[test]
fn what_is_there_can_be_kept() {
    let folder = Folder::new();
    folder.write("docs/a", b"old");
    folder.write("docs/b", b"b");
    folder.lazuli(&["cp", "docs/a", "az://quickstart"]).ok();
    folder.write("docs/a", b"new");
    let kept = folder
        .lazuli(&["cp", "-r", "--no-overwrite", "docs", "az://quickstart"])
        .ok();
    assert!(
        kept.stdout.contains("copied 1 file, 1 B") && kept.stdout.contains("skipped 1 file\n"),
        "{kept:?}"
    );
    assert_eq!(folder.lazuli(&["cat", "az://quickstart/a"]).ok().stdout, "old");
    folder.lazuli(&["cp", "-r", "docs", "az://quickstart"]).ok();
    assert_eq!(folder.lazuli(&["cat", "az://quickstart/a"]).ok().stdout, "new");
}

#[test]
fn recursive_with_one_blob_copies_it() {
    let folder = Folder::new();
    folder.write("a", b"1");
    folder.lazuli(&["cp", "a", "az://quickstart/x/a"]).ok();
    folder.lazuli(&["cp", "-r", "az://quickstart/x/a", "b"]).ok();
    assert_eq!(folder.read("b"), b"1");
    for arguments in [
        ["cp", "-r", "az://quickstart/x/a", "new/"],
        ["cp", "-r", "az://quickstart/x/a", "new"],
    ] {
        let copied = folder.lazuli(&arguments).ok();
        assert!(
            copied.stdout.contains("from az://quickstart/x/a to new/a, "),
            "{copied:?}"
        );
        assert_eq!(folder.read("new/a"), b"1");
    }
}

#[test]
fn a_slash_at_the_end_deletes_only_what_is_below() {
    let folder = Folder::new();
    folder.write("a", b"1");
    for name in ["s", "s/b", "s/c/d", "st"] {
        folder.lazuli(&["cp", "a", &format!("az://box/{name}")]).ok();
    }
    let deleted = folder.lazuli(&["rm", "-r", "az://box/s/"]).ok();
    assert!(
        deleted.stdout.starts_with("deleted 2 blobs from az://box/s/"),
        "{deleted:?}"
    );
    assert_eq!(folder.lazuli(&["ls", "-r", "az://box"]).ok().lines(), ["s", "st"]);
    let again = folder.lazuli(&["rm", "-r", "az://box/s/"]).fails(3);
    assert!(
        again.stderr.contains("there is no blob below az://box/s/\n"),
        "{again:?}"
    );
    folder.lazuli(&["rm", "-r", "az://box/s"]).ok();
    assert_eq!(folder.lazuli(&["ls", "-r", "az://box"]).ok().lines(), ["st"]);
}

#[test]
fn a_download_keeps_out_of_the_local_account() {
    let folder = Folder::new();
    folder.write("a", b"1");
    folder.lazuli(&["cp", "a", "az://box/.lazuli/evil/a"]).ok();
    for destination in [".lazuli/a", ".lazuli/", "./.lazuli/one/two/"] {
        folder
            .lazuli(&["cp", "az://box/.lazuli/evil/a", destination])
            .fails(2);
    }
    folder
        .lazuli(&["cp", "-r", "az://box/.lazuli", ".lazuli"])
        .fails(2);
    folder.lazuli(&["cp", "-r", "az://box", "."]).fails(1);
    for made in ["a", "evil", "one"] {
        assert!(!folder.path(".lazuli").join(made).exists(), "{made}");
    }
    folder.lazuli(&["cp", "-r", "az://box/.lazuli", "out"]).ok();
    assert_eq!(folder.read("out/evil/a"), b"1");
}

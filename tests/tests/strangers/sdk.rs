//! The official SDK for Python, against `lazuli serve` and beside `lazuli cp`.

use std::fs;
use std::path::Path;
use std::process::Command;

use lazuli_tests::process::{Served, run};
use lazuli_tests::{content, tools, tree};

use crate::{folder, json};

const SMALL_FILES: u32 = 10_000;
const GIB: u64 = 1024 * 1024 * 1024;

/// A script that has the account in its environment.
fn python(served: &Served, script: &str, words: &[&str], local: &Path) -> Command {
    let mut command = Command::new(tools::python());
    command.arg(tools::script(script)).args(words).arg(local);
    command.env("AZURE_STORAGE_CONNECTION_STRING", served.connection_string());
    command
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn the_sdk_reads_back_what_cp_wrote() {
    let folder = folder();
    let source = folder.path().join("source");
    fs::create_dir(&source).unwrap();
    tree::write_small_files(&source, SMALL_FILES);
    tree::write_odd_names(&source);
    content::write_file(&source.join("large.bin"), 1, GIB).unwrap();
    let files = tree::names(&source).len();

    let served = Served::start(Some(&folder.path().join("location")));
    run(&mut served.lazuli(folder.path(), &["mb", "az://box"]));
    let copy = ["cp", "--recursive", "source", "az://box/tree", "--output", "json"];
    let copied = json(&run(&mut served.lazuli(folder.path(), &copy)));
    println!("{copied}");
    assert_eq!(copied["files"], files);
    assert_eq!((&copied["failed"], &copied["skipped"]), (&0.into(), &0.into()));
    assert_eq!(copied["verified"]["crc64"], files);

    let read = json(&run(&mut python(
        &served,
        "read_back.py",
        &["box", "tree/"],
        &source,
    )));
    println!("{read}");
    assert_eq!(read["differences"], serde_json::json!([]));
    assert_eq!(read["identical"], files);
    assert_eq!(read["bytes"], copied["bytes"]);
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn cp_and_cat_read_what_the_sdk_wrote() {
    let folder = folder();
    let (local, back) = (folder.path().join("local"), folder.path().join("back"));
    let served = Served::start(None);
    let wrote = json(&run(&mut python(
        &served,
        "write_others.py",
        &["box", "others/"],
        &local,
    )));
    println!("{wrote}");
    let names = tree::names(&local);
    assert_eq!(wrote["written"], names.len());

    let copy = ["cp", "--recursive", "az://box/others", "back", "--output", "json"];
    let copied = json(&run(&mut served.lazuli(folder.path(), &copy)));
    assert_eq!(copied["files"], names.len());
    assert_eq!(copied["verified"]["crc64"], names.len());
    tree::assert_same(&local, &back);

    for name in &names {
        let cat = run(&mut served.lazuli(folder.path(), &["cat", &format!("az://box/others/{name}")]));
        assert!(cat.stdout == fs::read(local.join(name)).unwrap(), "{name}");
    }
    let stat = ["stat", "az://box/others/described.txt", "--output", "json"];
    let stat = json(&run(&mut served.lazuli(folder.path(), &stat)));
    for (name, value) in [
        ("content_type", "text/x-described; charset=utf-8"),
        ("content_language", "de-AT"),
        ("content_disposition", "inline"),
        ("cache_control", "max-age=60"),
    ] {
        assert_eq!(stat[name], value, "{stat}");
    }
    assert_eq!(
        stat["metadata"],
        serde_json::json!({ "project": "apollo", "stage": "2 of 3" })
    );
}

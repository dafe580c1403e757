//! `lazuli cp` is killed half way: under a final name there is a whole file or none.

use std::collections::BTreeMap;
use std::fs;
use std::future::IntoFuture as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use lazuli_blob::ContainerClient;
use lazuli_protocol::xml::ListBlobsEntry;
use lazuli_tests::content;
use lazuli_tests::process::{Running, Served, lazuli, run};
use lazuli_tests::tree::{self, Held};
use tempfile::TempDir;

use crate::folder;

const MIB: u64 = 1024 * 1024;

/// What a copy is killed after: some of the files of the tree, which are found in the order of their names.
const AFTER: [usize; 4] = [1, 100, 400, 603];

/// A folder with a tree `source` of 600 small files and some large ones, which come last.
fn source() -> (TempDir, BTreeMap<String, Held>) {
    let folder = folder();
    let root = folder.path().join("source");
    tree::write_small_files(&root, 600);
    fs::create_dir(root.join("large")).unwrap();
    for number in 0..12 {
        let path = root.join(format!("large/{number:02}.bin"));
        content::write_file(&path, number, 20 * MIB + number).unwrap();
    }
    let files = tree::files(&root);
    (folder, files)
}

/// Starts a copy and kills it when `progress` has come to `after`; says whether it was still at work.
fn kill_after(command: &mut Command, after: usize, mut progress: impl FnMut() -> usize) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut copy = Running::start(command);
    while progress() < after {
        if !copy.is_running() {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    let at_work = copy.is_running();
    copy.kill();
    at_work
}

/// The files that have their final names.
fn finished(root: &Path) -> BTreeMap<String, Held> {
    let mut files = match root.exists() {
        true => tree::files(root),
        false => BTreeMap::new(),
    };
    files.retain(|name, _| !name.ends_with(".lazuli-part"));
    files
}

fn count(root: &Path) -> usize {
    match root.exists() {
        true => tree::names(root)
            .iter()
            .filter(|name| !name.ends_with(".lazuli-part"))
            .count(),
        false => 0,
    }
}

/// Asserts that each of `some` is one of `all`, with the same bytes.
#[track_caller]
fn assert_whole(some: &BTreeMap<String, Held>, all: &BTreeMap<String, Held>) {
    for (name, held) in some {
        assert_eq!(Some(held), all.get(name), "{name}");
    }
}

/// Kills downloads at several points, each into a folder of its own, and lets the last one be made whole by another try.
fn downloads(at: &Path, files: &BTreeMap<String, Held>, command: impl Fn(&[&str]) -> Command) {
    let mut in_the_middle = 0;
    for after in AFTER {
        let target = format!("back-{after}");
        let back = at.join(&target);
        let copy = ["cp", "--recursive", "--requests", "2", "az://box/tree", &target];
        let at_work = kill_after(&mut command(&copy), after, || count(&back));
        let some = finished(&back);
        println!(
            "download: {} of {} files when it was killed",
            some.len(),
            files.len()
        );
        assert_whole(&some, files);
        in_the_middle += u32::from(at_work && some.len() < files.len());
        // What is left behind does not stand in the way.
        run(&mut command(&copy));
        tree::assert_same_files(files, &finished(&back));
        fs::remove_dir_all(&back).unwrap();
    }
    assert!(
        in_the_middle >= 2,
        "the copies were done before they could be killed"
    );
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn a_killed_download_leaves_whole_files() {
    let (folder, files) = source();
    let served = Served::start(None);
    let command = |words: &[&str]| served.lazuli(folder.path(), words);
    run(&mut command(&["mb", "az://box"]));
    run(&mut command(&["cp", "--recursive", "source", "az://box/tree"]));
    downloads(folder.path(), &files, command);
}

async fn blobs(container: &ContainerClient) -> Vec<String> {
    let name = |entry| match entry {
        ListBlobsEntry::Blob(blob) => blob.name,
        other => panic!("{other:?}"),
    };
    container.list().items().map_ok(name).try_collect().await.unwrap()
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn a_killed_upload_leaves_whole_blobs() {
    let (folder, files) = source();
    let served = Served::start(None);
    let command = |words: &[&str]| served.lazuli(folder.path(), words);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut in_the_middle = 0;
    for after in AFTER {
        let container = served.blobs().container(format!("box-{after}"));
        runtime.block_on(container.create().into_future()).unwrap();
        let location = format!("az://box-{after}/");
        let copy = ["cp", "--recursive", "--requests", "2", "source", &location];
        let at_work = kill_after(&mut command(&copy), after, || {
            runtime.block_on(blobs(&container)).len()
        });
        let there = runtime.block_on(blobs(&container));
        println!(
            "upload: {} of {} blobs when it was killed",
            there.len(),
            files.len()
        );
        in_the_middle += u32::from(at_work && there.len() < files.len());
        for name in there {
            let download = runtime.block_on(container.blob(name.as_str()).download().into_future());
            let bytes = runtime.block_on(download.unwrap().bytes()).unwrap();
            assert_eq!(Some(&Held::of(&bytes)), files.get(&name), "{name}");
        }
    }
    assert!(
        in_the_middle >= 2,
        "the copies were done before they could be killed"
    );
}

/// The bytes that stand below a folder.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
        Ok(metadata) => metadata.len(),
        // It may be gone again.
        Err(_) => 0,
    };
    entries.filter_map(Result::ok).map(size).sum()
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn the_local_account_survives_killed_copies() {
    let (folder, files) = source();
    let command = |words: &[&str]| lazuli(folder.path(), words);
    let data = folder.path().join(".lazuli");
    let upload = ["cp", "--recursive", "--requests", "2", "source", "az://box/tree"];
    let mut in_the_middle = 0;
    for after in [1, 2, 40, 150] {
        let begun = bytes_below(&data);
        let grown = || {
            (bytes_below(&data).saturating_sub(begun) / MIB)
                .try_into()
                .unwrap()
        };
        let at_work = kill_after(&mut command(&upload), after, grown);
        // Whatever the kill left is opened again at once.
        let back = folder.path().join("seen");
        if at_work {
            run(&mut command(&["cp", "--recursive", "az://box", "seen"]));
        }
        let some = finished(&back.join("tree"));
        println!(
            "local account: {} of {} blobs when it was killed",
            some.len(),
            files.len()
        );
        assert_whole(&some, &files);
        in_the_middle += u32::from(at_work && some.len() < files.len());
        if back.exists() {
            fs::remove_dir_all(&back).unwrap();
        }
        run(&mut command(&["rm", "--recursive", "--yes", "az://box"]));
    }
    assert!(
        in_the_middle >= 2,
        "the copies were done before they could be killed"
    );
    run(&mut command(&upload));
    downloads(folder.path(), &files, command);
}

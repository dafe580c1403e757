//! AzCopy with a shared access signature: a tree goes up, is compared, and is removed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{Sas, SasToken};
use lazuli_tests::process::{Served, run};
use lazuli_tests::{content, tools, tree};
use time::Duration;

use crate::folder;

/// AzCopy takes an IP address for an emulator's, and then has to be told what is where.
const UP: &str = "--from-to=LocalBlob";
const DOWN: &str = "--from-to=BlobLocal";

/// Calls AzCopy with one token.
struct AzCopy<'a> {
    program: &'a Path,
    folder: &'a Path,
    served: &'a Served,
    token: SasToken,
}

impl AzCopy<'_> {
    fn url(&self, path: &str) -> String {
        format!("{}/{path}?{}", self.served.account_url(), self.token.expose())
    }

    #[track_caller]
    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(self.program);
        command
            .args(words)
            .args(["--skip-version-check", "--output-level=essential"]);
        command.current_dir(self.folder).env("HOME", self.folder);
        // What it notes of its work stays here, and so does what it sends.
        command.env("AZCOPY_LOG_LOCATION", self.folder.join("azcopy/log"));
        command.env("AZCOPY_JOB_PLAN_LOCATION", self.folder.join("azcopy/plan"));
        command.env("AZCOPY_DISABLE_SYSLOG", "true");
        for name in [
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "http_proxy",
            "https_proxy",
            "ALL_PROXY",
        ] {
            command.env_remove(name);
        }
        command
            .env("AZCOPY_CONCURRENCY_VALUE", "4")
            .env("AZCOPY_BUFFER_GB", "0.25");
        run(&mut command)
    }
}

/// A tree with odd names, an empty file, many small ones and one that goes in blocks.
fn write_source(root: &Path) {
    tree::write_odd_names(root);
    tree::write_small_files(root, 150);
    content::write_file(&root.join("in blocks.bin"), 3, 20 * 1024 * 1024 + 3).unwrap();
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn azcopy_copies_syncs_lists_and_removes() {
    let Some(program) = tools::azcopy() else {
        println!("skipped: AzCopy does not start here, for want of libsecret or GLib");
        return;
    };
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    write_source(&at("source"));
    let served = Served::start(None);
    run(&mut served.lazuli(folder.path(), &["mb", "az://box"]));
    let until = SystemClock.now() + Duration::HOUR;
    let token = Sas::container("box")
        .read()
        .add()
        .create()
        .write()
        .delete()
        .list();
    let token = token.expires(until).sign(&served.shared_key()).unwrap();
    let azcopy = AzCopy {
        program: &program,
        folder: folder.path(),
        served: &served,
        token,
    };

    // What AzCopy writes, it reads, and so does cp.
    let theirs = azcopy.url("box/theirs");
    azcopy.run(&[
        "copy",
        "source/*",
        &theirs,
        UP,
        "--recursive",
        "--put-md5",
        "--block-size-mb=4",
    ]);
    fs::create_dir(at("back")).unwrap();
    azcopy.run(&[
        "copy",
        &theirs,
        "back",
        DOWN,
        "--recursive",
        "--check-md5=FailIfDifferentOrMissing",
    ]);
    tree::assert_same(&at("source"), &at("back/theirs"));
    run(&mut served.lazuli(folder.path(), &["cp", "--recursive", "az://box/theirs", "by cp"]));
    tree::assert_same(&at("source"), &at("by cp"));

    // What cp writes, AzCopy lists and reads. A blob that went in blocks has no MD5.
    run(&mut served.lazuli(folder.path(), &["cp", "--recursive", "source", "az://box/ours"]));
    let ours = azcopy.url("box/ours");
    assert_eq!(listed(&azcopy, "ours/"), tree::names(&at("source")));
    azcopy.run(&[
        "sync",
        &ours,
        "synced",
        DOWN,
        "--delete-destination=true",
        "--check-md5=FailIfDifferent",
    ]);
    tree::assert_same(&at("source"), &at("synced"));

    // A sync sends what is new, and takes away what is gone.
    tree::write(&at("source"), "d000/new.txt", b"new");
    fs::remove_file(at("source/d000/f00001.bin")).unwrap();
    azcopy.run(&[
        "sync",
        "source",
        &ours,
        UP,
        "--delete-destination=true",
        "--put-md5",
    ]);
    assert_eq!(listed(&azcopy, "ours/"), tree::names(&at("source")));

    azcopy.run(&["remove", &ours, "--from-to=BlobTrash", "--recursive"]);
    assert_eq!(listed(&azcopy, "ours/"), [""; 0]);
    assert_eq!(
        listed(&azcopy, "theirs/").len(),
        tree::names(&at("back/theirs")).len()
    );
}

/// The names below a prefix, as AzCopy lists them.
fn listed(azcopy: &AzCopy<'_>, prefix: &str) -> Vec<String> {
    let url = azcopy.url("box");
    let output = azcopy.run(&[
        "list",
        &url,
        "--location=Blob",
        "--machine-readable",
        "--output-type=json",
    ]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<String> = lines.lines().filter_map(|line| named(line, prefix)).collect();
    names.sort();
    names
}

fn named(line: &str, prefix: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(line).unwrap();
    if message["MessageType"] != "ListObject" {
        return None;
    }
    let object: serde_json::Value =
        serde_json::from_str(message["MessageContent"].as_str().unwrap()).unwrap();
    object["Path"]
        .as_str()
        .unwrap()
        .strip_prefix(prefix)
        .map(str::to_owned)
}

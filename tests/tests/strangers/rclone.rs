//! rclone, which checks, copies and lists in its own way.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY, Sas, SasToken};
use lazuli_tests::process::{Served, run};
use lazuli_tests::{content, tools, tree};
use time::Duration;

use crate::folder;

/// Calls rclone with a remote `served:`.
struct Rclone<'a> {
    folder: &'a Path,
}

impl<'a> Rclone<'a> {
    /// With the account's key.
    fn new(folder: &'a Path, served: &Served) -> Self {
        let url = served.account_url();
        let credential = format!("account = {EMULATOR_ACCOUNT}\nkey = {EMULATOR_KEY}\nendpoint = {url}");
        Self::configured(folder, &credential)
    }

    /// With a token, for all of the account or for a container.
    fn with_sas(folder: &'a Path, served: &Served, container: &str, token: &SasToken) -> Self {
        let url = format!("{}{container}?{}", served.account_url(), token.expose());
        Self::configured(folder, &format!("sas_url = {url}"))
    }

    fn configured(folder: &'a Path, credential: &str) -> Self {
        let lines = format!("[served]\ntype = azureblob\n{credential}\n");
        fs::write(folder.join("rclone.conf"), lines).unwrap();
        Self { folder }
    }

    #[track_caller]
    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(tools::rclone());
        command.args([
            "--config",
            "rclone.conf",
            "--retries",
            "1",
            "--low-level-retries",
            "1",
            "--stats",
            "0",
        ]);
        // What differs is an error, which ends the test with all that rclone says.
        run(command.args(words).current_dir(self.folder))
    }

    /// Compares a local tree with a remote one, by all hashes that are there or by all bytes, and both by name.
    #[track_caller]
    fn check(&self, local: &str, remote: &str, files: usize) {
        for how in [&["check"] as &[&str], &["check", "--download"]] {
            let output = self.run(&[how, &["--log-level", "INFO", local, remote]].concat());
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains("0 differences found"), "{said}");
            assert!(said.contains(&format!("{files} matching files")), "{said}");
        }
    }
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn rclone_finds_no_difference() {
    let folder = folder();
    let source = folder.path().join("source");
    tree::write_odd_names(&source);
    tree::write_small_files(&source, 1000);
    content::write_file(&source.join("in blocks.bin"), 5, 70 * 1024 * 1024).unwrap();
    let files = tree::names(&source).len();
    let served = Served::start(None);
    let rclone = Rclone::new(folder.path(), &served);

    run(&mut served.lazuli(folder.path(), &["mb", "az://box"]));
    run(&mut served.lazuli(folder.path(), &["cp", "--recursive", "source", "az://box/ours"]));
    rclone.check("source", "served:box/ours", files);
    rclone.run(&["copy", "served:box/ours", "back"]);
    tree::assert_same(&source, &folder.path().join("back"));

    // What is the same already is left alone, by its hash or its size.
    let again = rclone.run(&[
        "copy",
        "--checksum",
        "--log-level",
        "INFO",
        "source",
        "served:box/ours",
    ]);
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(!said.contains("Copied"), "{said}");

    // And what rclone wrote, cp reads.
    rclone.run(&[
        "copy",
        "--azureblob-chunk-size",
        "4Mi",
        "source",
        "served:box/theirs",
    ]);
    rclone.check("source", "served:box/theirs", files);
    run(&mut served.lazuli(folder.path(), &["cp", "--recursive", "az://box/theirs", "theirs"]));
    tree::assert_same(&source, &folder.path().join("theirs"));
}

/// Copies a tree up and down, checks it, and removes it.
#[track_caller]
fn goes_and_comes(rclone: &Rclone<'_>, files: usize) {
    rclone.run(&[
        "copy",
        "--azureblob-chunk-size",
        "4Mi",
        "source",
        "served:box/tree",
    ]);
    rclone.check("source", "served:box/tree", files);
    rclone.run(&["sync", "served:box/tree", "back"]);
    tree::assert_same(&rclone.folder.join("source"), &rclone.folder.join("back"));
    rclone.run(&["purge", "served:box/tree"]);
    let left = rclone.run(&["lsf", "--recursive", "served:box"]);
    assert_eq!(String::from_utf8_lossy(&left.stdout), "");
    fs::remove_dir_all(rclone.folder.join("back")).unwrap();
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn rclone_works_with_a_key_and_with_tokens() {
    let folder = folder();
    let source = folder.path().join("source");
    tree::write_odd_names(&source);
    tree::write_small_files(&source, 100);
    content::write_file(&source.join("in blocks.bin"), 7, 10 * 1024 * 1024 + 7).unwrap();
    let files = tree::names(&source).len();
    let served = Served::start(None);
    run(&mut served.lazuli(folder.path(), &["mb", "az://box"]));
    let (key, until) = (served.shared_key(), SystemClock.now() + Duration::HOUR);
    goes_and_comes(&Rclone::new(folder.path(), &served), files);

    let token = Sas::container("box")
        .read()
        .add()
        .create()
        .write()
        .delete()
        .list();
    let token = token.expires(until).sign(&key).unwrap();
    goes_and_comes(&Rclone::with_sas(folder.path(), &served, "/box", &token), files);

    let token = Sas::account().blob().service().container().object();
    let token = token.read().add().create().write().delete().list().expires(until);
    let token = token.sign(&key).unwrap();
    goes_and_comes(&Rclone::with_sas(folder.path(), &served, "", &token), files);
}

//! rclone, which checks, copies and lists in its own way.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use lazuli_tests::process::{Served, run};
use lazuli_tests::{content, tools, tree};

use crate::folder;

/// Calls rclone with a remote `served:`.
struct Rclone<'a> {
    folder: &'a Path,
}

impl<'a> Rclone<'a> {
    fn new(folder: &'a Path, served: &Served) -> Self {
        let url = served.account_url();
        let lines = [
            "[served]",
            "type = azureblob",
            &format!("account = {EMULATOR_ACCOUNT}"),
            &format!("key = {EMULATOR_KEY}"),
            &format!("endpoint = {url}"),
            "",
        ];
        fs::write(folder.join("rclone.conf"), lines.join("\n")).unwrap();
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

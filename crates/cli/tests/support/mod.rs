//! Runs the built command in a folder of its own, with an environment of its own.
#![allow(dead_code, reason = "each test file uses what it needs")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// A working folder, gone at the end.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.0.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, content: &[u8]) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, relative: &str) -> Vec<u8> {
        fs::read(self.path(relative)).unwrap()
    }

    /// Two trees have the same files with the same content.
    #[track_caller]
    pub(crate) fn assert_same(&self, one: &str, other: &str) {
        let (one, other) = (files(&self.path(one)), files(&self.path(other)));
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (name, content) in &one {
            assert!(content == &other[name], "{} differs", name.display());
        }
    }

    /// The command, in this folder, with none of the variables that it reads.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lazuli"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        for variable in [
            "AZURE_STORAGE_CONNECTION_STRING",
            "AZURE_STORAGE_ACCOUNT",
            "AZURE_STORAGE_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
            "AZURE_TENANT_ID",
            "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET",
            "AZURE_TOKEN_CREDENTIALS",
            "LAZULI_ACCOUNTS",
            "RUST_LOG",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "ALL_PROXY",
            "NO_PROXY",
        ] {
            command.env_remove(variable.to_lowercase());
            command.env_remove(variable);
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn lazuli(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments))
    }

    /// Runs the command with variables set.
    pub(crate) fn lazuli_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        Ended::of(command)
    }
}

fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let content = fs::read(&path).unwrap();
                files.insert(path.strip_prefix(root).unwrap().to_owned(), content);
            }
        }
    }
    files
}

/// How a run of the command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) bytes: Bytes,
}

/// What was written to standard output, too long to be shown.
pub(crate) struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl PartialEq<Vec<u8>> for Bytes {
    fn eq(&self, other: &Vec<u8>) -> bool {
        self.0 == *other
    }
}

impl Ended {
    fn of(mut command: Command) -> Self {
        let output = command.output().unwrap();
        Self {
            status: output.status,
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            bytes: Bytes(output.stdout),
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.success(), "{self:#?}");
        self
    }

    /// It ended with this code, and told why on standard error.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{self:#?}");
        assert!(!self.stderr.is_empty());
        self
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.stdout.lines().map(str::to_owned).collect()
    }
}

#[track_caller]
pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text)
        .map_err(|error| format!("{error}: {text}"))
        .unwrap()
}

/// `lazuli serve`, killed when it is dropped.
pub(crate) struct Serve {
    child: Child,
    more: RefCell<BufReader<ChildStdout>>,
    /// What it said when it began to listen.
    pub(crate) said: Value,
}

impl Serve {
    /// Starts it on a free port, and waits until it listens.
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut all = vec!["--output", "json", "serve", "--blob-port", "0"];
        all.extend(arguments);
        let mut child = folder.command(&all).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut more = BufReader::new(child.stdout.take().unwrap());
        more.read_line(&mut line).unwrap();
        Self {
            child,
            more: RefCell::new(more),
            said: json(&line),
        }
    }

    /// What it says next.
    pub(crate) fn next(&self) -> Value {
        let mut line = String::new();
        self.more.borrow_mut().read_line(&mut line).unwrap();
        json(&line)
    }

    pub(crate) fn url(&self) -> &str {
        self.said["url"].as_str().unwrap()
    }

    /// Sends a signal by its name, and waits for the end.
    #[cfg(unix)]
    pub(crate) fn signal(mut self, name: &str) -> Option<i32> {
        send(name, self.child.id());
        wait(&mut self.child)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
pub(crate) fn send(signal: &str, process: u32) {
    let sent = Command::new("kill")
        .arg(format!("-{signal}"))
        .arg(process.to_string())
        .status();
    assert!(sent.unwrap().success());
}

/// Waits for the end of a process, at most 20 s.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> Option<i32> {
    let mut looks = 0;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        looks += 1;
        assert!(looks < 400, "it has not ended after 20 s");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Reads what a child says on standard error, up to a line that holds a text.
pub(crate) fn read_until(child: &mut Child, text: &str) {
    let mut stderr = child.stderr.take().unwrap();
    let mut seen = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&seen).contains(text) {
        assert_eq!(
            stderr.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&seen)
        );
        seen.extend(byte);
    }
    child.stderr = Some(stderr);
}

//! Programs that a test starts, and that end with it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::Duration;

use lazuli_blob::BlobServiceClient;
use lazuli_protocol::Endpoint;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_transport::{RetryPolicy, Transport};

use crate::tools;

/// A program that runs beside the test, and is killed when the handle is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    what: String,
}

impl Running {
    /// Starts a program.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let what = shown(command);
        let child = command.stdin(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|error| panic!("cannot start {what}: {error}"));
        Self { child, what }
    }

    /// Starts a program, waits for a line of its output that `wanted` understands, and reads on so that it never waits for a reader.
    ///
    /// # Panics
    /// When the program cannot be started, or ends before it has written such a line.
    #[must_use]
    pub fn start_until<T>(command: &mut Command, mut wanted: impl FnMut(&str) -> Option<T>) -> (Self, T) {
        let mut running = Self::start(command.stdout(Stdio::piped()));
        let mut lines = BufReader::new(running.child.stdout.take().unwrap());
        let mut said = String::new();
        loop {
            let mut line = String::new();
            let read = lines.read_line(&mut line).unwrap();
            assert!(read > 0, "{} ended early; it said {said:?}", running.what);
            if let Some(found) = wanted(line.trim_end()) {
                read_on(lines);
                return (running, found);
            }
            said.push_str(&line);
        }
    }

    /// Whether the program has not ended yet.
    ///
    /// # Panics
    /// When the system cannot say.
    #[must_use]
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends the program at once, with SIGKILL where there are signals.
    ///
    /// # Panics
    /// When the system cannot do so.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the program to end, with SIGTERM, and waits until it has.
    ///
    /// # Panics
    /// When it has not ended after 20 s.
    #[cfg(unix)]
    pub fn terminate(mut self) -> ExitStatus {
        run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]));
        for _ in 0..400 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{} did not end within 20 s of SIGTERM", self.what);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_on(mut lines: BufReader<ChildStdout>) {
    thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
}

/// Runs a program to its end, which must be a good one.
///
/// # Panics
/// With all that it said, when it fails.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    let output = finish(command);
    assert!(
        output.status.success(),
        "{} ended with {}\n{}{}",
        shown(command),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Runs a program to its end, good or bad.
///
/// # Panics
/// When it cannot be started.
#[track_caller]
pub fn finish(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output();
    output.unwrap_or_else(|error| panic!("cannot start {}: {error}", shown(command)))
}

// The program and its arguments. The environment may hold a key.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// The command `lazuli`, in the folder `at`, without any account in its environment.
#[must_use]
pub fn lazuli(at: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(tools::lazuli());
    command.args(words).current_dir(at);
    for variable in [
        "AZURE_STORAGE_CONNECTION_STRING",
        "AZURE_STORAGE_ACCOUNT",
        "AZURE_STORAGE_KEY",
        "AZURE_STORAGE_SAS_TOKEN",
        "LAZULI_ACCOUNTS",
        "RUST_LOG",
    ] {
        command.env_remove(variable);
    }
    command
}

fn serve() -> Command {
    lazuli(Path::new("."), &["serve", "--blob-port", "0", "--output", "json"])
}

/// `lazuli serve`, on ports of its own.
#[derive(Debug)]
pub struct Served {
    running: Running,
    url: String,
    identity: Option<String>,
}

impl Served {
    /// Starts it in memory, or with its data in `location`.
    ///
    /// # Panics
    /// When it does not say where it listens.
    #[must_use]
    pub fn start(location: Option<&Path>) -> Self {
        let mut command = serve();
        if let Some(location) = location {
            command.arg("--location").arg(location);
        }
        Self::listening(&mut command, &["blob"])
    }

    /// Starts it in memory, with a token endpoint beside it.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    pub fn start_with_identities() -> Self {
        Self::listening(serve().args(["--identity-port", "0"]), &["blob", "identity"])
    }

    fn listening(command: &mut Command, services: &[&str]) -> Self {
        let mut urls = BTreeMap::new();
        let (running, mut urls) = Running::start_until(command, |line| {
            let event: serde_json::Value = serde_json::from_str(line).ok()?;
            if event["event"] == "listening" {
                let url: http::Uri = event["url"].as_str().unwrap().parse().unwrap();
                let url = format!("http://{}", url.authority().unwrap());
                urls.insert(event["service"].as_str().unwrap().to_owned(), url);
            }
            let all = services.iter().all(|service| urls.contains_key(*service));
            all.then(|| std::mem::take(&mut urls))
        });
        Self {
            running,
            url: urls.remove("blob").unwrap(),
            identity: urls.remove("identity"),
        }
    }

    /// The base URL of the token endpoint.
    ///
    /// # Panics
    /// When it was started without one.
    #[must_use]
    pub fn identity_url(&self) -> &str {
        self.identity.as_deref().unwrap()
    }

    /// The base URL of the development account, in path style.
    #[must_use]
    pub fn account_url(&self) -> String {
        format!("{}/{EMULATOR_ACCOUNT}", self.url)
    }

    /// The connection string of the development account.
    #[must_use]
    pub fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={EMULATOR_ACCOUNT};AccountKey={EMULATOR_KEY};BlobEndpoint={};",
            self.account_url()
        )
    }

    /// The key of the development account.
    ///
    /// # Panics
    /// Never: it is well known.
    #[must_use]
    pub fn shared_key(&self) -> SharedKey {
        SharedKey::new(
            EMULATOR_ACCOUNT.parse().unwrap(),
            AccountKey::from_base64(EMULATOR_KEY).unwrap(),
        )
    }

    /// A client of the development account that tries nothing twice.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn blobs(&self) -> BlobServiceClient {
        let transport = Transport::builder()
            .credential(self.shared_key())
            .retry(RetryPolicy::never())
            .build();
        BlobServiceClient::new(Endpoint::parse(&self.account_url()).unwrap(), transport.unwrap())
    }

    /// A command `lazuli` that has this account in its environment.
    #[must_use]
    pub fn lazuli(&self, at: &Path, words: &[&str]) -> Command {
        let mut command = lazuli(at, words);
        command.env("AZURE_STORAGE_CONNECTION_STRING", self.connection_string());
        command
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(self) {
        self.running.kill();
    }

    /// Asks it to end.
    #[cfg(unix)]
    pub fn terminate(self) -> ExitStatus {
        self.running.terminate()
    }
}

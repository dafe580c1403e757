//! Running a tool: no shell, no input, a folder of the system, a time, and bounds for what it may say.

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::process::Stdio;
use std::time::Duration;

use futures_util::future::{Either, select, try_join};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::group::Group;
use super::output::without_tokens;
use super::place;
use crate::{Error, ErrorKind};

/// A tool as it is to be run.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    /// As in "the Azure CLI".
    pub(super) name: &'static str,
    pub(super) program: PathBuf,
    pub(super) timeout: Duration,
    /// What logs its user in.
    pub(super) login: &'static str,
    /// What a tool without a user says.
    pub(super) no_user: &'static [&'static str],
}

/// A token of thousands of groups has room in this.
const LONGEST_OUTPUT: usize = 256 * 1024;
const LONGEST_COMPLAINT: usize = 16 * 1024;

/// How long what a tool said is waited for when it has ended: a program that it has left behind may keep its pipes open.
const GRACE: Duration = Duration::from_secs(1);

impl Tool {
    /// Runs it with these arguments, each of which has been checked, and gives what it printed.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<Zeroizing<Vec<u8>>, Error> {
        match tokio::time::timeout(self.timeout, self.output(arguments)).await {
            Ok(output) => output,
            Err(_) => Err(Error::new(
                ErrorKind::Timeout,
                format!(
                    "{} had no answer within {:?}; try `{} {}` by hand, or give it a longer timeout",
                    self.name,
                    self.timeout,
                    self.program.display(),
                    arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ")
                ),
            )),
        }
    }

    async fn output(&self, arguments: &[&str]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut command = Command::new(place::program(&self.program)?);
        command
            .args(arguments)
            .current_dir(place::folder()?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Group::prepare(&mut command);
        let mut child = command.spawn().map_err(|error| self.not_started(&error))?;
        let mut group = Group::of(&child);
        let broken =
            |error: io::Error| Error::new(ErrorKind::Process, format!("{} broke off: {error}", self.name));
        let (mut output, mut complaint) = (room(LONGEST_OUTPUT), room(LONGEST_COMPLAINT));
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let status = {
            let said = pin!(try_join(
                up_to(LONGEST_OUTPUT, stdout, &mut output),
                up_to(LONGEST_COMPLAINT, stderr, &mut complaint),
            ));
            let (said, status) = match select(said, pin!(child.wait())).await {
                Either::Left((said, status)) => (Ok(said), status.await),
                Either::Right((status, said)) => {
                    group.ended();
                    (tokio::time::timeout(GRACE, said).await, status)
                }
            };
            if let Ok(said) = said {
                said.map_err(broken)?;
            }
            status.map_err(broken)?
        };
        group.ended();
        if !status.success() {
            return Err(self.complained(status, &String::from_utf8_lossy(&complaint)));
        }
        if output.len() > LONGEST_OUTPUT {
            let message = format!("{} printed more than {LONGEST_OUTPUT} bytes", self.name);
            return Err(Error::new(ErrorKind::Process, message));
        }
        Ok(output)
    }

    fn not_started(&self, error: &io::Error) -> Error {
        let program = self.program.display();
        match error.kind() {
            io::ErrorKind::NotFound => Error::unavailable(format!(
                "{} was not found as `{program}`; install it, or put its folder into PATH",
                self.name
            )),
            _ => Error::new(
                ErrorKind::Process,
                format!("{} could not be run as `{program}`: {error}", self.name),
            ),
        }
    }

    fn complained(&self, status: std::process::ExitStatus, complaint: &str) -> Error {
        let shown = without_tokens(complaint);
        if self.no_user.iter().any(|words| complaint.contains(words)) {
            return Error::unavailable(format!(
                "{} has no user; run `{}` ({shown})",
                self.name, self.login
            ));
        }
        Error::new(
            ErrorKind::Process,
            format!(
                "{} failed ({status}): {shown}; does `{}` help?",
                self.name, self.login
            ),
        )
    }
}

/// Room for so much and one byte. It is there from the start: a vector that grows leaves copies behind.
fn room(limit: usize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(limit.saturating_add(1)))
}

/// Reads all that comes, but keeps no more than the limit and one byte. The rest is read too, so that the tool is not held up by it. What has
/// been kept is there also when this is given up.
async fn up_to(limit: usize, from: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut from) = from else {
        return Ok(());
    };
    while let left @ 1.. = limit.saturating_add(1).saturating_sub(kept.len()) {
        let most = u64::try_from(left).unwrap_or(u64::MAX);
        if (&mut from).take(most).read_buf(kept).await? == 0 {
            return Ok(());
        }
    }
    tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    Ok(())
}

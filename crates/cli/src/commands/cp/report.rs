//! What a copy ends with: files, bytes, time, throughput, where it went, and how it was checked.

use std::time::Duration;

use lazuli_protocol::ErrorCode;
use lazuli_transfer::{Summary, Verified};
use serde::Serialize;

use super::plan::Plan;
use crate::failure::Failure;
use crate::location::Place;
use crate::output::Output;
use crate::redact::without_secrets;
use crate::session::{AccountLine, Connection};
use crate::size::{count, duration, per_second, size};

/// A finished copy.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    operation: &'static str,
    source: String,
    destination: String,
    account: AccountLine,
    files: u64,
    bytes: u64,
    skipped: u64,
    failed: u64,
    failures: Vec<FailureLine<'a>>,
    seconds: f64,
    bytes_per_second: u64,
    verified: VerifiedLine,
    #[serde(skip)]
    elapsed: Duration,
    #[serde(skip)]
    place: Option<String>,
}

/// A file that could not be copied or deleted.
#[derive(Debug, Serialize)]
pub(crate) struct FailureLine<'a> {
    name: &'a str,
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

/// How many files were checked by what.
#[derive(Debug, Serialize)]
struct VerifiedLine {
    crc64: u64,
    md5: u64,
    length: u64,
}

/// The failures of a transfer, for programs.
pub(crate) fn failure_lines<'a>(summary: &'a Summary) -> Vec<FailureLine<'a>> {
    let line = |failure: &'a lazuli_transfer::Failure| FailureLine {
        name: &failure.name,
        error: without_secrets(&failure.error.to_string()),
        code: failure.error.code().map(ErrorCode::as_str),
    };
    summary.failures.iter().map(line).collect()
}

impl<'a> Report<'a> {
    pub(super) fn new(plan: &Plan, summary: &'a Summary, connection: &Connection) -> Self {
        let (source, destination) = plan.ends();
        let Verified {
            crc64, md5, length, ..
        } = summary.verified;
        Self {
            operation: "copy",
            source,
            destination,
            account: connection.account_line(),
            files: summary.files,
            bytes: summary.bytes,
            skipped: summary.skipped,
            failed: summary.failed,
            failures: failure_lines(summary),
            seconds: summary.elapsed.as_secs_f64(),
            bytes_per_second: per_second(summary.bytes, summary.elapsed),
            verified: VerifiedLine { crc64, md5, length },
            elapsed: summary.elapsed,
            place: matches!(plan.remote().place, Place::Configured).then(|| connection.shown()),
        }
    }

    pub(super) fn write(&self, output: Output) -> Result<(), Failure> {
        if output.is_json() {
            output.json(self)
        } else {
            output.text(&self.lines())
        }
    }

    fn lines(&self) -> String {
        let (files, bytes, speed) = (
            count(self.files, "file"),
            size(self.bytes),
            size(self.bytes_per_second),
        );
        let elapsed = duration(self.elapsed);
        let mut lines = format!("copied {files}, {bytes}, in {elapsed} ({speed}/s)\n");
        // A URL says by itself which account it is in.
        let place = self
            .place
            .as_ref()
            .map_or(String::new(), |place| format!(", {place}"));
        lines.push_str(&format!("from {} to {}{place}\n", self.source, self.destination));
        if let Some(checked) = self.verified.shown() {
            lines.push_str(&format!("checked end to end: {checked}\n"));
        }
        if self.skipped > 0 {
            lines.push_str(&format!("skipped {}\n", count(self.skipped, "file")));
        }
        if self.failed > 0 {
            lines.push_str(&format!("failed: {}\n", count(self.failed, "file")));
        }
        lines
    }
}

impl VerifiedLine {
    /// What each kind of check covered; `None` when nothing was copied.
    fn shown(&self) -> Option<String> {
        let kinds = [
            (self.crc64, "by CRC64"),
            (self.md5, "by MD5"),
            (self.length, "by length alone"),
        ];
        let parts: Vec<_> = kinds
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, how)| format!("{} {how}", count(number, "file")))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_told_by_kind() {
        let shown = |crc64, md5, length| VerifiedLine { crc64, md5, length }.shown();
        assert_eq!(shown(0, 0, 0), None);
        assert_eq!(shown(1, 0, 0).as_deref(), Some("1 file by CRC64"));
        assert_eq!(
            shown(1200, 2, 1).as_deref(),
            Some("1,200 files by CRC64, 2 files by MD5, 1 file by length alone")
        );
    }
}

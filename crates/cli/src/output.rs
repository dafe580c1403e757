//! Where the command's words go: results to standard output, everything else to standard error, as text or as JSON.

use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal as _, Write as _};

use clap::ValueEnum;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::redact::without_secrets;

/// How results and errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON document for each result, errors as JSON on standard error.
    Json,
}

/// The two streams, and how much is to be said on them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: Format,
    quiet: bool,
    verbose: bool,
}

impl Output {
    pub(crate) fn new(format: Format, quiet: bool, verbose: bool) -> Self {
        Self {
            format,
            quiet,
            verbose,
        }
    }

    pub(crate) fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether a bar that moves may be drawn: a person looks at standard error, and nothing else is written there.
    pub(crate) fn draws_bars(self) -> bool {
        !self.quiet && !self.verbose && !self.is_json() && io::stderr().is_terminal()
    }

    /// Writes a result: text with the lines that it has, at once.
    ///
    /// # Errors
    /// Standard output is closed or full.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Writes a result: one JSON document on one line.
    ///
    /// # Errors
    /// Standard output is closed or full.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_string(value).map_err(|error| {
            Failure::new(Exit::Failed, format!("cannot write the result as JSON: {error}"))
        })?;
        line.push('\n');
        self.bytes(line.as_bytes())
    }

    /// Writes content as it is, and sees to it that it has left the process.
    ///
    /// # Errors
    /// Standard output is closed or full.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        written.map_err(|error| Failure::of_output(&error))
    }

    /// Tells a person what goes on. Programs and those who asked for quiet are not told.
    pub(crate) fn note(self, text: impl Display) {
        if !self.quiet && !self.is_json() {
            say(&printable_lines(&text.to_string()));
        }
    }

    /// Says what failed, unless nobody is there to be told.
    pub(crate) fn failure(self, failure: &Failure) {
        if failure.exit() == Exit::Done {
            return;
        }
        match self.format {
            Format::Text => say(&printable_lines(&failure.to_string())),
            Format::Json => {
                if let Ok(report) = serde_json::to_string(&failure.report()) {
                    say(&report);
                }
            }
        }
    }

    /// Says that a part of the work failed. Programs find it in the result.
    pub(crate) fn problem(self, text: &str) {
        if !self.is_json() {
            say(&printable_lines(&format!("error: {}", without_secrets(text))));
        }
    }

    /// Says what is worth knowing even where quiet was asked for.
    pub(crate) fn warning(self, text: impl Display) {
        match self.format {
            Format::Text => say(&printable_lines(&format!("warning: {text}"))),
            Format::Json => say(&serde_json::json!({ "warning": text.to_string() })),
        }
    }
}

// A message that cannot be delivered has nowhere else to go.
fn say(text: &impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A name as it may be shown: characters that could steer a terminal are escaped.
pub(crate) fn printable(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    for c in name.chars() {
        // Marks that turn the direction of text can make one name look like another.
        let steers = c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        if steers {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A message as it may be shown. It may quote a service, so only its line breaks are taken as they are.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal() {
        for (name, shown) in [
            ("docs/ü b.md", "docs/ü b.md"),
            ("a\nb", "a\\nb"),
            ("\u{1b}[2Jx", "\\u{1b}[2Jx"),
            ("x\u{202e}gpj.exe", "x\\u{202e}gpj.exe"),
        ] {
            assert_eq!(printable(name), shown);
        }
    }

    #[test]
    fn messages_keep_their_lines_and_nothing_else_that_steers() {
        assert_eq!(
            printable_lines("error: a\u{1b}]0;x\u{7}\r\nhelp: b\n"),
            "error: a\\u{1b}]0;x\\u{7}\\r\nhelp: b\n"
        );
    }
}

//! Why the command ends otherwise than well: what to say, what to do next, and the exit code.

use std::fmt;
use std::io;

use serde::Serialize;

use crate::exit::Exit;
use crate::redact::without_secrets;

/// An end that is not a success. What it shows has passed [`without_secrets`].
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    help: Option<String>,
    code: Option<String>,
}

impl Failure {
    /// A failure whose message reads well after `error: `.
    pub(crate) fn new(exit: Exit, message: impl AsRef<str>) -> Self {
        Self {
            exit,
            message: without_secrets(message.as_ref()),
            help: None,
            code: None,
        }
    }

    /// The command line or the environment is wrong.
    pub(crate) fn usage(message: impl AsRef<str>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Adds what to do next.
    pub(crate) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Some(without_secrets(help.as_ref()));
        self
    }

    /// Adds the service's error code.
    pub(crate) fn code(mut self, code: Option<&str>) -> Self {
        self.code = code.map(str::to_owned);
        self
    }

    /// Adds what was being done: `cannot copy docs to az://quickstart/docs`.
    pub(crate) fn while_doing(mut self, what: &str) -> Self {
        self.message = format!("{}: {}", without_secrets(what), self.message);
        self
    }

    /// What a failed write to standard output or standard error means. Nobody reading any more is no failure.
    pub(crate) fn of_output(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Done, "nobody reads the output any more"),
            _ => Self::new(Exit::Failed, format!("cannot write the output: {error}")),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    #[cfg(test)]
    pub(crate) fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The failure for programs.
    pub(crate) fn report(&self) -> impl Serialize + '_ {
        Report {
            error: Details {
                kind: self.exit.name(),
                message: &self.message,
                help: self.help.as_deref(),
                code: self.code.as_deref(),
                exit_code: self.exit.code(),
            },
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    error: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    kind: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The error code of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    exit_code: u8,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_json_say_the_same() {
        let failure = Failure::new(Exit::NotFound, "there is no such container")
            .code(Some("ContainerNotFound"))
            .help("make it with `lazuli mb az://box`")
            .while_doing("cannot copy a to az://box/a");
        assert_eq!(
            failure.to_string(),
            "error: cannot copy a to az://box/a: there is no such container\nhelp: make it with `lazuli mb az://box`"
        );
        assert_eq!(
            serde_json::to_value(failure.report()).unwrap(),
            serde_json::json!({"error": {
                "kind": "not_found",
                "message": "cannot copy a to az://box/a: there is no such container",
                "help": "make it with `lazuli mb az://box`",
                "code": "ContainerNotFound",
                "exit_code": 3,
            }})
        );
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let closed = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(Failure::of_output(&closed).exit(), Exit::Done);
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(Failure::of_output(&full).exit(), Exit::Failed);
    }
}

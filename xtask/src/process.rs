//! Running other programs: what is run is printed before, and how long it took after.

use std::fmt;
use std::io::ErrorKind;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// A clock for the developer who waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "xtask has no tokio, and only prints what it measures"
        )]
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Seconds {
        Seconds(self.0.elapsed())
    }
}

/// A duration as `12.3 s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.1} s", self.0.as_secs_f64())
    }
}

/// Runs a command to its end with the terminal as its own; anything but exit code 0 is a failure.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    println!("==> {what}");
    println!("    $ {}", shown(command));
    let watch = Stopwatch::start();
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if !status.success() {
        return Err(Failure::new(format!(
            "{what} failed ({status}) after {}",
            watch.elapsed()
        )));
    }
    println!("    {what}: {}", watch.elapsed());
    Ok(())
}

/// Runs a command without a word, and gives what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "`{}` failed: {}",
            shown(command),
            complaint.trim()
        )));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("`{}` wrote something that is not UTF-8", shown(command))))
}

/// Whether a program is there and answers with success.
pub(crate) fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(name, value)| {
            Some(format!(
                "{}={}",
                name.display(),
                quoted(&value?.to_string_lossy())
            ))
        })
        .collect();
    let program = std::path::Path::new(command.get_program());
    let program = if program.ends_with("bin/cargo") {
        "cargo".into()
    } else {
        program.to_string_lossy()
    };
    words.push(quoted(&program));
    words.extend(
        command
            .get_args()
            .map(|argument| quoted(&argument.to_string_lossy())),
    );
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@,+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{word}'")
    }
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().display();
    if error.kind() == ErrorKind::NotFound {
        Failure::new(format!("`{program}` is not installed, or not on the PATH"))
    } else {
        Failure::new(format!("could not start `{program}`: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("lazuli");
        command
            .args(["cp", "a b", "az://c/d"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("GONE");
        assert_eq!(
            shown(&command),
            "RUSTDOCFLAGS='-D warnings' lazuli cp 'a b' az://c/d"
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let mut command = Command::new("no-such-program-of-lazuli");
        assert!(!answers(&mut command));
        let message = output(&mut command).unwrap_err().to_string();
        assert!(
            message.contains("`no-such-program-of-lazuli` is not installed"),
            "{message}"
        );
    }

    #[test]
    fn seconds_have_one_decimal() {
        assert_eq!(Seconds(Duration::from_millis(12_345)).to_string(), "12.3 s");
    }
}

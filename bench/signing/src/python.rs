//! The contestant in Python: a program beside this one that does so many operations on a line of input, and answers
//! with the CPU seconds that they took.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::arguments::Arguments;
use crate::contest::{Contestant, Cost, Entry};

/// So many operations make a turn.
const OPERATIONS: u32 = 1000;

/// The Python SDK, if there is a Python that has it.
pub fn entry(arguments: &Arguments, operation: &'static str) -> Entry {
    let started = match &arguments.python {
        Some(python) => PythonSdk::start(python, operation).map_err(|error| format!("{python}: {error}")),
        None => Err("run cargo xtask tools".to_owned()),
    };
    match started {
        Ok((name, contestant)) => Entry {
            name,
            contestant: Ok(Box::new(contestant)),
        },
        Err(why) => Entry {
            name: "Python SDK".to_owned(),
            contestant: Err(format!("skipped: {why}")),
        },
    }
}

struct PythonSdk {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl PythonSdk {
    /// Starts the program, which says its name and version in its first line.
    fn start(python: &str, operation: &str) -> Result<(String, Self), Box<dyn Error>> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python_sdk.py");
        let mut child = Command::new(python)
            .arg(script)
            .arg(operation)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take().ok_or("it has no standard input")?;
        let answers = child.stdout.take().ok_or("it has no standard output")?;
        let mut started = Self {
            child,
            asks,
            answers: BufReader::new(answers),
        };
        let name = started.line()?;
        Ok((name, started))
    }

    fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err("it ended without an answer".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Contestant for PythonSdk {
    fn turn(&mut self) -> Result<Cost, Box<dyn Error>> {
        writeln!(self.asks, "{OPERATIONS}")?;
        let seconds: f64 = self.line()?.parse()?;
        Ok(Cost {
            seconds: seconds / f64::from(OPERATIONS),
            allocations: None,
        })
    }
}

impl Drop for PythonSdk {
    fn drop(&mut self) {
        // It may have ended by itself; what counts is that nothing stays behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The service of a soak: a process that serves the simulation with faults, and answers questions on its standard input.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lazuli_simulation::Simulation;
use serde_json::{Value, json};

use crate::faults::{Faulty, Ledger, Listener, Plan};

use super::machine;
use super::options::Options;

/// Serves until the standard input ends. Each line of it is a question, answered with a line of JSON.
pub(super) async fn serve(options: Options) -> Result<(), String> {
    machine::open_many_files();
    let (plan, ledger) = (Plan::chance(options.seed, options.faults), Ledger::of_counts());
    plan.calm();
    let service = Simulation::in_memory().blob_service();
    let faulty = Faulty::new(service, plan.clone(), ledger.clone());
    let listener = Listener::serve(faulty).await.map_err(|error| error.to_string())?;
    println!("{}", json!({ "url": listener.url() }));
    let (questions, mut asked) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if questions.send(line).is_err() {
                break;
            }
        }
    });
    while let Some(question) = asked.recv().await {
        match question.as_str() {
            "trouble" => plan.trouble(),
            "calm" => plan.calm(),
            _ => {}
        }
        let said = json!({
            "connections": listener.connections(),
            "open": ledger.open(),
            "seen": ledger.seen(),
            "faults": ledger.faults(),
        });
        println!("{said}");
    }
    Ok(())
}

/// The service's process, seen from the soak. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Service {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
    pub(super) url: String,
}

/// What the service says of itself.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) connections: u64,
    pub(super) open: u64,
    pub(super) seen: u64,
    pub(super) faults: BTreeMap<String, u64>,
}

impl Service {
    pub(super) fn start(options: Options) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--serve", "--seed", &options.seed.to_string()])
            .args(["--faults", &options.faults.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let questions = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut service = Self {
            child,
            questions,
            answers,
            url: String::new(),
        };
        service.url = service.line()["url"].as_str().unwrap().to_owned();
        service
    }

    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Faults begin.
    pub(super) fn trouble(&mut self) {
        self.ask("trouble");
    }

    /// Faults are over.
    pub(super) fn calm(&mut self) {
        self.ask("calm");
    }

    pub(super) fn said(&mut self) -> Said {
        self.ask("said")
    }

    fn ask(&mut self, question: &str) -> Said {
        writeln!(self.questions, "{question}").unwrap();
        let said = self.line();
        let number = |name: &str| said[name].as_u64().unwrap();
        let faults = said["faults"].as_object().unwrap();
        Said {
            connections: number("connections"),
            open: number("open"),
            seen: number("seen"),
            faults: faults
                .iter()
                .map(|(name, count)| (name.clone(), count.as_u64().unwrap()))
                .collect(),
        }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("the service said {line:?}: {error}"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

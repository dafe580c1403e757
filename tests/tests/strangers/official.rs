//! The official SDKs for Python and JavaScript, each led by a script that takes JSON and gives JSON.

use std::fs;
use std::process::Command;

use lazuli_tests::process::run;
use lazuli_tests::tools;
use serde::Serialize;
use serde_json::Value;

use crate::{folder, json};

/// One of the SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sdk {
    Python,
    JavaScript,
}

impl Sdk {
    pub(crate) const ALL: [Self; 2] = [Self::Python, Self::JavaScript];

    /// Runs a script, whose name is given without its ending, on a list. Its answer is a list of the same length.
    #[track_caller]
    pub(crate) fn run(self, script: &str, list: &[impl Serialize]) -> Vec<Value> {
        let folder = folder();
        let path = folder.path().join("list.json");
        fs::write(&path, serde_json::to_vec(list).unwrap()).unwrap();
        let mut command = match self {
            Self::Python => {
                let mut command = Command::new(tools::python());
                command.arg(tools::script(&format!("{script}.py")));
                command
            }
            Self::JavaScript => {
                let mut command = Command::new(tools::node());
                command
                    .arg(tools::script(&format!("{script}.js")))
                    .arg(tools::node_modules());
                command
            }
        };
        let answer = json(&run(command.arg(&path)));
        let answer = answer.as_array().unwrap().clone();
        assert_eq!(answer.len(), list.len());
        answer
    }
}

//! A scenario, and the ways to run one or all of them.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt as _;

use crate::{ALL, Backend, Kind};

/// A story with assertions, told on any back end.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// What it is about.
    pub topic: &'static str,
    /// What it says.
    pub name: &'static str,
    /// Tells it. It panics where something is not as it must be.
    pub run: for<'a> fn(&'a Backend) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>,
}

/// Runs one scenario on a back end of its own.
///
/// # Panics
/// When it fails, or there is none of that name.
pub fn run(kind: Kind, topic: &str, name: &str) {
    let scenario = ALL
        .iter()
        .find(|scenario| (scenario.topic, scenario.name) == (topic, name));
    let scenario = scenario.unwrap_or_else(|| panic!("there is no scenario {topic}::{name}"));
    block_on(async {
        let backend = Backend::start(kind).await;
        (scenario.run)(&backend).await;
        println!("{} {topic}::{name}", passed(&backend));
        backend.stop().await;
    });
}

/// Runs all scenarios, one after the other, on one back end: for one that takes long to start.
///
/// # Panics
/// At the end, with the names of those that failed and why.
pub fn run_all(kind: Kind) {
    let mut failures = Vec::new();
    block_on(async {
        let backend = Backend::start(kind).await;
        for Scenario { topic, name, run } in ALL {
            let ended = AssertUnwindSafe(run(&backend)).catch_unwind().await;
            match ended {
                Ok(()) => println!("{} {topic}::{name}", passed(&backend)),
                Err(cause) => {
                    let (cause, _) = (said(&*cause), backend.skipped());
                    println!("FAILED {topic}::{name}: {cause}");
                    failures.push(format!("{topic}::{name}: {cause}"));
                }
            }
        }
        backend.stop().await;
    });
    let (failed, all) = (failures.len(), ALL.len());
    assert!(
        failures.is_empty(),
        "{failed} of {all} scenarios failed:\n{}",
        failures.join("\n")
    );
}

/// The word for a scenario that did not fail: some have nothing to say of what a back end lacks.
fn passed(backend: &Backend) -> String {
    match backend.skipped().as_slice() {
        [] => "passed".to_owned(),
        lacking => format!("skipped for want of {lacking:?}:"),
    }
}

fn said(cause: &(dyn Any + Send)) -> &str {
    let owned = cause.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked without a word")
}

fn block_on(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.unwrap().block_on(work);
}

//! A story: works one after the other, while things go wrong by a script; and what must be so after each and at the end.

use std::time::Duration;

use lazuli_tests::faults::Fault;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

use crate::explained::{Struck, assert_explained};
use crate::stand::Stand;
use crate::state::{BLOB, State};
use crate::work::Work;

#[derive(Clone, Debug)]
pub(crate) struct Story {
    /// Whether the blob is there at the beginning.
    pub(crate) exists: bool,
    pub(crate) tasks: Vec<Task>,
    pub(crate) faults: Vec<Option<Fault>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) work: Work,
    /// The caller drops the call after this time.
    pub(crate) given_up: Option<Duration>,
}

impl Story {
    /// Tells it. `base` is how many tasks there were before the stand was made.
    pub(crate) async fn tell(&self, stand: Stand, base: usize) {
        let sockets = stand.listener.is_some();
        if self.exists {
            let put = stand.quiet.blob(BLOB).upload(Work::content(900, 1234));
            put.await.unwrap();
        }
        for (number, Task { work, given_up }) in self.tasks.iter().enumerate() {
            let before = State::read(&stand.quiet).await;
            let struck_before = stand.struck();
            let begun = Instant::now();
            let within = work.within(&stand.deadlines, self.faults.len());
            let limit = given_up.unwrap_or(within).min(within);
            let outcome = timeout(limit, work.run(&stand.troubled, number)).await;
            let given_up = outcome.is_err() && given_up.is_some();
            assert!(
                given_up || outcome.is_ok(),
                "{work:?} was not over after {:?}",
                begun.elapsed()
            );
            let struck: Struck = stand
                .struck()
                .into_iter()
                .filter(|(name, count)| struck_before.get(name) != Some(count))
                .map(|(name, _)| name)
                .collect();
            if sockets {
                // The service may still be at what its caller has given up.
                settled(|| stand.ledger.open() == 0, "an exchange is still open").await;
            }
            let after = State::read(&stand.quiet).await;
            let intended = before.after(work, number);
            match outcome {
                Ok(Ok(output)) => {
                    let intended =
                        intended.unwrap_or_else(|| panic!("{work:?} cannot have been done on {before:?}"));
                    assert_eq!(after, intended, "{work:?} was done, and it is not so");
                    assert_eq!(output, before.output(work), "{work:?}");
                }
                failed => {
                    let possible = after == before || Some(&after) == intended.as_ref();
                    assert!(possible, "{work:?} failed, and made {after:?} of {before:?}");
                    if let Ok(Err(error)) = failed {
                        let in_all = stand.struck().values().sum();
                        assert_explained(&error, work, number, &before, &struck, in_all, sockets);
                        let took = begun.elapsed();
                        assert!(took <= within, "{work:?} took {took:?}: {error:?}");
                    }
                }
            }
        }
        self.end(stand, base).await;
    }

    async fn end(&self, stand: Stand, base: usize) {
        for ((id, line), counts) in stand.ledger.requests() {
            if line.contains("/once-") {
                assert!(
                    counts.sent <= 1 && counts.carried_out <= 1,
                    "{line} {id}: {counts:?}"
                );
            }
        }
        let Stand {
            ledger,
            troubled,
            quiet,
            listener,
            ..
        } = stand;
        drop((troubled, quiet));
        settled(|| ledger.open() == 0, "an exchange is still open").await;
        if let Some(listener) = listener {
            settled(|| listener.connections() == 0, "a connection is still open").await;
        }
        let tasks = || Handle::current().metrics().num_alive_tasks();
        settled(|| tasks() <= base, "a task is still alive").await;
    }
}

/// Waits until something is so, which may take a few turns of the tasks that see to it.
async fn settled(so: impl Fn() -> bool, otherwise: &str) {
    for _ in 0..2000 {
        if so() {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("{otherwise}");
}

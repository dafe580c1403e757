//! Many files under way, and the summary of how they ended.

use std::future::Future;

use tokio::time::Instant;

use crate::jobs::Jobs;
use crate::summary::{Outcome, Summary};
use crate::{Error, Event, Transfer};

/// A transfer of many files. A file that fails does not stop the others.
pub(crate) struct Batch<'a> {
    engine: &'a Transfer,
    jobs: Jobs<(String, Result<Outcome, Error>)>,
    summary: Summary,
    started: Instant,
}

impl<'a> Batch<'a> {
    /// A batch with at most `limit` files at work.
    pub(crate) fn new(engine: &'a Transfer, limit: usize) -> Self {
        Self {
            engine,
            jobs: Jobs::new(limit),
            summary: Summary::default(),
            started: Instant::now(),
        }
    }

    /// Starts on a file, as soon as there is room for it.
    ///
    /// # Errors
    /// When another one did not come to an end at all.
    pub(crate) async fn start(
        &mut self,
        name: String,
        bytes: u64,
        work: impl Future<Output = Result<Outcome, Error>> + Send + 'static,
    ) -> Result<(), Error> {
        self.engine.event(&Event::Found { name: &name, bytes });
        let engine = self.engine.clone();
        let job = async move { engine.one(name, work).await };
        match self.jobs.start(job).await {
            Some(ended) => self.record(ended),
            None => Ok(()),
        }
    }

    /// Counts something that is left out.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        self.engine.event(&Event::Skipped { name, reason });
        self.summary.skipped += 1;
    }

    /// Counts something that failed before it could be started on.
    pub(crate) fn fail(&mut self, name: String, error: Error) {
        self.engine.event(&Event::Failed {
            name: &name,
            error: &error,
        });
        self.summary.record(name, Err(error));
    }

    /// Waits for all that is under way.
    ///
    /// # Errors
    /// When one did not come to an end at all.
    pub(crate) async fn finish(mut self) -> Result<Summary, Error> {
        self.engine.event(&Event::AllFound);
        while let Some(ended) = self.jobs.next().await {
            self.record(ended)?;
        }
        self.summary.elapsed = self.started.elapsed();
        Ok(self.summary)
    }

    fn record(&mut self, ended: Result<(String, Result<Outcome, Error>), Error>) -> Result<(), Error> {
        let (name, outcome) = ended?;
        self.summary.record(name, outcome);
        Ok(())
    }
}

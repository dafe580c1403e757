//! Running many jobs at once, and never more than a bound.

use std::future::Future;

use tokio::task::{JoinError, JoinSet};

use crate::{Error, ErrorKind};

/// Jobs under way, at most `limit` of them. Dropping it cancels them all.
pub(crate) struct Jobs<T> {
    set: JoinSet<T>,
    limit: usize,
}

impl<T: Send + 'static> Jobs<T> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            set: JoinSet::new(),
            limit,
        }
    }

    /// Starts a job; when there are as many as there may be, waits for one to end first and returns what came of it.
    pub(crate) async fn start(
        &mut self,
        job: impl Future<Output = T> + Send + 'static,
    ) -> Option<Result<T, Error>> {
        let ended = if self.set.len() < self.limit {
            None
        } else {
            self.next().await
        };
        self.set.spawn(job);
        ended
    }

    /// What came of the next job that ends; `None` when there is none under way.
    pub(crate) async fn next(&mut self) -> Option<Result<T, Error>> {
        let ended = self.set.join_next().await?;
        Some(ended.map_err(given_up))
    }
}

/// What it means that a task came to no end of its own.
pub(crate) fn given_up(error: JoinError) -> Error {
    Error::new(ErrorKind::Io, format!("a job was given up: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test]
    async fn there_are_never_more_than_the_limit() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut jobs = Jobs::new(3);
        let mut ended = 0;
        for _ in 0..20 {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            let job = async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                running.fetch_sub(1, Ordering::SeqCst);
            };
            ended += usize::from(jobs.start(job).await.is_some());
        }
        while jobs.next().await.is_some() {
            ended += 1;
        }
        assert_eq!((ended, most.load(Ordering::SeqCst)), (20, 3));
    }
}

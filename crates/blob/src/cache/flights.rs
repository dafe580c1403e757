//! Single flight: however many want the same thing at a time, it is fetched once.
//!
//! The work runs in a task of its own, so that it goes on while whoever asked first is busy or gone. When the last who waits for it
//! gives up, it is cancelled.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use futures_util::FutureExt as _;
use futures_util::future::{Shared, WeakShared};
use lazuli_protocol as protocol;
use time::OffsetDateTime;
use tokio::task::JoinHandle;

use crate::Error;

/// What comes of a flight, for each who waits.
pub(super) type Landed<T> = Result<T, Arc<Error>>;

/// The flights that are under way.
#[derive(Debug)]
pub(super) struct Flights<K, T>(Arc<Mutex<Open<K, T>>>);

struct Open<K, T> {
    next: u64,
    flights: HashMap<K, Entry<T>>,
}

struct Entry<T> {
    id: u64,
    began: OffsetDateTime,
    ticket: Ticket,
    flight: WeakShared<Flight<T>>,
}

/// Tells a flight whether what it brings is still wanted by those who come after.
#[derive(Clone, Debug, Default)]
pub(super) struct Ticket(Arc<AtomicBool>);

/// The work, held by those who wait for it.
pub(super) struct Flight<T> {
    task: JoinHandle<Result<T, Error>>,
    leave: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Ticket {
    pub(super) fn is_void(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn void(&self) {
        self.0.store(true, Ordering::Release);
    }
}

// === impl Flights ===

impl<K, T> Flights<K, T>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Open {
            next: 0,
            flights: HashMap::new(),
        })))
    }

    /// The flight that brings `key`: one that is under way, if its beginning will do, or a new one. The second value says whether it
    /// was there already.
    pub(super) fn join<F>(
        &self,
        key: K,
        now: OffsetDateTime,
        will_do: impl FnOnce(OffsetDateTime) -> bool,
        start: impl FnOnce(Ticket) -> F,
    ) -> (Shared<Flight<T>>, bool)
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let mut open = lock(&self.0);
        if let Some(entry) = open.flights.get(&key)
            && will_do(entry.began)
            && let Some(flight) = entry.flight.upgrade()
        {
            return (flight, true);
        }
        let id = open.next;
        open.next = id.wrapping_add(1);
        let ticket = Ticket::default();
        let flight = Flight {
            task: tokio::spawn(start(ticket.clone())),
            leave: Some(Box::new(self.leave(key.clone(), id))),
        }
        .shared();
        if let Some(flight) = flight.downgrade() {
            let began = now;
            open.flights.insert(
                key,
                Entry {
                    id,
                    began,
                    ticket,
                    flight,
                },
            );
        }
        (flight, false)
    }

    /// Lets nobody join the flight any more, and tells it so.
    pub(super) fn void(&self, key: &K) {
        if let Some(entry) = lock(&self.0).flights.remove(key) {
            entry.ticket.void();
        }
    }

    /// How many flights are under way.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        lock(&self.0).flights.len()
    }

    // What takes a flight off the list, if it is not another one's turn by then.
    fn leave(&self, key: K, id: u64) -> impl FnOnce() + Send + Sync + use<K, T> {
        let open = Arc::downgrade(&self.0);
        move || {
            let Some(open) = open.upgrade() else { return };
            let mut open = lock(&open);
            if open.flights.get(&key).is_some_and(|entry| entry.id == id) {
                open.flights.remove(&key);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, T> fmt::Debug for Open<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Open")
            .field("flights", &self.flights.len())
            .finish_non_exhaustive()
    }
}

// === impl Flight ===

impl<T> Future for Flight<T> {
    type Output = Landed<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Landed<T>> {
        let landed = ready!(Pin::new(&mut self.task).poll(cx));
        Poll::Ready(
            landed
                .unwrap_or_else(|lost| Err(abandoned(lost)))
                .map_err(Arc::new),
        )
    }
}

fn abandoned(lost: tokio::task::JoinError) -> Error {
    let message = "the fetch ended before its answer did; read again";
    Error::from(protocol::Error::new(protocol::ErrorKind::Body, message).with_source(lost))
}

impl<T> Drop for Flight<T> {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(leave) = self.leave.take() {
            leave();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use tokio::time::sleep;

    use super::*;

    const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    fn slow(
        flights: &Flights<u8, u32>,
        begun: &Arc<AtomicUsize>,
        ended: &Arc<AtomicUsize>,
    ) -> Shared<Flight<u32>> {
        let (begun, ended) = (Arc::clone(begun), Arc::clone(ended));
        let work = |_| async move {
            begun.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_secs(1)).await;
            ended.fetch_add(1, Ordering::SeqCst);
            Ok(7)
        };
        flights.join(1, NOW, |_| true, work).0
    }

    #[tokio::test(start_paused = true)]
    async fn who_asked_first_may_leave() {
        let flights = Flights::new();
        let (begun, ended) = (Arc::default(), Arc::default());
        let first = slow(&flights, &begun, &ended);
        let second = slow(&flights, &begun, &ended);
        let leader = tokio::spawn(first);
        sleep(Duration::from_millis(500)).await;
        leader.abort();
        assert_eq!(second.await.unwrap(), 7);
        assert_eq!(
            (begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)),
            (1, 1)
        );
        assert_eq!(flights.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn when_nobody_waits_the_work_ends() {
        let flights = Flights::new();
        let (begun, ended) = (Arc::default(), Arc::default());
        let only = tokio::spawn(slow(&flights, &begun, &ended));
        sleep(Duration::from_millis(500)).await;
        only.abort();
        assert!(only.await.is_err());
        sleep(Duration::from_secs(5)).await;
        assert_eq!(
            (begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)),
            (1, 0)
        );
        assert_eq!(flights.len(), 0);
        assert_eq!(slow(&flights, &begun, &ended).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_all_who_wait() {
        let flights: Flights<u8, u32> = Flights::new();
        let (one, _) = flights.join(1, NOW, |_| true, |_| async { panic!("a bug") });
        let (two, joined) = flights.join(1, NOW, |_| true, |_| async { Ok(1) });
        assert!(joined);
        for outcome in [one.await, two.await] {
            assert!(outcome.unwrap_err().is_retryable());
        }
        assert_eq!(flights.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_void_flight_is_joined_by_nobody() {
        let flights = Flights::new();
        let (begun, ended) = (Arc::default(), Arc::default());
        let old = slow(&flights, &begun, &ended);
        flights.void(&1);
        let new = slow(&flights, &begun, &ended);
        assert_eq!((old.await.unwrap(), new.await.unwrap()), (7, 7));
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        assert_eq!(flights.len(), 0);
    }
}

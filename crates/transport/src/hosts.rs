//! What layers keep for each host: found without a copy of its name, bounded in number, forgotten when nothing is lost by it.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use http::Uri;

use crate::request::Host;

/// How many hosts a layer knows at once.
pub(crate) const MOST: usize = 1024;

type Kept<T> = (Host, Arc<T>);

/// One `T` for each host.
///
/// A stack calls one host, as a rule. That one is found with an atomic load; every other, with a short lock that readers share.
#[derive(Debug)]
pub(crate) struct Hosts<T> {
    first: OnceLock<Kept<T>>,
    // In order, for a search.
    others: RwLock<Vec<Kept<T>>>,
    is_idle: fn(&T) -> bool,
}

impl<T> Hosts<T> {
    /// None yet. What `is_idle` says yes to may be forgotten while nobody holds it; it is asked under a lock.
    pub(crate) fn new(is_idle: fn(&T) -> bool) -> Self {
        Self {
            first: OnceLock::new(),
            others: RwLock::default(),
            is_idle,
        }
    }

    /// What is kept for a URL's host, made now if nothing is. `None` for a URL without a host, and while there are more hosts than are
    /// kept and none is idle.
    pub(crate) fn of(&self, uri: &Uri, make: impl FnOnce(Host) -> T) -> Option<Arc<T>> {
        if let Some(found) = self.known(uri) {
            return Some(found);
        }
        let host = Host::of(uri)?;
        let made = Arc::new(make(host.clone()));
        let Err((host, made)) = self.first.set((host, made)) else {
            return self.known(uri);
        };
        if let Some((first, kept)) = self.first.get()
            && *first == host
        {
            return Some(Arc::clone(kept));
        }
        self.insert(host, made)
    }

    /// What is kept for a URL's host, if anything is.
    pub(crate) fn known(&self, uri: &Uri) -> Option<Arc<T>> {
        let (first, kept) = self.first.get()?;
        if first.is_of(uri) {
            return Some(Arc::clone(kept));
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        let at = others.binary_search_by(|(host, _)| {
            // A URL without a host has none before it.
            host.cmp_to(uri).unwrap_or(std::cmp::Ordering::Greater)
        });
        others.get(at.ok()?).map(|(_, kept)| Arc::clone(kept))
    }

    /// Everything that is kept, the first host first.
    pub(crate) fn all(&self) -> Vec<Kept<T>> {
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        self.first
            .get()
            .into_iter()
            .chain(others.iter())
            .cloned()
            .collect()
    }

    fn insert(&self, host: Host, made: Arc<T>) -> Option<Arc<T>> {
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        let find = |others: &Vec<Kept<T>>| others.binary_search_by(|(other, _)| other.cmp(&host));
        if let Some((_, kept)) = find(&others).ok().and_then(|at| others.get(at)) {
            return Some(Arc::clone(kept));
        }
        // With the first, and the one to come.
        if others.len() + 2 > MOST {
            others.retain(|(_, kept)| Arc::strong_count(kept) > 1 || !(self.is_idle)(kept));
        }
        if others.len() + 2 > MOST {
            return None;
        }
        let at = find(&others).unwrap_or_else(|at| at);
        others.insert(at, (host, Arc::clone(&made)));
        Some(made)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn url(number: usize) -> Uri {
        format!("https://h{number}.example/c/b").parse().unwrap()
    }

    fn hosts() -> Hosts<AtomicBool> {
        Hosts::new(|idle: &AtomicBool| idle.load(Ordering::Relaxed))
    }

    #[test]
    fn each_host_has_one_and_keeps_it() {
        let hosts = hosts();
        let made: Vec<_> = (0..50)
            .map(|n| hosts.of(&url(n), |_| AtomicBool::new(true)).unwrap())
            .collect();
        for (n, made) in made.iter().enumerate() {
            let again = hosts.of(&url(n), |_| unreachable!()).unwrap();
            assert!(Arc::ptr_eq(made, &again));
            assert!(Arc::ptr_eq(made, &hosts.known(&url(n)).unwrap()));
        }
        assert_eq!(hosts.all().len(), 50);
        assert!(hosts.known(&url(51)).is_none());
        assert!(
            hosts
                .of(&Uri::from_static("/relative"), |_| AtomicBool::new(true))
                .is_none()
        );
    }

    #[test]
    fn the_idle_make_way_and_the_busy_do_not() {
        let hosts = hosts();
        for n in 0..MOST {
            hosts.of(&url(n), |_| AtomicBool::new(false)).unwrap();
        }
        assert!(hosts.of(&url(MOST), |_| AtomicBool::new(false)).is_none());
        let held = hosts.known(&url(7)).unwrap();
        for n in [7, 8] {
            hosts.known(&url(n)).unwrap().store(true, Ordering::Relaxed);
        }
        hosts.of(&url(MOST), |_| AtomicBool::new(false)).unwrap();
        assert!(Arc::ptr_eq(&held, &hosts.known(&url(7)).unwrap()), "it is in use");
        assert!(hosts.known(&url(8)).is_none(), "it was idle");
        assert_eq!(hosts.all().len(), MOST);
    }
}

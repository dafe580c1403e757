//! What a layer has learned of the hosts it reads from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Uri;
use tokio::time::Instant;

use super::reads::Reads;

/// How many hosts are known at a time. A host takes at most 7 KiB.
const MOST_HOSTS: usize = 64;

/// The reads of each host, of which the one that was idle for longest makes room for a new one.
#[derive(Debug, Default)]
pub(super) struct Learned(Mutex<HashMap<Box<str>, Entry>>);

#[derive(Debug)]
struct Entry {
    used: Instant,
    reads: Arc<Reads>,
}

impl Learned {
    /// What is known of a URL's host; `None` when it names none.
    pub(super) fn of(&self, uri: &Uri, now: Instant) -> Option<Arc<Reads>> {
        // A user's name and password may stand before the host, and are not kept.
        let host = uri.authority()?.as_str().rsplit('@').next()?;
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = hosts.get_mut(host) {
            entry.used = now;
            return Some(Arc::clone(&entry.reads));
        }
        if hosts.len() >= MOST_HOSTS {
            let idle = hosts.iter().min_by_key(|(_, entry)| entry.used);
            let idle = idle.map(|(host, _)| host.clone())?;
            hosts.remove(&idle);
        }
        let reads = Arc::<Reads>::default();
        let entry = Entry {
            used: now,
            reads: Arc::clone(&reads),
        };
        hosts.insert(host.into(), entry);
        Some(reads)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn hosts_are_told_apart_and_the_idle_make_room() {
        let learned = Learned::default();
        let begun = Instant::now();
        let of = |host: &str, later: u64| {
            let uri = format!("https://{host}/box/blob").parse().unwrap();
            learned.of(&uri, begun + Duration::from_secs(later)).unwrap()
        };
        let (first, second) = (of("first.example", 0), of("second.example", 1));
        assert!(!Arc::ptr_eq(&first, &second));
        assert!(Arc::ptr_eq(&first, &of("user:word@first.example", 2)));
        for other in 0..200 {
            of(&format!("{other}.example"), 3 + other);
            assert!(Arc::ptr_eq(&first, &of("first.example", 3 + other)));
        }
        assert_eq!(learned.0.lock().unwrap().len(), MOST_HOSTS);
        assert!(!Arc::ptr_eq(&second, &of("second.example", 300)));
        assert!(learned.of(&"/relative".parse().unwrap(), begun).is_none());
        assert!(!format!("{learned:?}").contains("word"));
    }
}

//! The table of tries and waits.

use std::time::Duration;

use super::{Backoff, Trouble};

/// How often, and after what wait, a request is sent again after one kind of [`Trouble`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How many times it is sent in all; 1 is no retry.
    pub tries: u32,
    /// The wait before the next try.
    pub backoff: Backoff,
}

const fn rule(tries: u32, backoff: Backoff) -> Rule {
    Rule { tries, backoff }
}

const ROWS: usize = 8;

const TABLE: [(Trouble, Rule); ROWS] = [
    (
        Trouble::ServerBusy,
        rule(5, Backoff::Exponential(Duration::from_secs(1))),
    ),
    (
        Trouble::Unavailable,
        rule(3, Backoff::Exponential(Duration::from_secs(2))),
    ),
    (
        Trouble::InternalError,
        rule(3, Backoff::Exponential(Duration::from_secs(1))),
    ),
    (Trouble::Timeout, rule(3, Backoff::Fixed(Duration::from_secs(1)))),
    (
        Trouble::Conflict,
        rule(5, Backoff::Exponential(Duration::from_millis(500))),
    ),
    (
        Trouble::Connection,
        rule(3, Backoff::Exponential(Duration::from_millis(500))),
    ),
    // Whoever asks a breaker again and again has no use for it. The wait is for a rule with more tries, where the breaker names none.
    (
        Trouble::CircuitOpen,
        rule(1, Backoff::Exponential(Duration::from_secs(1))),
    ),
    // What is damaged every time is so by something that does not pass.
    (
        Trouble::Damaged,
        rule(2, Backoff::Exponential(Duration::from_millis(500))),
    ),
];

const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// When a request is sent again.
///
/// | [`Trouble`] | tries | wait |
/// |---|---|---|
/// | `ServerBusy` | 5 | exponential from 1 s |
/// | `Unavailable` | 3 | exponential from 2 s |
/// | `InternalError` | 3 | exponential from 1 s |
/// | `Timeout` | 3 | 1 s |
/// | `Conflict`, when [asked for](Self::conflicts) | 5 | exponential from 500 ms |
/// | `Connection` | 3 | exponential from 500 ms |
/// | `CircuitOpen` | 1 | until the breaker lets a request through |
/// | `Damaged` | 2 | exponential from 500 ms |
///
/// A wait that the service asks for, or a breaker, takes the place of the one in the table.
///
/// All tries of a request count, whatever trouble they met: it is sent again while their number is below that of the latest
/// trouble's row.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::{Backoff, RetryPolicy, Rule, Trouble};
///
/// let patient = RetryPolicy::default()
///     .rule(Trouble::Connection, Rule { tries: 10, backoff: Backoff::Exponential(Duration::from_millis(100)) })
///     .longest_wait(Duration::from_secs(10));
/// assert_eq!(patient.of(Trouble::Connection).tries, 10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    table: [(Trouble, Rule); ROWS],
    longest_wait: Duration,
    conflicts: bool,
}

/// In a request's extensions: whether it is sent again after a [`Trouble::Conflict`], whatever the [policy](RetryPolicy::conflicts) says of all
/// requests.
///
/// ```
/// use lazuli_transport::RetryConflicts;
///
/// // Somebody may have the file open for a moment.
/// let request = http::Request::delete("https://example.file.core.windows.net/share/file").extension(RetryConflicts(true));
/// # let _ = request.body(());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryConflicts(pub bool);

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            table: TABLE,
            longest_wait: LONGEST_WAIT,
            conflicts: false,
        }
    }
}

impl RetryPolicy {
    /// No request is sent twice.
    #[must_use]
    pub fn never() -> Self {
        let mut policy = Self::default();
        for (_, rule) in &mut policy.table {
            rule.tries = 1;
        }
        policy
    }

    /// Another rule for one kind of trouble.
    #[must_use]
    pub fn rule(mut self, trouble: Trouble, rule: Rule) -> Self {
        for row in &mut self.table {
            if row.0 == trouble {
                row.1 = rule;
            }
        }
        self
    }

    /// The longest wait between two tries, 60 s unless said otherwise. When the service asks for a longer one, there is no other try.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Whether requests that met a [`Trouble::Conflict`] are sent again; not unless said otherwise, for who holds a lease means to keep others
    /// out. A [`RetryConflicts`] in a request's extensions decides for that one.
    #[must_use]
    pub fn conflicts(mut self, again: bool) -> Self {
        self.conflicts = again;
        self
    }

    /// The rule for a kind of trouble.
    #[must_use]
    pub fn of(&self, trouble: Trouble) -> Rule {
        let row = self.table.iter().find(|(row, _)| *row == trouble);
        // Every kind has its row: a test sees to that.
        row.map_or(rule(1, Backoff::Fixed(Duration::ZERO)), |(_, rule)| *rule)
    }

    pub(super) fn takes(&self, trouble: Trouble, conflicts: Option<RetryConflicts>) -> bool {
        trouble != Trouble::Conflict || conflicts.map_or(self.conflicts, |asked| asked.0)
    }

    pub(super) fn longest(&self) -> Duration {
        self.longest_wait
    }
}

//! When circuits open and close, and what counts.

use std::time::Duration;

use crate::Trouble;

/// The most failures that a circuit keeps count of.
const MOST_FAILURES: u32 = 1000;

const COUNTED: [Trouble; 4] = [
    Trouble::Connection,
    Trouble::Timeout,
    Trouble::InternalError,
    Trouble::Unavailable,
];

/// When a circuit opens, for how long, and what closes it.
///
/// | what | default | range |
/// |---|---|---|
/// | [`failures`](Self::failures) that open it | 5 in a row | 1 to 1,000 |
/// | [`within`](Self::within) this time | any time, but with no success between | any |
/// | [`open_for`](Self::open_for) | 30 s | any; 0 tries again with the next call |
/// | [`successes`](Self::successes) that close it | 2 | at least 1 |
/// | [`probes`](Self::probes) at once while half-open | 1 | at least 1 |
///
/// A number out of its range is taken for the nearest one in it.
///
/// # What counts
/// As a failure: no connection or a broken one, a timeout, 408, 500 (but not `FeatureNotSupported`), 502, 503 and 504; that is [`Trouble`] of the kinds `Connection`, `Timeout`,
/// `InternalError` and `Unavailable`. As a success: every other answer, such as 404 or 409, since it shows that the host works.
///
/// As neither: `ServerBusy` and 429, which a [`ThrottleLayer`](crate::ThrottleLayer) sees to, but while half-open they are successes, since a host that asks
/// for time works; an upload that arrived damaged; trouble that [`counts`](Self::counts) turned off; a call that failed before it could say anything about the host, when it could not be signed,
/// say; one that its [deadline](crate::DeadlineLayer) cut off before the host had a [fair time](crate::TimeoutLayer) to answer; and a call that was dropped.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::{CircuitBreakerPolicy, Trouble};
///
/// let policy = CircuitBreakerPolicy::default()
///     .failures(20)
///     .within(Duration::from_secs(10))
///     .open_for(Duration::from_secs(5))
///     .counts(Trouble::InternalError, false);
/// # let _ = policy;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircuitBreakerPolicy {
    failures: u32,
    within: Option<Duration>,
    open_for: Duration,
    successes: u32,
    probes: u32,
    // Empty when nothing ever opens a circuit.
    counted: Vec<Trouble>,
}

/// In a request's extensions: it goes to its host although the circuit is open, and counts for nothing there. For a request that cannot wait until the
/// circuit closes and is sent rarely: the renewal of a lease that runs out before.
///
/// ```
/// use lazuli_transport::PastCircuit;
///
/// let request = http::Request::put("https://example.blob.core.windows.net/c/b?comp=lease").extension(PastCircuit);
/// # let _ = request.body(());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastCircuit;

impl Default for CircuitBreakerPolicy {
    fn default() -> Self {
        Self {
            failures: 5,
            within: None,
            open_for: Duration::from_secs(30),
            successes: 2,
            probes: 1,
            counted: COUNTED.to_vec(),
        }
    }
}

impl CircuitBreakerPolicy {
    /// No circuit ever opens.
    #[must_use]
    pub fn never() -> Self {
        Self {
            counted: Vec::new(),
            ..Self::default()
        }
    }

    /// How many failures open a circuit.
    #[must_use]
    pub fn failures(mut self, failures: u32) -> Self {
        self.failures = failures.clamp(1, MOST_FAILURES);
        self
    }

    /// Counts the failures of the latest time that is this long, whatever succeeded between them, in place of those in a row.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// How long an open circuit refuses calls before it lets one through to see.
    #[must_use]
    pub fn open_for(mut self, time: Duration) -> Self {
        self.open_for = time;
        self
    }

    /// How many calls must succeed, while it is half-open, to close a circuit.
    #[must_use]
    pub fn successes(mut self, successes: u32) -> Self {
        self.successes = successes.max(1);
        self
    }

    /// How many calls a half-open circuit lets through at once. One that ends, or is dropped, makes room for another; so does the passing of
    /// [`open_for`](Self::open_for), and of a second at least, in which none has ended.
    #[must_use]
    pub fn probes(mut self, probes: u32) -> Self {
        self.probes = probes.max(1);
        self
    }

    /// Whether a kind of trouble counts as a failure.
    #[must_use]
    pub fn counts(mut self, trouble: Trouble, counts: bool) -> Self {
        self.counted.retain(|counted| *counted != trouble);
        if counts {
            self.counted.push(trouble);
        }
        self
    }

    pub(super) fn is_never(&self) -> bool {
        self.counted.is_empty()
    }

    pub(super) fn counted(&self, trouble: Trouble) -> bool {
        self.counted.contains(&trouble)
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            failures: self.failures,
            within: self.within,
            open_for: self.open_for,
            successes: self.successes,
            probes: self.probes,
        }
    }
}

/// The numbers, as the state machine takes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) failures: u32,
    pub(super) within: Option<Duration>,
    pub(super) open_for: Duration,
    pub(super) successes: u32,
    pub(super) probes: u32,
}

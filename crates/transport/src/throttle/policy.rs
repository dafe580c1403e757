//! The rates, and how the learned one moves.

use std::time::Duration;

/// How many requests and bytes may pass in a second.
///
/// | what | default | range |
/// |---|---|---|
/// | [`requests_per_second`](Self::requests_per_second) | no limit | at least 1 |
/// | [`bytes_per_second`](Self::bytes_per_second) | no limit | at least 1 |
/// | [`burst`](Self::burst): how much unused time is saved up | 100 ms | 1 ms to 1 min |
/// | [`adaptive`](Self::adaptive) | on | |
/// | [`tolerates`](Self::tolerates): busy answers that change nothing | one, and beside it under 3 % of the last second's requests | 0 % to 50 % |
/// | [`decrease`](Self::decrease) when the service is busy | 20 % | 1 % to 90 % |
/// | [`at_most_every`](Self::at_most_every): one decrease in this time | 250 ms | any |
/// | [`increase`](Self::increase) for each second in which it is not | 5 % | 1 % to 100 % |
/// | [`slowest`](Self::slowest) rate that it comes down to, in requests a second | 5 | at least 1 |
/// | [`forget_after`](Self::forget_after) nobody had to wait for this long | 10 s | any |
///
/// A number out of its range is taken for the nearest one in it.
///
/// ```
/// use std::time::Duration;
/// use lazuli_transport::ThrottlePolicy;
///
/// let policy = ThrottlePolicy::default()
///     .requests_per_second(500)
///     .bytes_per_second(100 * 1024 * 1024)
///     .burst(Duration::from_millis(200));
/// # let _ = policy;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThrottlePolicy {
    pub(super) requests: Option<u32>,
    pub(super) bytes: Option<u64>,
    pub(super) burst: Duration,
    pub(super) adaptive: bool,
    pub(super) tolerates: u32,
    pub(super) decrease: u32,
    pub(super) at_most_every: Duration,
    pub(super) increase: u32,
    pub(super) slowest: u32,
    pub(super) forget_after: Duration,
}

impl Default for ThrottlePolicy {
    fn default() -> Self {
        Self {
            requests: None,
            bytes: None,
            burst: Duration::from_millis(100),
            adaptive: true,
            tolerates: 3,
            decrease: 20,
            at_most_every: Duration::from_millis(250),
            increase: 5,
            slowest: 5,
            forget_after: Duration::from_secs(10),
        }
    }
}

impl ThrottlePolicy {
    /// No limit, and none that is learned.
    #[must_use]
    pub fn never() -> Self {
        Self::default().adaptive(false)
    }

    /// How many requests may be sent in a second, to all hosts together. Every try of a [`RetryLayer`](crate::RetryLayer) above is a request.
    #[must_use]
    pub fn requests_per_second(mut self, requests: u32) -> Self {
        self.requests = Some(requests.max(1));
        self
    }

    /// How many bytes of bodies may be sent and received in a second, to and from all hosts, both counted together.
    #[must_use]
    pub fn bytes_per_second(mut self, bytes: u64) -> Self {
        self.bytes = Some(bytes.max(1));
        self
    }

    /// How much of the time in which nothing was asked for is saved up: after a pause, as many requests and bytes as are due to this time may
    /// pass at once, and one request in any case.
    #[must_use]
    pub fn burst(mut self, time: Duration) -> Self {
        self.burst = time.clamp(Duration::from_millis(1), Duration::from_secs(60));
        self
    }

    /// Whether a host that says it is busy is asked less often.
    #[must_use]
    pub fn adaptive(mut self, adaptive: bool) -> Self {
        self.adaptive = adaptive;
        self
    }

    /// How many percent of the last second's requests a host may refuse as busy, beside one, without being asked less often; with 0 each refusal counts.
    /// Without such a share, a host that refuses a few of very many by chance would be slowed down again and again, and without the one, a host
    /// that has become slow would stay so, for it is asked so little that one is a large share.
    #[must_use]
    pub fn tolerates(mut self, percent: u32) -> Self {
        self.tolerates = percent.min(50);
        self
    }

    /// By how many percent a busy host's rate is lowered.
    #[must_use]
    pub fn decrease(mut self, percent: u32) -> Self {
        self.decrease = percent.clamp(1, 90);
        self
    }

    /// The shortest time between two decreases, so that one burst that was too much counts once.
    #[must_use]
    pub fn at_most_every(mut self, time: Duration) -> Self {
        self.at_most_every = time;
        self
    }

    /// How much is added to the rate in each second, in percent of the rate that the host is known to have borne, or of the present one where that is
    /// more.
    #[must_use]
    pub fn increase(mut self, percent: u32) -> Self {
        self.increase = percent.clamp(1, 100);
        self
    }

    /// The lowest rate that a busy host is brought down to, in requests a second.
    #[must_use]
    pub fn slowest(mut self, requests: u32) -> Self {
        self.slowest = requests.max(1);
        self
    }

    /// How long after the last request that had to wait a host's learned rate is forgotten.
    #[must_use]
    pub fn forget_after(mut self, time: Duration) -> Self {
        self.forget_after = time;
        self
    }
}

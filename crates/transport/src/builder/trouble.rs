//! What a caller can choose about trouble: how long to wait, when to try again, and when to leave a host alone.

use std::sync::Arc;

use crate::{
    CircuitBreakers, Deadlines, FullJitter, HedgePolicy, Jitter, ReadFrom, ResumePolicy, RetryBudget,
    RetryPolicy, SecondaryHosts, StallPolicy, Throttle, Timeouts, TransportBuilder,
};

/// The options, as the stack takes them.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) jitter: Arc<dyn Jitter>,
    pub(super) deadlines: Deadlines,
    pub(super) timeouts: Timeouts,
    pub(super) retry: RetryPolicy,
    pub(super) budget: RetryBudget,
    pub(super) resume: ResumePolicy,
    pub(super) stall: StallPolicy,
    pub(super) breakers: CircuitBreakers,
    pub(super) throttle: Throttle,
    pub(super) hedge: Option<HedgePolicy>,
    pub(super) secondary: SecondaryHosts,
    pub(super) read_from: ReadFrom,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            jitter: Arc::new(FullJitter),
            deadlines: Deadlines::default(),
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            budget: RetryBudget::default(),
            resume: ResumePolicy::default(),
            stall: StallPolicy::default(),
            breakers: CircuitBreakers::default(),
            throttle: Throttle::default(),
            hedge: None,
            secondary: SecondaryHosts::none(),
            read_from: ReadFrom::default(),
        }
    }
}

/// # Trouble
/// What follows is about calls that fail, or take too long. Everything is on as its default says, but for [`hedge`](Self::hedge), which costs requests, and
/// [`secondary`](Self::secondary), which may bring what is not the latest.
impl TransportBuilder {
    /// When requests are sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.trouble.retry = policy;
        self
    }

    /// How long calls may take.
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        self.trouble.deadlines = deadlines;
        self
    }

    /// How long one try may take; see [`TimeoutLayer`](crate::TimeoutLayer).
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.trouble.timeouts = timeouts;
        self
    }

    /// How many retries there may be beside the calls; see [`RetryBudget`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.trouble.budget = budget;
        self
    }

    /// The chance in the waits between tries.
    pub fn jitter(mut self, jitter: Arc<dyn Jitter>) -> Self {
        self.trouble.jitter = jitter;
        self
    }

    /// How often a download that broke off goes on; see [`ResumeLayer`](crate::ResumeLayer).
    pub fn resume(mut self, policy: ResumePolicy) -> Self {
        self.trouble.resume = policy;
        self
    }

    /// How slow a body may be; see [`StallLayer`](crate::StallLayer).
    pub fn stall(mut self, policy: StallPolicy) -> Self {
        self.trouble.stall = policy;
        self
    }

    /// When a host is left alone: a [`CircuitBreakerPolicy`](crate::CircuitBreakerPolicy), or [`CircuitBreakers`] whose states are read elsewhere or shared with
    /// other stacks.
    ///
    /// ```
    /// use lazuli_transport::{CircuitBreakerPolicy, CircuitBreakers, CircuitState, Transport};
    ///
    /// let breakers = CircuitBreakers::new(CircuitBreakerPolicy::default().failures(20));
    /// let transport = Transport::builder().circuit_breaker(breakers.clone()).build()?;
    /// let open = breakers.states().into_iter().filter(|(_, state)| *state == CircuitState::Open);
    /// assert_eq!(open.count(), 0);
    /// # let _ = transport;
    /// # Ok::<(), lazuli_transport::Error>(())
    /// ```
    pub fn circuit_breaker(mut self, breakers: impl Into<CircuitBreakers>) -> Self {
        self.trouble.breakers = breakers.into();
        self
    }

    /// How fast requests may follow each other: a [`ThrottlePolicy`](crate::ThrottlePolicy), or a [`Throttle`] that other stacks share.
    pub fn throttle(mut self, throttle: impl Into<Throttle>) -> Self {
        self.trouble.throttle = throttle.into();
        self
    }

    /// Sends reads that are late a second time; see [`HedgeLayer`](crate::HedgeLayer). Every request counts on the bill.
    pub fn hedge(mut self, policy: HedgePolicy) -> Self {
        self.trouble.hedge = Some(policy);
        self
    }

    /// Reads from the secondary place of an account when its primary fails; see [`SecondaryLayer`](crate::SecondaryLayer). What comes from there may
    /// not be the latest.
    pub fn secondary(mut self, hosts: SecondaryHosts) -> Self {
        self.trouble.secondary = hosts;
        self
    }

    /// Where reads go that do not say it themselves, for accounts with a [`secondary`](Self::secondary).
    pub fn read_from(mut self, place: ReadFrom) -> Self {
        self.trouble.read_from = place;
        self
    }
}

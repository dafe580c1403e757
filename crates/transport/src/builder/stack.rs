//! The order of the layers.

use http::{Request, Response};
use lazuli_protocol::{Body, ResponseBody};
use tower::util::option_layer;
use tower::{Layer as _, Service};

use crate::{
    DeadlineLayer, Error, GatherLayer, HedgeLayer, PrepareLayer, ReadFrom, ResumeLayer, RetryLayer,
    SecondaryLayer, SignLayer, StallLayer, TimeoutLayer, TraceLayer, TraceTryLayer, Transport,
    TransportBuilder, VerifyLayer,
};

impl TransportBuilder {
    pub(super) fn stack<S>(self, bottom: S) -> Result<Transport, Error>
    where
        S: Service<Request<Body>, Response = Response<ResponseBody>, Error = Error>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send + 'static,
    {
        let mut prepare = PrepareLayer::new()
            .request_ids(self.request_ids)
            .api_version(self.api_version);
        if let Some(suffix) = &self.user_agent_suffix {
            prepare = prepare.user_agent_suffix(suffix)?;
        }
        let trouble = &self.trouble;
        let jitter = &trouble.jitter;
        let retry = RetryLayer::new(trouble.retry.clone())
            .budget(trouble.budget.clone())
            .jitter(jitter.clone());
        let resume = ResumeLayer::new(trouble.resume).jitter(jitter.clone());
        let read_from = match trouble.read_from {
            // Nowhere else to go to: no request is kept for it.
            ReadFrom::PrimaryThenSecondary if trouble.secondary.is_none() => ReadFrom::Primary,
            chosen => chosen,
        };
        let secondary = SecondaryLayer::new(trouble.secondary.clone()).read_from(read_from);

        // One request on its way, from the inside out.
        let stack = StallLayer::new(trouble.stall).layer(bottom);
        let stack = TimeoutLayer::new(trouble.timeouts)
            .few_places(self.hyper.limits_connections())
            .layer(stack);
        let stack = GatherLayer::default().layer(stack);
        let stack = VerifyLayer::new().layer(stack);
        // Getting the credential is no part of the host's time, and a refused answer is read whole before the next one is asked for.
        let stack = SignLayer::from_source(self.credential)
            .clock(self.clock)
            .layer(stack);
        // The secondary has another URL than the one that was checked first.
        let stack = self.secure.layer(stack);
        let stack = TraceTryLayer::new().layer(stack);
        // Which requests there are.
        let stack = trouble.throttle.layer().layer(stack);
        let stack = trouble.breakers.layer().layer(stack);
        let stack = option_layer(trouble.hedge.map(HedgeLayer::new)).layer(stack);
        let stack = secondary.layer(stack);
        let stack = retry.layer(stack);
        // The call as a whole.
        let stack = DeadlineLayer::new(trouble.deadlines).layer(stack);
        let stack = resume.layer(stack);
        let stack = self.secure.layer(stack);
        let stack = prepare.layer(stack);
        #[cfg(feature = "metrics")]
        let stack = crate::MetricsLayer::new().layer(stack);
        Ok(Transport::new(TraceLayer::new().layer(stack)))
    }
}

//! The body of an answer, with the guard that cuts it off.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{BoxError, ResponseBody};
use tokio::time::{Instant, Sleep, sleep};

use super::bell::Bell;
use super::policy::Rule;
use crate::{Error, ErrorKind};

pub(super) struct StallBody {
    inner: ResponseBody,
    rule: Rule,
    // Of the window: what came, and how long it was waited for.
    came: u64,
    waited: Duration,
    // Since when there is nothing to read.
    since: Option<Instant>,
    // Rings when there may be. A body that is always there when it is asked for has none.
    bell: Option<Bell>,
    // It is set when a window begins, and looks at what was waited when it ends. Never later than the window's end.
    timer: Option<Pin<Box<Sleep>>>,
}

impl StallBody {
    pub(super) fn new(inner: ResponseBody, rule: Rule) -> Self {
        Self {
            inner,
            rule,
            came: 0,
            waited: Duration::ZERO,
            since: None,
            bell: None,
            timer: None,
        }
    }

    /// Asks the body, in a way that tells later when it had something, whenever the reader comes for it.
    fn poll_inner(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let inner = Pin::new(&mut self.inner);
        let Some(bell) = &self.bell else {
            let frame = inner.poll_frame(cx);
            if frame.is_ready() {
                return frame;
            }
            let bell = self.bell.insert(Bell::new());
            bell.reset(cx.waker());
            // Once more, so that it knows whom to call.
            return Pin::new(&mut self.inner).poll_frame(&mut bell.context());
        };
        if let Some(rang) = bell.reset(cx.waker())
            && let Some(since) = self.since.take()
        {
            // What follows until now was the reader's own time.
            self.waited = self.waited.saturating_add(rang.saturating_duration_since(since));
        }
        inner.poll_frame(&mut bell.context())
    }

    /// Waits as long as the body may stall.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let Rule { window, least, .. } = self.rule;
        if self.since.is_none() {
            self.since = Some(Instant::now());
        }
        loop {
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(window)));
            ready!(timer.as_mut().poll(cx));
            let now = Instant::now();
            let pending = self
                .since
                .map_or(Duration::ZERO, |since| now.duration_since(since));
            let waited = self.waited.saturating_add(pending);
            let next = match window.checked_sub(waited) {
                // The reader was elsewhere for a part of the window.
                Some(left) if !left.is_zero() => left,
                // The timer has called the reader at the window's end. One that comes long after it has not been waiting.
                _ if self.came >= least || waited > window + self.rule.grain() => {
                    self.came = 0;
                    self.waited = Duration::ZERO;
                    self.since = Some(now);
                    window
                }
                _ => return Poll::Ready(self.cut(waited)),
            };
            timer.as_mut().reset(now + next);
        }
    }

    fn cut(&mut self, waited: Duration) -> Error {
        // Closes the connection: what is left of the body is in nobody's way.
        self.inner = ResponseBody::empty();
        self.timer = None;
        self.bell = None;
        let (came, floor) = (self.came, self.rule.floor);
        let message = format!(
            "the answer's body stalled: {came} bytes came in {waited:?} of waiting, fewer than {floor} a second; check the network, or let bodies be slower"
        );
        Error::new(ErrorKind::Timeout, message)
    }
}

impl HttpBody for StallBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = this.poll_inner(cx) else {
            return this.poll_stalled(cx).map(|error| Some(Err(error.into())));
        };
        if let Some(since) = this.since.take() {
            this.waited = this.waited.saturating_add(since.elapsed());
        }
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            this.came = this.came.saturating_add(data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

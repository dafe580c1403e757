//! An answer's body that keeps to a rate: it pays for what came before it asks for more.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use lazuli_protocol::{BoxError, ResponseBody};
use tokio::time::Instant;

use super::gate::Gate;
use super::throttling::tokens;
use super::turn::{Turn, Want};

/// While nobody polls it, it keeps nobody waiting: its place is passed over when it does not look, and it has no other hold on the gate.
pub(super) struct Throttled {
    body: ResponseBody,
    gate: Arc<Gate>,
    // The wait for the end of the debt, while there is one.
    wait: Option<Turn<Arc<Gate>, 1>>,
}

impl Throttled {
    pub(super) fn wrap(body: ResponseBody, gate: Arc<Gate>) -> ResponseBody {
        if body.is_end_stream() {
            return body;
        }
        ResponseBody::new(Self {
            body,
            gate,
            wait: None,
        })
    }
}

impl HttpBody for Throttled {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.poll(cx));
            self.wait = None;
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
        if let Some(data) = data.filter(|data| !data.is_empty())
            && self.gate.take(Instant::now(), tokens(data.len() as u64))
            && !self.body.is_end_stream()
        {
            let paid = Want::new(Arc::clone(&self.gate), 0.0);
            self.wait = Some(Turn::new([Some(paid)]));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

//! Reading an answer to its end, or to the limit.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Response};
use http_body::{Body as _, Frame};
use lazuli_protocol::{BoxError, ResponseBody};
use tokio::time::{Instant, timeout_at};

use super::body::{Gathered, Then, too_late};
use crate::{Error, ErrorKind};

/// What a piece takes beside its bytes, about.
const PIECE: u64 = 128;

/// How long a body is waited for that need not be there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Until when what comes is gathered.
    pub(super) until: Instant,
    /// When the call's time is up.
    pub(super) expires: Option<Instant>,
    /// Whether the head says all that is to be known: nobody waits for the rest.
    pub(super) told: bool,
}

impl Patience {
    /// What follows when it has come to its end.
    fn then(self, rest: ResponseBody) -> Then {
        if self.told {
            return Then::Broken(too_late("the rest of the refusal"));
        }
        Then::rest(rest, self.expires)
    }
}

/// Reads what takes up to `limit` bytes, each piece with what it takes beside its own. A body that breaks off is an error when the request is to be
/// sent again. When it is not, there is a time up to which the body is waited for: what came is handed on, followed by the rest, for as long as the
/// call may take, or by what broke it.
pub(super) async fn whole(
    answer: Response<ResponseBody>,
    limit: u64,
    patience: Option<Patience>,
) -> Result<Response<ResponseBody>, Error> {
    let said = content_length(answer.headers());
    let empty = answer.body().is_end_stream() && said.unwrap_or(0) == 0;
    if empty || said.is_some_and(|said| said > limit) {
        return Ok(answer);
    }
    let (head, mut body) = answer.into_parts();
    let mut frames = VecDeque::new();
    let mut bytes = 0_u64;
    let mut taken = 0_u64;
    let then = loop {
        if body.is_end_stream() {
            break end(bytes, said);
        }
        let next = match patience {
            None => next(&mut body).await,
            Some(patience) => match timeout_at(patience.until, next(&mut body)).await {
                Ok(next) => next,
                Err(_) => break patience.then(body),
            },
        };
        match next {
            None => break end(bytes, said),
            Some(Err(source)) => break Then::Broken(source),
            Some(Ok(frame)) => {
                let length = length(&frame);
                if length == 0 && frame.is_data() {
                    continue;
                }
                bytes = bytes.saturating_add(length);
                taken = taken.saturating_add(length).saturating_add(PIECE);
                frames.push_back(frame);
            }
        }
        if said.is_some_and(|said| bytes > said) {
            break end(bytes, said);
        }
        if taken > limit {
            break Then::Rest(body);
        }
    };
    match then {
        Then::Broken(source) if patience.is_none() => Err(broke_off(source, bytes)),
        then => Ok(Response::from_parts(head, Gathered::body(frames, bytes, then))),
    }
}

async fn next(body: &mut ResponseBody) -> Option<Result<Frame<Bytes>, BoxError>> {
    poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

fn length(frame: &Frame<Bytes>) -> u64 {
    let length = frame.data_ref().map_or(0, Bytes::len);
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What follows the last byte, or the first one too many.
fn end(bytes: u64, said: Option<u64>) -> Then {
    match said {
        Some(said) if said != bytes => {
            let than = if bytes < said { "fewer" } else { "more" };
            let message = format!("the answer has {than} than the {said} bytes that it announced");
            Then::Broken(Error::new(ErrorKind::Connection, message).into())
        }
        _ => Then::End,
    }
}

fn broke_off(source: BoxError, bytes: u64) -> Error {
    // A layer further in may have cut it off, for it was too slow.
    let kind = match source.downcast_ref::<Error>() {
        Some(own) if own.is_timeout() => ErrorKind::Timeout,
        _ => ErrorKind::Connection,
    };
    Error::new(kind, format!("the answer broke off after {bytes} bytes")).because(source)
}

//! The rest of a download: how it is asked for, and what must answer.

use std::borrow::Cow;

use http::header::{
    CONTENT_LENGTH, ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, response};
use lazuli_protocol::{Body, ByteRange, ContentRange, ContentVerified, ResponseBody, header};

use super::setback::Setback;
use crate::deadline::Expires;
use crate::{ErrorKind, ReadFrom, ServedBy, answer};

const IF_TAGS: HeaderName = HeaderName::from_static("x-ms-if-tags");

const CHANGED: &str = "the blob was changed while it was read; read it again from its start";

/// What the first answer has settled: its checksum covers the rest as well, its conditions were met, and its `ETag` holds on to what they let through.
/// A range takes the place of the first one.
const SETTLED: [HeaderName; 9] = [
    header::RANGE,
    RANGE,
    IF_RANGE,
    header::RANGE_GET_CONTENT_CRC64,
    header::RANGE_GET_CONTENT_MD5,
    IF_NONE_MATCH,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    IF_TAGS,
];

/// What it takes to ask for the rest. It has no `Debug`: a request's headers may hold secrets.
pub(super) struct Rest {
    asked: Parts,
    etag: HeaderValue,
    // One past the last byte that was asked for, and the size of the whole blob.
    end: u64,
    size: u64,
    // Whether a layer below holds the content against checksums that come with it.
    verified: bool,
}

impl Rest {
    /// What an answer promises, and the first byte of it; `None` when it cannot be gone on with.
    pub(super) fn of<B>(mut asked: Parts, response: &Response<B>) -> Option<(Self, u64)> {
        let headers = response.headers();
        let length = length(headers).filter(|length| *length > 0)?;
        let etag = headers.get(ETAG).filter(|etag| is_strong(etag))?.clone();
        // A byte of content in segments is not a byte of the blob, where no layer below takes it out of them.
        if headers.contains_key(header::STRUCTURED_BODY) {
            return None;
        }
        let (first, size) = match response.status() {
            StatusCode::OK => (0, length),
            StatusCode::PARTIAL_CONTENT => {
                let range = answer::content_range(headers)?;
                let last = range.first.checked_add(length - 1)?;
                (range.last == last).then_some((range.first, range.size))?
            }
            _ => return None,
        };
        // The rest has a deadline of its own.
        asked.extensions.remove::<Expires>();
        // What the secondary has may not be what the primary has, or the other way round.
        if ServedBy::of(response.extensions()) == ServedBy::Secondary {
            asked.extensions.insert(ReadFrom::Secondary);
        }
        let rest = Self {
            asked,
            etag,
            end: first.checked_add(length)?,
            size,
            verified: response.extensions().get::<ContentVerified>().is_some(),
        };
        Some((rest, first))
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// The request for what there is from this byte on.
    pub(super) fn request(&self, at: u64) -> Request<Body> {
        let mut parts = self.asked.clone();
        let headers = &mut parts.headers;
        let standard = headers.contains_key(RANGE) && !headers.contains_key(header::RANGE);
        for name in &SETTLED {
            headers.remove(name);
        }
        if !self.verified {
            headers.remove(header::STRUCTURED_BODY);
        }
        headers.insert(IF_MATCH, self.etag.clone());
        // It is always a header's text; without it the answer would be the whole, which is not taken for the rest.
        if let Ok(range) = HeaderValue::try_from(ByteRange::from(at..self.end).to_string()) {
            headers.insert(if standard { RANGE } else { header::RANGE }, range);
        }
        Request::from_parts(parts, Body::empty())
    }

    /// The body of an answer that is exactly what there is from this byte on.
    ///
    /// # Errors
    /// Why it is not.
    pub(super) fn body(&self, at: u64, response: Response<ResponseBody>) -> Result<ResponseBody, Setback> {
        let (head, body) = response.into_parts();
        match self.objection(at, &head) {
            None => Ok(body),
            Some((kind, why)) => Err(Setback::of_answer(kind, why, &head)),
        }
    }

    fn objection(&self, at: u64, head: &response::Parts) -> Option<(ErrorKind, Cow<'static, str>)> {
        let response::Parts {
            status,
            headers,
            extensions,
            ..
        } = head;
        if *status != StatusCode::PARTIAL_CONTENT {
            return Some(refusal(*status, answer::error_code(headers)));
        }
        let expected = ContentRange {
            first: at,
            last: self.end.saturating_sub(1),
            size: self.size,
        };
        let length_fits = match length(headers) {
            Some(length) => self.end.checked_sub(at) == Some(length),
            None => !headers.contains_key(CONTENT_LENGTH),
        };
        let why = match headers.get(ETAG) {
            // Not every service heeds `If-Match` (that of files does not), and another state may have another size.
            Some(etag) if *etag != self.etag => return Some((ErrorKind::Body, CHANGED.into())),
            _ if answer::content_range(headers) != Some(expected) || !length_fits => {
                format!("the service was asked for {expected} and sent another range").into()
            }
            None => "the service did not say which state of the blob it sent".into(),
            Some(_) if headers.contains_key(header::STRUCTURED_BODY) => {
                "the service wrapped the rest in a structure that was not asked for".into()
            }
            Some(_) if self.verified && extensions.get::<ContentVerified>().is_none() => {
                "the service sent the rest without the checksums that came with the beginning".into()
            }
            Some(_) => return None,
        };
        Some((ErrorKind::InvalidResponse, why))
    }
}

/// What an answer without a part of the blob says.
fn refusal(status: StatusCode, code: Option<&str>) -> (ErrorKind, Cow<'static, str>) {
    // A lost lease, say, has the same status and other codes.
    if status == StatusCode::PRECONDITION_FAILED && code.is_none_or(|code| code == "ConditionNotMet") {
        return (ErrorKind::Body, CHANGED.into());
    }
    let why = format!(
        "the service answered the request for the rest with status {} ({})",
        status.as_u16(),
        code.unwrap_or("no error code")
    );
    // A success that holds something else is no refusal.
    let kind = match status.is_success() {
        true => ErrorKind::InvalidResponse,
        false => ErrorKind::Service,
    };
    (kind, why.into())
}

fn is_strong(etag: &HeaderValue) -> bool {
    matches!(etag.as_bytes(), [b'"', _, .., b'"'])
}

fn length(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(CONTENT_LENGTH)?.to_str().ok()?;
    // A plus sign would pass for a number otherwise.
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

//! One request of a batch.

use std::fmt;

use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};

use super::Malformed;

/// More headers than any client sends with a part.
const HEADERS: usize = 100;

/// One request of a batch. `Debug` shows no query and no value of a header: both may hold signatures.
#[derive(Clone)]
pub(crate) struct SubRequest {
    /// What ties the answer to it, if it has one.
    pub(crate) content_id: Option<String>,
    pub(crate) method: Method,
    pub(crate) target: PathAndQuery,
    pub(crate) headers: HeaderMap,
}

impl SubRequest {
    /// Reads what lies between two boundaries.
    pub(super) fn parse(part: &[u8], at: usize) -> Result<Self, Malformed> {
        let mut lines = Lines(part);
        let about = headers(&mut lines, at)?;
        if !about.get(header::CONTENT_TYPE).is_some_and(is_http) {
            return Err(Malformed::PartType(at));
        }
        let (method, target) = lines
            .next()
            .and_then(request_line)
            .ok_or(Malformed::RequestLine(at))?;
        let headers = headers(&mut lines, at)?;
        let length = headers.get(header::CONTENT_LENGTH);
        if length.is_some_and(|length| length != "0")
            || lines.0.iter().any(|byte| !byte.is_ascii_whitespace())
        {
            return Err(Malformed::Body(at));
        }
        let content_id = about.get("content-id").and_then(|id| id.to_str().ok());
        Ok(Self {
            content_id: content_id.map(str::to_owned),
            method,
            target,
            headers,
        })
    }
}

impl fmt::Debug for SubRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubRequest")
            .field("content_id", &self.content_id)
            .field("method", &self.method)
            .field("path", &self.target.path())
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Lines that end with CR LF. A lone CR or LF ends none, so it cannot make a header out of a value.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = self.0.windows(2).position(|two| two == b"\r\n");
        let (line, rest) = match end {
            Some(end) => (self.0.get(..end)?, self.0.get(end.saturating_add(2)..)?),
            None => (self.0, &[][..]),
        };
        self.0 = rest;
        Some(line)
    }
}

/// Headers, up to the empty line or the end.
fn headers(lines: &mut Lines<'_>, at: usize) -> Result<HeaderMap, Malformed> {
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = header_line(line).ok_or(Malformed::Header(at))?;
        if headers.len() >= HEADERS {
            return Err(Malformed::Header(at));
        }
        headers.append(name, value);
    }
    Ok(headers)
}

fn header_line(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
    // Some clients end a signature with a line feed. At the end of a value it is as harmless as a blank.
    let value = line.get(colon.saturating_add(1)..)?.trim_ascii();
    Some((name, HeaderValue::from_bytes(value).ok()?))
}

fn request_line(line: &[u8]) -> Option<(Method, PathAndQuery)> {
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    if version != "HTTP/1.1" || words.next().is_some() {
        return None;
    }
    let target = target.parse::<Uri>().ok()?.into_parts().path_and_query?;
    let is_path = target.path().starts_with('/');
    Some((method.parse().ok()?, target)).filter(|_| is_path)
}

fn is_http(value: &HeaderValue) -> bool {
    let kind = value
        .as_bytes()
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/http")
}

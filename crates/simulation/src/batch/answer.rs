//! The answer to a batch, as the service writes it.

use http::{HeaderName, HeaderValue, StatusCode};

/// The headers that every part ends with, in the service's order and spelling. Those of the operation come before them.
const LAST: [(&str, &str); 6] = [
    ("x-ms-request-id", "x-ms-request-id"),
    ("x-ms-version", "x-ms-version"),
    ("x-ms-client-request-id", "x-ms-client-request-id"),
    ("content-length", "Content-Length"),
    ("content-type", "Content-Type"),
    ("server", "Server"),
];

/// What the service leaves out of a part, since the whole has it.
const OMITTED: [&str; 3] = ["date", "connection", "transfer-encoding"];

/// The answer to one request of a batch.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// The one of the request.
    pub(crate) content_id: Option<String>,
    pub(crate) status: StatusCode,
    /// What follows the status: the usual words, or the message of an error.
    pub(crate) reason: String,
    /// In any order. `Content-Length` is left out without a body.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Vec<u8>,
}

/// Writes the parts of an answer one after the other, so that they need not be held together.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    boundary: String,
}

impl Writer {
    /// With a GUID, by which the boundary is made one that no part has.
    pub(crate) fn new(id: uuid::Uuid) -> Self {
        Self {
            boundary: format!("batchresponse_{id}"),
        }
    }

    /// The `Content-Type` of the answer.
    pub(crate) fn content_type(&self) -> String {
        format!("multipart/mixed; boundary={}", self.boundary)
    }

    /// The bytes of the next part.
    pub(crate) fn part(&self, part: &Part) -> Vec<u8> {
        let mut out = Vec::with_capacity(part.body.len().saturating_add(512));
        line(&mut out, &["--", &self.boundary]);
        line(&mut out, &["Content-Type: application/http"]);
        if let Some(id) = &part.content_id {
            line(&mut out, &["Content-ID: ", id]);
        }
        line(&mut out, &[]);
        line(&mut out, &["HTTP/1.1 ", part.status.as_str(), " ", &part.reason]);
        for (name, value) in in_order(&part.headers, !part.body.is_empty()) {
            out.extend([name.as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        line(&mut out, &[]);
        if !part.body.is_empty() {
            out.extend_from_slice(&part.body);
            line(&mut out, &[]);
        }
        out
    }

    /// The bytes after the last part.
    pub(crate) fn end(&self) -> Vec<u8> {
        format!("--{}--", self.boundary).into_bytes()
    }
}

/// A line, with blanks where it would otherwise be cut in two.
fn line(out: &mut Vec<u8>, texts: &[&str]) {
    let bytes = texts.iter().flat_map(|text| text.bytes());
    out.extend(bytes.map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }));
    out.extend_from_slice(b"\r\n");
}

fn in_order(headers: &[(HeaderName, HeaderValue)], has_body: bool) -> Vec<(&str, &HeaderValue)> {
    let kept = |name: &HeaderName| {
        !OMITTED.contains(&name.as_str()) && (has_body || name.as_str() != "content-length")
    };
    let rank = |name: &HeaderName| LAST.iter().position(|(last, _)| *last == name.as_str());
    let mut kept: Vec<_> = headers.iter().filter(|(name, _)| kept(name)).collect();
    kept.sort_by_key(|(name, _)| rank(name).map_or(0, |rank| rank.saturating_add(1)));
    let spelled = |(name, value)| {
        let name: &HeaderName = name;
        let spelling = rank(name)
            .and_then(|rank| LAST.get(rank))
            .map(|(_, spelling)| *spelling);
        (spelling.unwrap_or(name.as_str()), value)
    };
    kept.into_iter()
        .map(|(name, value)| spelled((name, value)))
        .collect()
}

/// The id of a part: the one of the whole, whose last six digits are zero, with a number of its own in their place.
pub(crate) fn part_request_id(whole: &str, number: u32) -> String {
    let kept = whole.len().saturating_sub(6);
    let front = whole.get(..kept).unwrap_or(whole);
    format!("{front}{:06x}", number & 0x00ff_ffff)
}

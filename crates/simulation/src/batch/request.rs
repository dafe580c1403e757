//! Takes the body of a batch apart.

use std::collections::HashSet;

use lazuli_protocol::limits::{BATCH_BYTES, BATCH_PARTS};

use super::{Malformed, SubRequest};

/// The longest boundary of RFC 2046.
const BOUNDARY_CHARS: usize = 70;

/// The boundary that a `Content-Type: multipart/mixed; boundary=…` names.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then_some(value.trim())
    })?;
    let boundary = boundary
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(boundary);
    let fits = (1..=BOUNDARY_CHARS).contains(&boundary.len())
        && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    fits.then_some(boundary)
}

/// The requests of a batch, in the order in which they came.
///
/// # Errors
/// The body is longer than the service takes, or not what its boundary promises.
pub(crate) fn parse(boundary: &str, body: &[u8]) -> Result<Vec<SubRequest>, Malformed> {
    if body.len() > BATCH_BYTES {
        return Err(Malformed::TooLong);
    }
    let delimiter = format!("--{boundary}");
    let mut rest = after_delimiter(body, delimiter.as_bytes()).ok_or(Malformed::NoBoundary)?;
    let delimiter = format!("\r\n--{boundary}");
    let mut requests = Vec::new();
    let mut ids = HashSet::new();
    while !rest.starts_with(b"--") {
        // What follows a boundary on its line is blank.
        let line = rest.strip_prefix(b"\r\n").ok_or(Malformed::NoBoundary)?;
        // A part without headers of its own begins with the empty line, whose CR LF may be the next delimiter's.
        let end = find(rest, delimiter.as_bytes()).ok_or(Malformed::NoBoundary)?;
        let at = requests.len();
        if at >= BATCH_PARTS {
            return Err(Malformed::TooManyParts);
        }
        let part = line.get(..end.saturating_sub(2)).unwrap_or_default();
        let request = SubRequest::parse(part, at)?;
        if !request
            .content_id
            .as_ref()
            .is_none_or(|id| ids.insert(id.clone()))
        {
            return Err(Malformed::ContentId(at));
        }
        requests.push(request);
        rest = rest
            .get(end.saturating_add(delimiter.len())..)
            .unwrap_or_default();
    }
    if requests.is_empty() {
        return Err(Malformed::Empty);
    }
    Ok(requests)
}

/// What follows the first delimiter, which is at the start of the body or of a line.
fn after_delimiter<'a>(body: &'a [u8], delimiter: &[u8]) -> Option<&'a [u8]> {
    if let Some(rest) = body.strip_prefix(delimiter) {
        return Some(rest);
    }
    let line = [b"\r\n", delimiter].concat();
    let at = find(body, &line)?;
    body.get(at.saturating_add(line.len())..)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0_usize;
    loop {
        let rest = haystack.get(from..)?;
        let at = rest.iter().position(|byte| *byte == first)?;
        if rest.get(at..).is_some_and(|rest| rest.starts_with(needle)) {
            return from.checked_add(at);
        }
        from = from.checked_add(at)?.checked_add(1)?;
    }
}

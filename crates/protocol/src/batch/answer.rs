//! The body that Blob Batch answers: a small HTTP answer for each request.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use crate::{Error, ErrorKind, limits};

/// The longest boundary that a multipart body may have.
const BOUNDARY_BYTES: usize = 70;
/// The answers have a dozen headers.
const HEADERS: usize = 100;

/// One answer of a batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchPart {
    /// Which request it answers, counted from zero. `None` when it is the batch that is answered.
    pub content_id: Option<usize>,
    /// The answer.
    pub response: Response<Bytes>,
}

/// Reads the answers of a batch, in the order in which the service wrote them, by the `Content-Type` and the body of its answer.
///
/// # Errors
/// [`ErrorKind::InvalidResponse`] when it is no such body, breaks off, or has more answers than a batch has requests.
pub fn parse_batch_answer(content_type: &str, body: &Bytes) -> Result<Vec<BatchPart>, Error> {
    let boundary = boundary(content_type).ok_or_else(|| unreadable("its Content-Type names no boundary"))?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut rest = after_delimiter(body, &delimiter).ok_or_else(|| unreadable("it has no part"))?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        if parts.len() > limits::BATCH_PARTS {
            return Err(unreadable("it has more parts than a batch has requests"));
        }
        let next = after_delimiter(rest, &delimiter).ok_or_else(|| unreadable("it breaks off"))?;
        let length = rest.len().saturating_sub(next.len() + delimiter.len());
        // The line's end is followed by the part; the break before the delimiter belongs to that.
        let content = rest.get(..length).unwrap_or_default();
        let (_, content) = line(content);
        parts.push(part(content)?);
        rest = next;
    }
    Ok(parts)
}

/// What follows the first delimiter that stands at the start of a line.
fn after_delimiter<'a>(text: &'a [u8], delimiter: &[u8]) -> Option<&'a [u8]> {
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let at = rest
            .windows(delimiter.len())
            .position(|window| window == delimiter)?;
        let starts_line = match from.checked_add(at)?.checked_sub(1) {
            None => true,
            Some(before) => text.get(before) == Some(&b'\n'),
        };
        let after = rest.get(at.checked_add(delimiter.len())?..)?;
        // A longer boundary is another one.
        let ends_there =
            matches!(after.first(), None | Some(b'\r' | b'\n' | b' ' | b'\t')) || after.starts_with(b"--");
        if starts_line && ends_there {
            return Some(after);
        }
        from = from.checked_add(at)?.checked_add(1)?;
    }
}

fn boundary(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';');
    if !parameters.next()?.trim().eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let boundary = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    let fits = (1..=BOUNDARY_BYTES).contains(&boundary.len());
    (fits && boundary.bytes().all(|byte| byte.is_ascii_graphic())).then_some(boundary)
}

/// Splits the first line off, without its end.
fn line(text: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match text.iter().position(|byte| *byte == b'\n') {
        Some(at) => (
            text.get(..at).unwrap_or_default(),
            text.get(at + 1..).unwrap_or_default(),
        ),
        None => (text, <&[u8]>::default()),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

fn part(content: &[u8]) -> Result<BatchPart, Error> {
    let (mime, rest) = headers(content)?;
    let content_id = mime.get("content-id").and_then(|id| {
        let id = id.to_str().ok()?.trim();
        id.trim_start_matches('<').trim_end_matches('>').parse().ok()
    });
    let (status, rest) = line(rest);
    let status = status_of(status).ok_or_else(|| unreadable("a part of it is no HTTP answer"))?;
    let (headers, body) = headers(rest)?;
    let length = headers
        .get(http::header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let body = match length {
        Some(length) => body.get(..length).unwrap_or(body),
        None => body.strip_suffix(b"\r\n").unwrap_or(body),
    };
    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(BatchPart { content_id, response })
}

fn status_of(line: &[u8]) -> Option<StatusCode> {
    let mut words = line.split(|byte| *byte == b' ');
    words.next()?.starts_with(b"HTTP/").then_some(())?;
    StatusCode::from_bytes(words.next()?).ok()
}

/// The headers up to an empty line or the end, and what follows.
fn headers(mut text: &[u8]) -> Result<(HeaderMap, &[u8]), Error> {
    let mut headers = HeaderMap::new();
    loop {
        let (head, rest) = line(text);
        text = rest;
        if head.is_empty() {
            return Ok((headers, text));
        }
        let mut halves = head.splitn(2, |byte| *byte == b':');
        let name = halves
            .next()
            .and_then(|name| HeaderName::from_bytes(name.trim_ascii()).ok());
        let value = halves
            .next()
            .and_then(|value| HeaderValue::from_bytes(value.trim_ascii()).ok());
        let (Some(name), Some(value)) = (name, value) else {
            return Err(unreadable("a part of it has a line that is no header"));
        };
        if headers.len() >= HEADERS {
            return Err(unreadable("a part of it has too many headers"));
        }
        headers.append(name, value);
    }
}

fn unreadable(why: &str) -> Error {
    Error::new(
        ErrorKind::InvalidResponse,
        format!("the answer to the batch cannot be read: {why}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/mixed; boundary=batchresponse_3b60398a";

    fn parse(body: &str) -> Result<Vec<BatchPart>, Error> {
        parse_batch_answer(TYPE, &Bytes::copy_from_slice(body.as_bytes()))
    }

    #[test]
    fn answers_are_told_apart_whatever_their_order() {
        let body = "--batchresponse_3b60398a\r\nContent-Type: application/http\r\nContent-ID: 1\r\n\r\nHTTP/1.1 202 Accepted\r\n\
            x-ms-delete-type-permanent: true\r\nServer: Windows-Azure-Blob/1.0\r\n\r\n--batchresponse_3b60398a\r\n\
            Content-Type: application/http\r\nContent-ID: 0\r\n\r\nHTTP/1.1 404 The specified blob does not exist.\r\n\
            x-ms-error-code: BlobNotFound\r\nContent-Length: 13\r\n\r\n\u{feff}<Error/>\r\n\r\n--batchresponse_3b60398a--";
        let parts = parse(body).unwrap();
        let [first, second] = parts.as_slice() else {
            panic!("{parts:?}")
        };
        assert_eq!(
            (first.content_id, first.response.status().as_u16()),
            (Some(1), 202)
        );
        assert_eq!(first.response.headers()["x-ms-delete-type-permanent"], "true");
        assert!(first.response.body().is_empty());
        assert_eq!(
            (second.content_id, second.response.status().as_u16()),
            (Some(0), 404)
        );
        assert_eq!(second.response.body(), "\u{feff}<Error/>\r\n");
    }

    #[test]
    fn a_refusal_of_the_whole_has_no_number() {
        let body = "--batchresponse_3b60398a\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 400 Bad\r\n\r\n\r\n--batchresponse_3b60398a--\r\n";
        let parts = parse(body).unwrap();
        assert_eq!(parts.first().unwrap().content_id, None);
        let quoted = parse_batch_answer(
            "Multipart/Mixed;charset=x; Boundary=\"batchresponse_3b60398a\"",
            &Bytes::from(body),
        );
        assert_eq!(quoted.unwrap().len(), 1);
    }

    #[test]
    fn what_looks_like_a_boundary_is_none() {
        let body = "--batchresponse_3b60398a\r\nContent-ID: 0\r\n\r\nHTTP/1.1 400 x\r\n\r\na --batchresponse_3b60398a b\n\
            --batchresponse_3b60398abc\r\n--batchresponse_3b60398a--";
        let parts = parse(body).unwrap();
        let text = parts.first().unwrap().response.body();
        assert_eq!(text, "a --batchresponse_3b60398a b\n--batchresponse_3b60398abc");
    }

    #[test]
    fn hostile_answers_are_errors_and_never_panics() {
        let start = "--batchresponse_3b60398a\r\n";
        for bad in [
            "",
            "--",
            "nothing",
            start,
            "--batchresponse_3b60398a",
            &format!("{start}Content-ID: 0\r\n\r\nHTTP/1.1 202"),
            &format!("{start}{start}--batchresponse_3b60398a--"),
            &format!("{start}\r\nHTTP/1.1 20\r\n\r\n--batchresponse_3b60398a--"),
            &format!("{start}\r\nHTTP/1.1\r\n\r\n--batchresponse_3b60398a--"),
            &format!("{start}no header\r\n\r\nHTTP/1.1 202 x\r\n\r\n--batchresponse_3b60398a--"),
            &format!(
                "{start}\r\nHTTP/1.1 202 x\r\n{}\r\n--batchresponse_3b60398a--",
                "a: b\r\n".repeat(101)
            ),
            &format!(
                "{}--batchresponse_3b60398a--",
                format!("{start}\r\nHTTP/1.1 202 x\r\n\r\n").repeat(300)
            ),
        ] {
            assert!(parse(bad).is_err(), "{bad:.80}");
        }
        let endless = format!(
            "{start}\r\nHTTP/1.1 202 x\r\nContent-Length: 99999999999\r\n\r\nx\r\n--batchresponse_3b60398a--"
        );
        assert_eq!(parse(&endless).unwrap().first().unwrap().response.body(), "x\r\n");
        for content_type in [
            "",
            "application/xml",
            "multipart/mixed",
            "multipart/mixed; boundary=",
            "multipart/mixed; boundary=a b",
            &format!("multipart/mixed; boundary={}", "b".repeat(71)),
        ] {
            assert!(
                parse_batch_answer(content_type, &Bytes::new()).is_err(),
                "{content_type}"
            );
        }
    }
}

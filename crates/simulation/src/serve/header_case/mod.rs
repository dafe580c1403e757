//! Keeps the case of metadata's names between a socket and the service.
//!
//! An [`http::HeaderName`] has no case. hyper keeps it beside the headers of a request where it is asked to, and writes an answer by what
//! it finds beside the headers of that, but what it keeps there is a type of its own that nobody else can read or make. It can be carried,
//! though. So a request is read by having a connection of hyper's own, in memory, write its names, and what an answer needs is made by
//! having one read them. hyper alone follows the bytes of the socket: nothing here can lose its place in them.

mod exchange;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::{Extensions, HeaderName, HeaderValue, Request, Response};
use http_body_util::Empty;

use self::exchange::exchange;
use crate::MetadataCase;

const META: &str = "x-ms-meta-";

/// Tells the service how the names of the request's metadata were written, if not in lower case.
pub(super) fn note<B>(request: &mut Request<B>) {
    let names: Vec<_> = request.headers().keys().filter(is_metadata).cloned().collect();
    if names.is_empty() {
        return;
    }
    let mut answer = Response::new(Empty::<Bytes>::new());
    for name in names {
        answer.headers_mut().append(name, HeaderValue::from_static(""));
    }
    *answer.extensions_mut() = request.extensions().clone();
    let written = exchange(b"GET / HTTP/1.1\r\n\r\n", 0, |_| answer);
    let case: MetadataCase = written.split(|byte| *byte == b'\n').filter_map(name).collect();
    if !case.is_empty() {
        request.extensions_mut().insert(case);
    }
}

/// Has the names of an answer's metadata written as the service says.
pub(super) fn restore<B>(mut answer: Response<B>) -> Response<B> {
    let Some(case) = answer.extensions().get::<MetadataCase>() else {
        return answer;
    };
    let names = answer.headers().keys().filter_map(|name| {
        let name = name.as_str().strip_prefix(META)?;
        case.written(name)
    });
    let names: Vec<_> = names.collect();
    let mut head = String::from("GET / HTTP/1.1\r\n");
    for name in &names {
        head.extend([META, name, ":\r\n"]);
    }
    head.push_str("\r\n");
    let mut kept = Extensions::new();
    exchange(head.as_bytes(), names.len(), |request| {
        kept = request.into_parts().0.extensions;
        Response::default()
    });
    answer.extensions_mut().extend(kept);
    answer
}

fn is_metadata(name: &&HeaderName) -> bool {
    name.as_str().starts_with(META)
}

/// The name of metadata in a line of a head.
fn name(line: &[u8]) -> Option<&str> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (prefix, name) = line.get(..colon)?.split_at_checked(META.len())?;
    let is_metadata = prefix.eq_ignore_ascii_case(META.as_bytes());
    std::str::from_utf8(name).ok().filter(|_| is_metadata)
}

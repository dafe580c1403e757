//! The requests within the body of a batch.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

/// One of them: its method, its target and its headers.
pub(crate) struct Part {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
}

/// The parts of a batch, in order; `None` when it is none.
pub(crate) fn parts(body: &Bytes) -> Option<Vec<Part>> {
    let text = std::str::from_utf8(body).ok()?;
    let boundary = text.lines().next().filter(|line| line.starts_with("--"))?;
    let parts = text
        .split(boundary)
        .skip(1)
        .take_while(|part| !part.starts_with("--"));
    parts.map(part).collect()
}

fn part(text: &str) -> Option<Part> {
    // What describes the part ends with an empty line; the request is after it.
    let mut lines = text
        .lines()
        .skip(1)
        .skip_while(|line| !line.is_empty())
        .skip_while(|line| line.is_empty());
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        headers.insert(
            HeaderName::try_from(name).ok()?,
            HeaderValue::from_str(value.trim()).ok()?,
        );
    }
    Some(Part {
        method,
        target,
        headers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_a_request() {
        let body = "--batch_1\r\ncontent-type: application/http\r\ncontent-id: 0\r\n\r\nDELETE /a/b HTTP/1.1\r\nx-ms-date: d\r\n\r\n\
                    --batch_1\r\ncontent-id: 1\r\n\r\nPUT /a/c?comp=tier HTTP/1.1\r\nx-ms-access-tier: Cool\r\n\r\n--batch_1--\r\n";
        let parts = parts(&Bytes::from(body)).unwrap();
        let targets: Vec<&str> = parts.iter().map(|part| part.target.as_str()).collect();
        assert_eq!(targets, ["/a/b", "/a/c?comp=tier"]);
        assert_eq!(
            (parts[0].method.as_str(), parts[1].method.as_str()),
            ("DELETE", "PUT")
        );
        assert_eq!(parts[1].headers["x-ms-access-tier"], "Cool");
    }
}

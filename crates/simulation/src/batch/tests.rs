//! Batches as clients write them, and as they should not.

use http::{HeaderName, HeaderValue, Method, StatusCode};
use proptest::prelude::*;

use super::*;

const BOUNDARY: &str = "batch_357de4f7-6d0b-4e02-8cd2-6361411a9525";

fn body(parts: &[&str]) -> Vec<u8> {
    let mut text = String::new();
    for part in parts {
        text.push_str(&format!("--{BOUNDARY}\r\n{part}\r\n"));
    }
    format!("{text}--{BOUNDARY}--\r\n").into_bytes()
}

fn part(id: usize, request: &str) -> String {
    format!(
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\n{request}"
    )
}

#[test]
fn boundaries_are_read_from_the_content_type() {
    let cases = [
        ("multipart/mixed; boundary=batch_1", Some("batch_1")),
        ("Multipart/Mixed;Boundary=\"a b\"", Some("a b")),
        (
            "multipart/mixed; boundary================2112334733==",
            Some("===============2112334733=="),
        ),
        ("multipart/mixed; charset=x; boundary=b", Some("b")),
        ("multipart/mixed; boundary=", None),
        ("multipart/form-data; boundary=b", None),
        ("multipart/mixed", None),
    ];
    for (content_type, expected) in cases {
        assert_eq!(boundary(content_type), expected, "{content_type}");
    }
    assert_eq!(
        boundary(&format!("multipart/mixed; boundary={}", "b".repeat(71))),
        None
    );
}

#[test]
fn the_requests_of_three_clients_are_read() {
    let bodies = body(&[
        // No headers: the line's end is followed by the boundary at once.
        &part(0, "DELETE /c/blob0?sv=2018-03-28&sig=a%2Ba HTTP/1.1\r\n"),
        // A signature that ends with a line feed.
        &part(
            1,
            "DELETE /c/blob1? HTTP/1.1\r\nx-ms-date: Wed, 03 Mar 2021 01:01:57 GMT\r\nAuthorization: SharedKey a:b=\n\r\n\r\n",
        ),
        &part(
            2,
            "PUT /c/blob2?comp=tier HTTP/1.1\r\nContent-Length: 0\r\nx-ms-access-tier: Cool\r\n\r\n",
        ),
    ]);
    let requests = parse(BOUNDARY, &bodies).unwrap();
    assert_eq!(requests.len(), 3);
    let ids: Vec<_> = requests
        .iter()
        .map(|request| request.content_id.as_deref())
        .collect();
    assert_eq!(ids, [Some("0"), Some("1"), Some("2")]);
    assert_eq!(requests[0].method, Method::DELETE);
    assert_eq!(requests[0].target, "/c/blob0?sv=2018-03-28&sig=a%2Ba");
    assert_eq!(requests[1].headers["authorization"], "SharedKey a:b=");
    assert_eq!(requests[2].headers["x-ms-access-tier"], "Cool");
    let shown = format!("{requests:?}");
    assert!(
        shown.contains("/c/blob0") && !shown.contains("sig") && !shown.contains("SharedKey"),
        "{shown}"
    );
}

#[test]
fn what_is_wrong_is_said() {
    let delete = part(0, "DELETE /c/b HTTP/1.1\r\n\r\n");
    let one = |text: &str| parse(BOUNDARY, &body(&[text])).unwrap_err();
    let cases = [
        (part(0, ""), Malformed::RequestLine(0)),
        (part(0, "DELETE /c/b HTTP/1.0\r\n"), Malformed::RequestLine(0)),
        (part(0, "DELETE /c/a b HTTP/1.1\r\n"), Malformed::RequestLine(0)),
        (part(0, "DELETE c HTTP/1.1\r\n"), Malformed::RequestLine(0)),
        (
            part(0, "DELETE /c/b HTTP/1.1\r\nx-ms-date\r\n\r\n"),
            Malformed::Header(0),
        ),
        (
            part(
                0,
                "DELETE /c/b HTTP/1.1\r\nx-ms-date: a\nx-ms-lease-id: b\r\n\r\n",
            ),
            Malformed::Header(0),
        ),
        (
            part(0, "DELETE /c/b HTTP/1.1\r\nx-ms-date: a\rb\r\n\r\n"),
            Malformed::Header(0),
        ),
        (part(0, "PUT /c/b HTTP/1.1\r\n\r\nbody"), Malformed::Body(0)),
        (
            part(0, "PUT /c/b HTTP/1.1\r\nContent-Length: 4\r\n\r\n"),
            Malformed::Body(0),
        ),
        (
            "Content-ID: 0\r\n\r\nDELETE /c/b HTTP/1.1\r\n".to_owned(),
            Malformed::PartType(0),
        ),
        (String::new(), Malformed::PartType(0)),
    ];
    for (text, expected) in cases {
        assert_eq!(one(&text), expected, "{text:?}");
    }
    assert_eq!(parse(BOUNDARY, &body(&[])).unwrap_err(), Malformed::Empty);
    assert_eq!(
        parse("other", &body(&[&delete])).unwrap_err(),
        Malformed::NoBoundary
    );
    assert_eq!(
        parse(BOUNDARY, &body(&[&delete, &delete])).unwrap_err(),
        Malformed::ContentId(1)
    );
    let unfinished = body(&[&delete]);
    let cut = &unfinished[..unfinished.len() - BOUNDARY.len() - 6];
    assert_eq!(parse(BOUNDARY, cut).unwrap_err(), Malformed::NoBoundary);
}

#[test]
fn a_batch_has_256_parts_and_4_mib() {
    let parts: Vec<_> = (0..257).map(|id| part(id, "DELETE /c/b HTTP/1.1\r\n")).collect();
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    assert_eq!(parse(BOUNDARY, &body(&parts[..256])).unwrap().len(), 256);
    assert_eq!(
        parse(BOUNDARY, &body(&parts)).unwrap_err(),
        Malformed::TooManyParts
    );
    assert_eq!(
        parse(BOUNDARY, &vec![b'-'; 4 * 1024 * 1024 + 1]).unwrap_err(),
        Malformed::TooLong
    );
}

fn header(name: &'static str, value: &'static str) -> (HeaderName, HeaderValue) {
    (HeaderName::from_static(name), HeaderValue::from_static(value))
}

#[test]
fn answers_look_like_those_of_the_service() {
    let writer = Writer::new(uuid::uuid!("66f52668-47a3-4d1b-9975-f04281c91b12"));
    assert_eq!(
        writer.content_type(),
        "multipart/mixed; boundary=batchresponse_66f52668-47a3-4d1b-9975-f04281c91b12"
    );
    let deleted = Part {
        content_id: Some("0".to_owned()),
        status: StatusCode::ACCEPTED,
        reason: "Accepted".to_owned(),
        headers: vec![
            header("server", "Windows-Azure-Blob/1.0"),
            header("x-ms-version", "2019-02-02"),
            header("content-length", "0"),
            header("x-ms-request-id", "73a665b8-501e-00d0-4a36-85c55b1e0b54"),
            header("date", "now"),
            header("x-ms-delete-type-permanent", "true"),
        ],
        body: Vec::new(),
    };
    let missing = Part {
        content_id: None,
        status: StatusCode::NOT_FOUND,
        reason: "The specified blob\r\ndoes not exist.".to_owned(),
        headers: vec![
            header("content-type", "application/xml"),
            header("content-length", "3"),
            header("x-ms-error-code", "BlobNotFound"),
        ],
        body: b"<E>".to_vec(),
    };
    let whole = [writer.part(&deleted), writer.part(&missing), writer.end()].concat();
    assert_eq!(
        String::from_utf8(whole).unwrap(),
        "--batchresponse_66f52668-47a3-4d1b-9975-f04281c91b12\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\n\
         HTTP/1.1 202 Accepted\r\nx-ms-delete-type-permanent: true\r\nx-ms-request-id: 73a665b8-501e-00d0-4a36-85c55b1e0b54\r\n\
         x-ms-version: 2019-02-02\r\nServer: Windows-Azure-Blob/1.0\r\n\r\n\
         --batchresponse_66f52668-47a3-4d1b-9975-f04281c91b12\r\nContent-Type: application/http\r\n\r\n\
         HTTP/1.1 404 The specified blob  does not exist.\r\nx-ms-error-code: BlobNotFound\r\nContent-Length: 3\r\n\
         Content-Type: application/xml\r\n\r\n<E>\r\n--batchresponse_66f52668-47a3-4d1b-9975-f04281c91b12--"
    );
}

#[test]
fn the_ids_of_parts_begin_as_the_one_of_the_whole() {
    let whole = "73a665b8-501e-00d0-4a36-85c55b000000";
    assert_eq!(
        part_request_id(whole, 0x1e_0b54),
        "73a665b8-501e-00d0-4a36-85c55b1e0b54"
    );
    assert_eq!(part_request_id("", u32::MAX), "ffffff");
}

proptest! {
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[-b\r\n: /A-Z]{0,120}") {
        let _ = parse("b", &bytes);
        let _ = parse("b", text.as_bytes());
        let _ = parse("b", format!("--b\r\nContent-Type: application/http\r\n{text}\r\n--b--").as_bytes());
        let _ = boundary(&text);
    }

    #[test]
    fn no_value_reaches_beyond_its_part(value in "[ -~\r\n]{0,40}") {
        let text = part(0, &format!("DELETE /c/b HTTP/1.1\r\nx-ms-if-tags: {value}\r\n\r\n"));
        if let Ok(requests) = parse(BOUNDARY, &body(&[&text])) {
            prop_assert_eq!(requests.len(), 1);
            let is_whole = requests[0].headers.len() == 1;
            prop_assert!(is_whole || value.contains("\r\n"));
        }
    }
}

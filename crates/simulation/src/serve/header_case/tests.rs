//! Names go there and back again, whatever they are.

use http::header::CONTENT_TYPE;
use proptest::prelude::*;

use super::*;

/// A request as it comes off a socket.
fn received(head: &str, headers: usize) -> Request<()> {
    let mut came = None;
    exchange(head.as_bytes(), headers, |request| {
        came = Some(request.map(drop));
        Response::default()
    });
    came.unwrap()
}

/// What the service is told of a request with these lines.
fn noted(lines: &[&str]) -> Option<MetadataCase> {
    let head = format!("PUT /a HTTP/1.1\r\nHost: a\r\n{}\r\n", lines.concat());
    let mut request = received(&head, lines.len() + 1);
    note(&mut request);
    request.extensions().get().cloned()
}

/// How an answer with these headers leaves.
fn sent(names: &[&str], case: Option<MetadataCase>) -> String {
    let mut answer = Response::new(Empty::<Bytes>::new());
    for name in names {
        let name = name.parse::<HeaderName>().unwrap();
        answer.headers_mut().append(name, HeaderValue::from_static("v"));
    }
    if let Some(case) = case {
        answer.extensions_mut().insert(case);
    }
    let answer = restore(answer);
    String::from_utf8(exchange(b"GET / HTTP/1.1\r\n\r\n", 0, |_| answer)).unwrap()
}

fn case(names: &[&str]) -> MetadataCase {
    names.iter().copied().collect()
}

#[test]
fn the_service_is_told_of_metadata_in_upper_case_only() {
    assert_eq!(noted(&[]), None);
    assert_eq!(noted(&["X-Ms-Version: 1\r\n", "Content-Type: A\r\n"]), None);
    assert_eq!(noted(&["X-MS-META-color: Red\r\n"]), None);
    let told = noted(&[
        "x-ms-meta-UserId: x-ms-meta-Other: 1\r\n",
        "X-Ms-Meta-color:\r\n",
        "x-MS-meta-_B:   2\r\n",
        "x-ms-metaX: 3\r\n",
        "x-ms-meta-: 4\r\n",
    ]);
    assert_eq!(told, Some(case(&["UserId", "_B"])));
}

#[test]
fn a_name_that_comes_twice_is_written_as_it_was_first() {
    let told = noted(&[
        "x-ms-meta-AB: 1\r\n",
        "x-ms-meta-Ab: 2\r\n",
        "x-ms-meta-ab: 3\r\n",
    ]);
    assert_eq!(told, Some(case(&["AB"])));
}

#[test]
fn a_request_that_was_not_read_off_a_socket_tells_nothing() {
    let mut request = Request::builder()
        .header("x-ms-meta-UserId", "1")
        .body(())
        .unwrap();
    note(&mut request);
    assert!(request.extensions().is_empty());
}

#[test]
fn an_answer_is_written_as_the_service_says() {
    let names = ["x-ms-meta-userid", "etag", "x-ms-meta-color", "x-ms-userid"];
    let end = "connection: close\r\ncontent-length: 0\r\n\r\n";
    for told in [None, Some(case(&[])), Some(case(&["ETag", "Other"]))] {
        assert_eq!(
            sent(&names, told),
            format!(
                "HTTP/1.1 200 OK\r\nx-ms-meta-userid: v\r\netag: v\r\nx-ms-meta-color: v\r\nx-ms-userid: v\r\n{end}"
            )
        );
    }
    let told = case(&["UserId", "ETag", "Other\r\nx-ms-injected: 1"]);
    assert_eq!(
        sent(&names, Some(told)),
        format!(
            "HTTP/1.1 200 OK\r\nx-ms-meta-UserId: v\r\netag: v\r\nx-ms-meta-color: v\r\nx-ms-userid: v\r\n{end}"
        )
    );
}

#[test]
fn what_else_an_answer_carries_stays() {
    let mut answer = Response::builder()
        .header(CONTENT_TYPE, "a/b")
        .header("x-ms-meta-ab", "1");
    answer = answer.extension(7_u8).extension(case(&["aB"]));
    let answer = restore(answer.body("body").unwrap());
    assert_eq!(answer.extensions().get(), Some(&7_u8));
    assert_eq!((answer.headers().len(), *answer.body()), (2, "body"));
}

/// More than any buffer holds at once, and more headers than hyper takes by default.
#[test]
fn many_and_long_names_are_kept() {
    let names: Vec<_> = (0..500).map(|at| format!("Name{at}{}", "X".repeat(at))).collect();
    let lines: Vec<_> = names
        .iter()
        .map(|name| format!("x-ms-meta-{name}: 1\r\n"))
        .collect();
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    let told = noted(&lines).unwrap();
    let headers: Vec<_> = names.iter().map(|name| format!("x-ms-meta-{name}")).collect();
    let headers: Vec<_> = headers.iter().map(String::as_str).collect();
    let written = sent(&headers, Some(told));
    for header in headers {
        assert!(written.contains(&format!("\r\n{header}: v\r\n")), "{header}");
    }
}

proptest! {
    /// Whatever a header's name may hold.
    #[test]
    fn any_names_come_back(names in prop::collection::vec("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}", 0..40)) {
        let lines: Vec<_> = names.iter().map(|name| format!("x-ms-meta-{name}: 1\r\n")).collect();
        let told = noted(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        let headers: Vec<_> = names.iter().map(|name| format!("x-ms-meta-{name}")).collect();
        let written = sent(&headers.iter().map(String::as_str).collect::<Vec<_>>(), told);
        let mut came = std::collections::BTreeMap::new();
        for name in &names {
            came.entry(name.to_ascii_lowercase()).or_insert(name);
        }
        for name in came.values() {
            let line = format!("\r\nx-ms-meta-{name}: v\r\n");
            prop_assert!(written.contains(&line), "{} in {}", name, written);
        }
    }
}

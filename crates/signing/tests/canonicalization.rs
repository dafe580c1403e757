//! The corners of the text that is signed, one table a corner, through the public functions alone.

#![allow(
    clippy::unwrap_used,
    reason = "a test says what it expects, in its helpers too"
)]

use http::Request;
use http::request::Parts;
use lazuli_signing::{string_to_sign, string_to_sign_lite};

fn request(uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::put(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn text(uri: &str, headers: &[(&str, &str)]) -> String {
    let parts = request(uri, headers);
    string_to_sign(&"acct".parse().unwrap(), &parts)
        .unwrap()
        .into_string()
}

/// What follows the method and the standard headers, of which none is sent.
fn below(uri: &str, headers: &[(&str, &str)]) -> String {
    let text = text(uri, headers);
    text.strip_prefix("PUT\n\n\n\n\n\n\n\n\n\n\n\n")
        .unwrap()
        .to_owned()
}

#[test]
fn the_path_says_where_the_account_is() {
    for (uri, host, resource) in [
        // The account in the host, of the service and of an emulator that plays it.
        ("https://acct.blob.core.windows.net/c/b", None, "/acct/c/b"),
        ("https://acct.z1.blob.storage.azure.net/c/b", None, "/acct/c/b"),
        ("http://acct.blob.localhost:10000/c/b", None, "/acct/c/b"),
        (
            "https://acct-secondary.blob.core.windows.net/c/b",
            None,
            "/acct/c/b",
        ),
        // A domain of the owner's: nothing in the URL names the account, and nothing has to.
        ("https://files.example.com/c/b", None, "/acct/c/b"),
        ("https://files.example.com", None, "/acct/"),
        ("/c/b", Some("files.example.com"), "/acct/c/b"),
        // The account in the path: it is in the text twice.
        ("http://127.0.0.1:10000/acct", None, "/acct/acct"),
        ("http://127.0.0.1:10000/acct/", None, "/acct/acct/"),
        ("http://127.0.0.1:10000/acct/c/b", None, "/acct/acct/c/b"),
        ("http://[::1]:10000/acct/c/b", None, "/acct/acct/c/b"),
        (
            "http://localhost:10000/acct-secondary/c/b",
            None,
            "/acct/acct/c/b",
        ),
        ("/acct-secondary/c/b", Some("127.0.0.1:10000"), "/acct/acct/c/b"),
        // An emulator behind a name of its own.
        ("http://azurite:10000/acct-secondary/c/b", None, "/acct/acct/c/b"),
        (
            "https://storage.example.com/acct-secondary/c/b",
            None,
            "/acct/acct/c/b",
        ),
        // Somebody else's path, or no whole segment.
        (
            "http://127.0.0.1:10000/other-secondary/c",
            None,
            "/acct/other-secondary/c",
        ),
        (
            "http://127.0.0.1:10000/acct-secondary2/c",
            None,
            "/acct/acct-secondary2/c",
        ),
        (
            "http://127.0.0.1:10000/c/acct-secondary/b",
            None,
            "/acct/c/acct-secondary/b",
        ),
        // As it is on the wire: neither decoded, nor encoded, nor tidied.
        (
            "https://acct.blob.core.windows.net/$root/a%20b//./%2e%2E/%c3%BC",
            None,
            "/acct/$root/a%20b//./%2e%2E/%c3%BC",
        ),
    ] {
        let headers: Vec<_> = host.map(|host| ("host", host)).into_iter().collect();
        assert_eq!(below(uri, &headers), resource, "{uri}");
        let lite = string_to_sign_lite(&"acct".parse().unwrap(), &request(uri, &headers)).unwrap();
        assert_eq!(lite.as_str(), format!("PUT\n\n\n\n{resource}"), "{uri}");
    }
}

#[test]
fn parameters_are_signed_decoded_by_name_and_repeated_ones_together() {
    for (query, lines) in [
        ("", ""),
        ("comp=list&restype=container", "\ncomp:list\nrestype:container"),
        // What is encoded in a value is part of the value, whatever it means elsewhere.
        ("prefix=a%26b%3Dc%2Fd%3F%25", "\nprefix:a&b=c/d?%"),
        ("blockid=YQ%3d%3D", "\nblockid:YQ=="),
        ("marker=a%0Ab", "\nmarker:a\nb"),
        // A plus is a plus.
        ("prefix=a+b%2B%20", "\nprefix:a+b+ "),
        // Names in whatever case, encoded or not, are one name.
        ("Comp=b&c%6Fmp=a&COMP=%63", "\ncomp:a,b,c"),
        // Repeated values in their order as texts, blank ones first, equal ones as often as they come.
        ("a=10&a=9&a=&a=10", "\na:,10,10,9"),
        (
            "include=snapshots&include=metadata",
            "\ninclude:metadata,snapshots",
        ),
        ("include=snapshots,metadata", "\ninclude:snapshots,metadata"),
        ("include=snapshots%2Cmetadata", "\ninclude:snapshots,metadata"),
        ("blank=&none", "\nblank:\nnone:"),
        ("&&a=1&", "\na:1"),
    ] {
        let uri = format!("https://acct.blob.core.windows.net/c?{query}");
        assert_eq!(below(&uri, &[]), format!("/acct/c{lines}"), "{query}");
    }
}

#[test]
fn values_of_headers_are_trimmed_and_joined_and_kept_inside() {
    let headers = [
        ("X-Ms-Meta-A", "  spaces around \t"),
        ("x-ms-meta-b", "two  inside,\ta tab"),
        ("x-ms-meta-c", "2"),
        ("x-ms-meta-d", ""),
        ("x-ms-meta-c", " 1 "),
        ("x-ms-meta-c", ""),
        ("x-msx", "no header of the service"),
        ("xms-meta-a", "nor this"),
    ];
    assert_eq!(
        below("/c", &headers),
        "x-ms-meta-a:spaces around\nx-ms-meta-b:two  inside,\ta tab\nx-ms-meta-c:2,1,\nx-ms-meta-d:\n/acct/c"
    );
}

#[test]
fn names_of_headers_are_in_the_order_of_the_service() {
    let headers = [
        ("x-ms-meta-ab", "5"),
        ("x-ms-meta-a1", "3"),
        ("x-ms-meta-a_b", "2"),
        ("x-ms-meta-a_1", "1"),
        ("x-ms-meta-a10", "4"),
        ("x-ms-meta-a-c", "6"),
        ("x-ms-date", "0"),
        ("x-ms-version", "9"),
    ];
    assert_eq!(
        below("/c", &headers),
        "x-ms-date:0\nx-ms-meta-a_1:1\nx-ms-meta-a_b:2\nx-ms-meta-a1:3\nx-ms-meta-a10:4\nx-ms-meta-ab:5\n\
         x-ms-meta-a-c:6\nx-ms-version:9\n/acct/c"
    );
}

#[test]
fn a_version_decides_over_zero_lengths_and_empty_headers() {
    for (version, length, line) in [
        ("2009-09-19", "0", ""),
        ("2014-02-14", "0", ""),
        ("2015-02-21", "", ""),
        ("2016-05-30", "", ""),
        ("2016-05-31", "", "x-ms-meta-a:\n"),
        ("2026-10-06", "", "x-ms-meta-a:\n"),
    ] {
        let headers = [
            ("content-length", "0"),
            ("x-ms-meta-a", ""),
            ("x-ms-version", version),
        ];
        assert_eq!(
            text("/c", &headers),
            format!("PUT\n\n\n{length}\n\n\n\n\n\n\n\n\n{line}x-ms-version:{version}\n/acct/c"),
        );
    }
}

//! `lazuli serve --identity-port`: tokens for every client, and the Blob service that takes them.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;
use support::{Folder, Serve, json};

/// A forged token: of another tenant, without a signature, good for ever. Its claims:
/// `{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/0f/","oid":"1","tid":"0f","exp":99999999999}`
const FORGED: &str = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL3N0b3JhZ2UuYXp1cmUuY29tIiwiaXNzIjoiaHR0cHM6Ly9zdHMud2luZG93cy5uZXQvMGYvIiwib2lkIjoiMSIsInRpZCI6IjBmIiwiZXhwIjo5OTk5OTk5OTk5OX0.";

struct Served {
    serve: Serve,
    identity: Value,
}

impl Served {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let serve = Serve::start(folder, &[&["--identity-port", "0"], arguments].concat());
        let identity = serve.next();
        Self { serve, identity }
    }

    /// The status and the body of what a service answers.
    fn get(&self, service: &Value, path: &str, headers: &str) -> (String, String) {
        let address = format!("127.0.0.1:{}", service["port"]);
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
    }

    fn list(&self, account: &str, token: &str) -> String {
        let headers = format!("x-ms-version: 2026-06-06\r\nauthorization: Bearer {token}\r\n");
        self.get(&self.serve.said, &format!("/{account}?comp=list"), &headers)
            .0
    }

    fn token(&self) -> String {
        let path = "/msi/token?api-version=2019-08-01&resource=https://storage.azure.com";
        let (status, body) = self.get(
            &self.identity,
            path,
            "x-identity-header: lazuli-development-identity-header\r\n",
        );
        assert_eq!(status, "200", "{body}");
        json(&body)["access_token"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_token_from_one_port_opens_the_other() {
    let folder = Folder::new();
    let served = Served::start(&folder, &[]);
    assert_eq!(
        (&served.serve.said["service"], &served.identity["service"]),
        (&"blob".into(), &"identity".into())
    );
    assert_eq!(served.identity["tenant"], "6c617a75-6c69-4000-8000-000000000001");
    let token = served.token();
    assert_eq!(served.list("devstoreaccount1", &token), "200");
    assert_eq!(served.list("devstoreaccount1", &token.replace('.', "..")), "401");
    assert_eq!(served.serve.signal("TERM"), Some(0));
}

#[test]
fn tokens_of_others_are_taken_where_nothing_is_lost_by_it() {
    let folder = Folder::new();
    let other = ["--account", "other:U0VDUkVU"];
    let public = concat!(
        "other:Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6",
        "IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    );
    for (arguments, account, status) in [
        (&[][..], "devstoreaccount1", "200"),
        (&["--oauth", "signed"], "devstoreaccount1", "401"),
        (&["--account", public], "other", "200"),
        (&other, "other", "401"),
        (&[other[0], other[1], "--oauth", "basic"], "other", "200"),
        (&[other[0], other[1], "--oauth", "claims"], "other", "200"),
        (&[other[0], other[1], "--no-development-account"], "other", "401"),
    ] {
        let served = Served::start(&folder, arguments);
        assert_eq!(served.list(account, FORGED), status, "{arguments:?}");
        assert_eq!(served.list(account, &served.token()), "200", "{arguments:?}");
    }
}

#[test]
fn the_port_is_for_one_process() {
    let folder = Folder::new();
    let served = Served::start(&folder, &[]);
    let port = served.identity["port"].to_string();
    let second = folder
        .lazuli(&["serve", "--blob-port", "0", "--identity-port", &port])
        .fails(5);
    assert!(
        second.stderr.contains("another port with --identity-port"),
        "{second:?}"
    );
}

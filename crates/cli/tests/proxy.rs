//! `HTTPS_PROXY` and its kin: what leaves this machine goes through them, and what does not never.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use support::{Folder, Serve};

/// A proxy that refuses every host, for as many calls; gives the heads that it was sent.
fn refusing(calls: usize) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads = thread::spawn(move || {
        let mut heads = Vec::new();
        for _ in 0..calls {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            heads.push(String::from_utf8(head).unwrap());
            stream
                .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
                .unwrap();
        }
        heads
    });
    (address, heads)
}

#[test]
fn a_real_account_is_behind_the_proxy() {
    let folder = Folder::new();
    let (address, heads) = refusing(2);
    let proxy = format!("http://mallory:planted@{address}");
    let account = [
        ("AZURE_STORAGE_ACCOUNT", "contoso"),
        ("AZURE_STORAGE_KEY", "cGxhbnRlZA=="),
        ("HTTPS_PROXY", proxy.as_str()),
        ("NO_PROXY", "other.blob.core.windows.net"),
    ];
    let ended = folder.lazuli_with(&account, &["ls", "az://box"]).fails(6);
    let refused = format!("the proxy http://{address} answers 403");
    assert!(ended.stderr.contains(&refused), "{ended:?}");
    assert!(ended.stderr.contains("NO_PROXY"), "{ended:?}");
    assert!(!ended.stderr.contains("planted"), "{ended:?}");
    // The authority of Entra is behind it as well.
    let principal = [
        ("AZURE_STORAGE_ACCOUNT", "contoso"),
        ("AZURE_TENANT_ID", "contoso.onmicrosoft.com"),
        ("AZURE_CLIENT_ID", "lazuli"),
        ("AZURE_CLIENT_SECRET", "planted"),
        ("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential"),
        ("ALL_PROXY", proxy.as_str()),
    ];
    let ended = folder.lazuli_with(&principal, &["ls", "az://box"]);
    assert!(ended.stderr.contains(&refused), "{ended:?}");
    let heads = heads.join().unwrap();
    for (head, host) in heads
        .iter()
        .zip(["contoso.blob.core.windows.net", "login.microsoftonline.com"])
    {
        let expected = format!(
            "CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nProxy-Authorization: Basic bWFsbG9yeTpwbGFudGVk\r\n\r\n"
        );
        assert_eq!(*head, expected);
    }
}

#[cfg(unix)]
#[test]
fn this_machine_is_not() {
    let folder = Folder::new();
    let serve = Serve::start(&folder, &[]);
    // Nobody listens there.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = format!("http://{gone}");
    let variables = [("ALL_PROXY", gone.as_str()), ("HTTP_PROXY", gone.as_str())];
    let url = format!("http://127.0.0.1:{}/devstoreaccount1", serve.said["port"]);
    folder.lazuli_with(&variables, &["ls", &url]).ok();
    // What cannot be read is no matter, until it is needed.
    let broken = [("HTTPS_PROXY", "gopher://planted")];
    folder.lazuli_with(&broken, &["--version"]).ok();
    let ended = folder.lazuli_with(&broken, &["ls", &url]).fails(2);
    assert!(
        ended.stderr.contains("HTTPS_PROXY: the URL of a proxy"),
        "{ended:?}"
    );
    assert!(!ended.stderr.contains("planted"), "{ended:?}");
    assert_eq!(serve.signal("TERM"), Some(0));
}

//! `lazuli serve`: where it listens, who is let in, how it stops, and what is left after it.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::thread;

use support::{Folder, Serve, json, read_until, send, wait};

#[test]
fn it_says_where_it_listens_and_stops_at_a_signal() {
    let folder = Folder::new();
    for signal in ["TERM", "INT"] {
        let serve = Serve::start(&folder, &["--account", "other:U0VDUkVU"]);
        let said = &serve.said;
        assert_eq!(
            (said["event"].as_str(), said["service"].as_str()),
            (Some("listening"), Some("blob"))
        );
        assert_eq!(said["host"], "127.0.0.1");
        let port = said["port"].as_u64().unwrap();
        assert_eq!(serve.url(), format!("http://127.0.0.1:{port}/devstoreaccount1"));
        assert_eq!(said["accounts"], json(r#"["devstoreaccount1", "other"]"#));
        assert_eq!(serve.signal(signal), Some(0), "SIG{signal}");
    }
}

#[test]
fn people_read_one_line() {
    let folder = Folder::new();
    let mut child = folder
        .command(&["-q", "serve", "--blob-port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    send("TERM", child.id());
    assert_eq!(wait(&mut child), Some(0));
    let url = line
        .strip_prefix("Lazuli Blob service listens on http://127.0.0.1:")
        .unwrap();
    assert!(url.ends_with("/devstoreaccount1\n"), "{line}");
}

#[test]
fn a_client_finds_an_account_by_path_and_by_host() {
    let folder = Folder::new();
    folder.write("a", b"hello");
    let serve = Serve::start(&folder, &[]);
    let by_host = format!("http://devstoreaccount1.blob.localhost:{}", serve.said["port"]);
    folder.lazuli(&["mb", &format!("{}/box", serve.url())]).ok();
    folder.lazuli(&["cp", "a", &format!("{by_host}/box/a%20b")]).ok();
    let printed = folder
        .lazuli(&["cat", &format!("{}/box/a%20b", serve.url())])
        .ok();
    assert_eq!(printed.stdout, "hello");
    assert_eq!(
        folder.lazuli(&["ls", &format!("{by_host}/box")]).ok().stdout,
        "a b\n"
    );
    assert!(
        !folder.path(".lazuli").exists(),
        "an account was named, so none is made here"
    );
}

#[test]
fn a_port_is_for_one_process() {
    let folder = Folder::new();
    let serve = Serve::start(&folder, &[]);
    let port = serve.said["port"].to_string();
    let second = folder.lazuli(&["serve", "--blob-port", &port]).fails(5);
    let says = format!("error: 127.0.0.1:{port} is in use by another process\nhelp: ");
    assert!(
        second.stderr.contains(&says) && second.stderr.contains("--blob-port"),
        "{second:?}"
    );
}

#[test]
fn what_is_at_a_location_survives_an_end_of_any_kind() {
    let folder = Folder::new();
    folder.write("a", b"hello");
    for (round, signal) in ["TERM", "KILL", "INT", "KILL"].into_iter().enumerate() {
        let serve = Serve::start(&folder, &["--location", "data"]);
        folder
            .lazuli(&["mb", "--if-missing", &format!("{}/box", serve.url())])
            .ok();
        folder
            .lazuli(&["cp", "a", &format!("{}/box/{round}", serve.url())])
            .ok();
        let listed = folder
            .lazuli(&["ls", &format!("{}/box", serve.url())])
            .ok()
            .lines();
        assert_eq!(
            listed,
            (0..=round).map(|blob| blob.to_string()).collect::<Vec<_>>()
        );
        assert_eq!(serve.signal(signal), (signal != "KILL").then_some(0));
    }
    let serve = Serve::start(&folder, &["--location", "data"]);
    for round in 0..4 {
        let printed = folder
            .lazuli(&["cat", &format!("{}/box/{round}", serve.url())])
            .ok();
        assert_eq!(printed.stdout, "hello");
    }
}

#[test]
fn memory_is_forgotten() {
    let folder = Folder::new();
    let serve = Serve::start(&folder, &[]);
    folder.lazuli(&["mb", &format!("{}/box", serve.url())]).ok();
    drop(serve);
    let serve = Serve::start(&folder, &[]);
    assert_eq!(folder.lazuli(&["ls", serve.url()]).ok().stdout, "");
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
}

#[test]
fn an_interrupted_copy_leaves_no_half_file() {
    let folder = Folder::new();
    for number in 0..64 {
        folder.write(&format!("docs/{number}"), &vec![7; 2_000_000]);
    }
    folder.lazuli(&["cp", "-r", "docs", "az://box"]).ok();
    let mut copy = folder
        .command(&["cp", "-r", "--requests", "1", "az://box", "back"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    read_until(&mut copy, "copied 1");
    send("INT", copy.id());
    assert_eq!(wait(&mut copy), Some(130));
    let left: Vec<_> = fs::read_dir(folder.path("back"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!left.is_empty());
    for file in left {
        assert_eq!(
            fs::metadata(&file).unwrap().len(),
            2_000_000,
            "{}",
            file.display()
        );
    }
    folder.lazuli(&["ls"]).ok();
}

#[test]
fn a_reader_that_goes_away_ends_cat_quietly() {
    let folder = Folder::new();
    folder.write("large", &vec![b'x'; 9_000_000]);
    folder.lazuli(&["cp", "large", "az://box/large"]).ok();
    let mut cat = folder
        .command(&["-q", "cat", "az://box/large"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The pipe is closed before the first byte is read.
    drop(cat.stdout.take());
    let stderr = cat.stderr.take().unwrap();
    let said = thread::spawn(move || std::io::read_to_string(stderr).unwrap());
    assert_eq!(wait(&mut cat), Some(0));
    assert_eq!(said.join().unwrap(), "");
}

//! What cannot be done: the exit codes, and messages that say what to do next and show no secret.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use support::{Folder, Serve, json};

#[test]
fn each_failure_has_its_code_and_its_advice() {
    let folder = Folder::new();
    folder.write("docs/a", b"a");
    folder.lazuli(&["cp", "docs/a", "az://box/a"]).ok();
    for (arguments, code, says) in [
        (vec!["frobnicate"], 2, "unrecognized subcommand 'frobnicate'"),
        (
            vec!["cp", "docs"],
            2,
            "the following required arguments were not provided",
        ),
        (
            vec!["ls", "s3://box"],
            2,
            "error: s3:// is not a place that lazuli knows\nhelp: write az://",
        ),
        (
            vec!["ls", "docs"],
            2,
            "error: docs is on this machine, not in a storage account\n",
        ),
        (
            vec!["ls", "-r"],
            2,
            "error: --recursive lists the blobs of one container\nhelp: name it",
        ),
        (
            vec!["cp", "docs", "az://box"],
            2,
            "error: cannot copy docs to az://box: docs is a folder\nhelp: add --recursive to copy all that is in it\n",
        ),
        (
            vec!["cp", "nothing", "az://box"],
            3,
            "error: cannot copy nothing to az://box: nothing is not there\n",
        ),
        (
            vec!["cp", "-r", ".", "az://box"],
            2,
            "error: cannot copy . to az://box: . holds .lazuli, where the local account keeps its data\nhelp: copy the folders beside",
        ),
        (
            vec!["cp", "az://box/b", "."],
            3,
            "BlobNotFound: The specified blob does not exist",
        ),
        (
            vec!["cp", "az://box/b", "new/"],
            3,
            "help: see what there is with `lazuli ls az://box`",
        ),
        (
            vec!["cp", "-r", "az://box/b", "new"],
            3,
            "error: cannot copy az://box/b to new: there is no blob below az://box/b\n",
        ),
        (
            vec!["cp", "az://box/a", "az://box/b"],
            2,
            "help: copy to this machine, then from there",
        ),
        (
            vec!["cp", "docs/a", "docs/b"],
            2,
            "help: use the copy command of your system",
        ),
        (
            vec!["ls", "az://other"],
            3,
            "help: make the container with `lazuli mb az://other`",
        ),
        (
            vec!["ls", "az://box/b/"],
            3,
            "az://box/b/ is no blob, and there is none below it",
        ),
        (vec!["cat", "az://box/b"], 3, "error: cannot read az://box/b: "),
        (
            vec!["cat", "az://box/"],
            2,
            "error: az://box is a folder, and cat prints blobs\n",
        ),
        (
            vec!["stat", "az://box/b"],
            3,
            "error: cannot read the properties of az://box/b: ",
        ),
        (
            vec!["stat", "az://box"],
            2,
            "help: see what is in it with `lazuli ls --long az://box`",
        ),
        (vec!["rm", "az://box/b"], 3, "error: cannot delete az://box/b: "),
        (
            vec!["rm", "-r", "az://box/b"],
            3,
            "error: there is no blob az://box/b and none below it",
        ),
        (
            vec!["rm", "-r", "az://box"],
            2,
            "help: add --yes to delete all its blobs",
        ),
        (
            vec!["rm", "-r", "az://box//"],
            2,
            "error: az://box// is a folder without a name",
        ),
        (
            vec!["mb", "box"],
            5,
            "help: nothing needs to be done if it is yours; --if-missing makes this no error",
        ),
        (
            vec!["mb", "Box"],
            2,
            "it may hold lower-case letters, digits and hyphens only",
        ),
        (vec!["mb", "az://box/a"], 2, "help: folders need not be made"),
        (
            vec!["serve", "--blob-host", "0.0.0.0"],
            2,
            "help: add --allow-remote if that is meant",
        ),
        (
            vec!["serve", "--account", "x"],
            2,
            "error: --account: an account has no colon\n",
        ),
        (
            vec!["ls", "http://127.0.0.1:1/devstoreaccount1"],
            6,
            "help: is `lazuli serve` running",
        ),
        (
            vec!["ls", "http://192.0.2.1/acct/box"],
            2,
            "help: write https:// instead of http://",
        ),
    ] {
        let ended = folder.lazuli(&arguments).fails(code);
        assert!(ended.stderr.contains(says), "{arguments:?}: {}", ended.stderr);
        assert_eq!(ended.stdout, "", "{arguments:?}");
    }
    assert!(
        !folder.path("new").exists(),
        "nothing is left where nothing was copied"
    );
    folder.lazuli(&["mb", "--if-missing", "box"]).ok();
    assert_eq!(folder.lazuli(&["cat", "az://box/a"]).ok().stdout, "a");
}

#[test]
fn reading_makes_no_local_account() {
    let folder = Folder::new();
    for arguments in [
        vec!["ls"],
        vec!["cat", "az://box/a"],
        vec!["cp", "az://box/a", "."],
        vec!["rm", "az://box/a"],
    ] {
        let ended = folder.lazuli(&arguments).fails(3);
        assert!(
            ended.stderr.contains("there is no local one in this folder yet"),
            "{ended:?}"
        );
        assert!(!folder.path(".lazuli").exists());
    }
}

#[test]
fn the_local_account_is_for_one_process() {
    let folder = Folder::new();
    folder.lazuli(&["mb", "box"]).ok();
    let serve = Serve::start(&folder, &["--location", ".lazuli"]);
    let ended = folder.lazuli(&["ls"]).fails(5);
    assert!(
        ended
            .stderr
            .contains(".lazuli is in use by another process\nhelp: wait for the other command"),
        "{ended:?}"
    );
    drop(serve);
    assert_eq!(folder.lazuli(&["ls"]).ok().stdout, "box\n");
}

#[test]
fn who_is_not_let_in_is_told_what_to_set() {
    let folder = Folder::new();
    let serve = Serve::start(&folder, &["--account", "other:U0VDUkVU"]);
    let url = serve.url().replace("devstoreaccount1", "other");

    let anonymous = folder.lazuli(&["ls", &format!("{url}/box")]).fails(4);
    assert!(
        anonymous
            .stderr
            .contains("help: set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT"),
        "{anonymous:?}"
    );

    let wrong = [
        ("AZURE_STORAGE_ACCOUNT", "other"),
        ("AZURE_STORAGE_KEY", "d3Jvbmc="),
    ];
    let wrong = folder.lazuli_with(&wrong, &["ls", &url]).fails(4);
    assert!(
        wrong
            .stderr
            .contains("help: check that AZURE_STORAGE_KEY is a key of the account"),
        "{wrong:?}"
    );
    assert!(!wrong.stderr.contains("d3Jvbmc="), "{wrong:?}");

    let right = [
        ("AZURE_STORAGE_ACCOUNT", "other"),
        ("AZURE_STORAGE_KEY", "U0VDUkVU"),
    ];
    folder.lazuli_with(&right, &["mb", &format!("{url}/box")]).ok();
    assert_eq!(folder.lazuli_with(&right, &["ls", &url]).ok().stdout, "box\n");
}

#[test]
fn a_tree_for_a_container_that_is_missing_fails_once() {
    let folder = Folder::new();
    folder.write("docs/a", b"a");
    folder.write("docs/b", b"b");
    let serve = Serve::start(&folder, &[]);
    let ended = folder
        .lazuli(&["cp", "-r", "docs", &format!("{}/box", serve.url())])
        .fails(3);
    assert_eq!(ended.stderr.matches("ContainerNotFound").count(), 1, "{ended:?}");
    assert!(
        ended.stderr.contains(&format!(
            "help: make the container with `lazuli mb {}/box`",
            serve.url()
        )),
        "{ended:?}"
    );
}

#[test]
fn no_secret_ever_shows() {
    let folder = Folder::new();
    let connection = "AccountName=acct;AccountKey=c2VjcmV0U0VDUkVU";
    for (variables, arguments) in [
        (
            vec![],
            vec![
                "ls",
                "https://acct.blob.core.windows.net/box?sv=1&sig=SECRET",
                "extra",
            ],
        ),
        (
            vec![],
            vec![
                "ls",
                "extra",
                "https://acct.blob.core.windows.net/box?sv=1&sig=SECRET",
            ],
        ),
        (
            vec![],
            vec!["cat", "https://acct.blob.core.windows.net/?sv=1&sig=SECRET"],
        ),
        (vec![], vec!["cat", "az://box/a?sv=1&sig=SECRET"]),
        (
            vec![],
            vec!["ls", "https://acct.blob.core.windows.net/b?sv=1&sig=SECRET"],
        ),
        (vec![], vec!["ls", "http://127.0.0.1:1/acct/box?sv=1&sig=SECRET"]),
        (
            vec![],
            vec!["-v", "ls", "http://127.0.0.1:1/acct/box?sv=1&sig=SECRET"],
        ),
        (vec![], vec!["serve", "--account", "a:SECRET"]),
        (vec![("LAZULI_ACCOUNTS", "a:SECRET")], vec!["serve"]),
        (
            vec![("AZURE_STORAGE_CONNECTION_STRING", connection)],
            vec!["ls", "az://b"],
        ),
        (
            vec![("AZURE_STORAGE_CONNECTION_STRING", "AccountKey=SECRET")],
            vec!["ls"],
        ),
        (vec![("AZURE_STORAGE_KEY", "SECRET")], vec!["ls"]),
        (
            vec![
                ("AZURE_STORAGE_ACCOUNT", "acct"),
                ("AZURE_STORAGE_SAS_TOKEN", "sv=1&si=SECRET"),
            ],
            vec!["ls"],
        ),
    ] {
        for output in ["text", "json"] {
            let mut all = vec!["--output", output];
            all.extend(&arguments);
            let ended = folder.lazuli_with(&variables, &all);
            assert!(!ended.stderr.is_empty());
            for secret in ["SECRET", "c2VjcmV0"] {
                assert!(
                    !ended.stderr.contains(secret) && !ended.stdout.contains(secret),
                    "{ended:#?}"
                );
            }
        }
    }
}

#[test]
fn errors_are_json_for_programs() {
    let folder = Folder::new();
    let ended = folder.lazuli(&["--output", "json", "ls"]).fails(3);
    let error = json(&ended.stderr);
    assert_eq!(error["error"]["kind"], "not_found");
    assert_eq!(error["error"]["exit_code"], 3);
    assert!(
        error["error"]["help"]
            .as_str()
            .unwrap()
            .contains("AZURE_STORAGE_CONNECTION_STRING")
    );
}

#[test]
fn a_wrong_command_line_is_json_for_programs_too() {
    let folder = Folder::new();
    for (arguments, message) in [
        (
            vec!["--output", "json", "frobnicate"],
            "unrecognized subcommand 'frobnicate'",
        ),
        (
            vec!["cp", "a", "--output=json"],
            "the following required arguments were not provided:\n  <DESTINATION>",
        ),
    ] {
        let ended = folder.lazuli(&arguments).fails(2);
        let error = &json(&ended.stderr)["error"];
        assert_eq!(
            (error["kind"].as_str(), error["exit_code"].as_u64()),
            (Some("usage"), Some(2))
        );
        assert_eq!(error["message"], message);
        assert!(
            error["help"].as_str().unwrap().contains("Usage: lazuli"),
            "{error}"
        );
    }
    let bare = folder.lazuli(&["--output", "json"]).fails(2);
    assert_eq!(json(&bare.stderr)["error"]["kind"], "usage", "{bare:?}");
}

#[test]
fn messages_cannot_steer_a_terminal() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/acct/box", listener.local_addr().unwrap());
    let service = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).unwrap();
        let body = "<Error><Code>ContainerNotFound</Code><Message>gone\u{9b}2J\u{202e}</Message></Error>";
        let head = "HTTP/1.1 404 Gone\r\ncontent-type: application/xml\r\nx-ms-error-code: ContainerNotFound";
        let length = body.len();
        write!(
            stream,
            "{head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
        .unwrap();
    });
    let ended = folder.lazuli(&["ls", &url]).fails(3);
    service.join().unwrap();
    assert!(ended.stderr.contains(r"gone\u{9b}2J\u{202e}"), "{ended:?}");
}

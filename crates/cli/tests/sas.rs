//! `lazuli sas`: URLs that open what they name; and accounts that are opened by Microsoft Entra.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod support;

use support::{Ended, Folder, Serve, json};

const KEY: &str = "c2VjcmV0IGtleSBvZiB0aGUgYWNjb3VudA==";

/// A served account with a tree in it, and the variables that open it.
struct Account {
    folder: Folder,
    served: Serve,
    string: String,
}

impl Account {
    fn with_docs() -> Self {
        let folder = Folder::new();
        folder.write("docs/a.md", b"hello\n");
        folder.write("docs/sub/b.md", b"deep\n");
        let served = Serve::start(&folder, &["--account", &format!("acct:{KEY}")]);
        let port = &served.said["port"];
        let string = format!("AccountName=acct;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:{port}/acct");
        let account = Self {
            folder,
            served,
            string,
        };
        account.lazuli(&["mb", "az://quickstart"]).ok();
        let copy = ["cp", "--recursive", "docs", "az://quickstart/docs"];
        account.lazuli(&copy).ok();
        account
    }

    fn lazuli(&self, arguments: &[&str]) -> Ended {
        let variables = [("AZURE_STORAGE_CONNECTION_STRING", self.string.as_str())];
        self.folder.lazuli_with(&variables, arguments)
    }

    fn sas(&self, arguments: &[&str]) -> String {
        let all: Vec<_> = ["sas"].into_iter().chain(arguments.iter().copied()).collect();
        self.lazuli(&all).ok().stdout.trim_end().to_owned()
    }

    fn at(&self, path: &str) -> String {
        let port = &self.served.said["port"];
        format!("http://127.0.0.1:{port}/acct/{path}")
    }
}

#[test]
fn what_is_signed_opens_without_a_key() {
    let account = Account::with_docs();
    let guest = |arguments: &[&str]| account.folder.lazuli(arguments);

    let blob = account.sas(&["az://quickstart/docs/a.md"]);
    assert_eq!(guest(&["cat", &blob]).ok().stdout, "hello\n");
    guest(&["rm", &blob]).fails(4);

    let container = account.sas(&["--permissions", "rl", "az://quickstart"]);
    let listed = guest(&["ls", "--recursive", &container]).ok().lines();
    assert_eq!(listed, ["docs/a.md", "docs/sub/b.md"]);

    let all = account.sas(&["az://"]);
    assert_eq!(guest(&["ls", &all]).ok().stdout, "quickstart\n");

    let folder = account.sas(&["az://quickstart/docs/sub/"]);
    let (url, query) = folder.split_once('?').unwrap();
    assert_eq!(
        guest(&["cat", &format!("{url}b.md?{query}")]).ok().stdout,
        "deep\n"
    );
    let outside = url.replace("docs/sub/", "docs/a.md");
    guest(&["cat", &format!("{outside}?{query}")]).fails(4);
}

#[test]
fn programs_read_json() {
    let account = Account::with_docs();
    let made = json(&account.sas(&["--output", "json", "--expires", "2h", "az://quickstart/docs/a.md"]));
    assert_eq!(
        (&made["kind"], &made["location"]),
        (&"service".into(), &"az://quickstart/docs/a.md".into())
    );
    let (url, token) = (made["url"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert_eq!(url, format!("{}?{token}", account.at("quickstart/docs/a.md")));
    let expires = made["expires"].as_str().unwrap();
    assert_eq!(expires.len(), "2027-01-31T12:00:00Z".len(), "{expires}");
}

#[test]
fn what_cannot_be_signed_is_said() {
    let account = Account::with_docs();
    let url = account.sas(&["az://quickstart"]);
    for (arguments, message) in [
        (
            vec!["az://quickstart", "--permissions", "rZ"],
            "--permissions cannot be used",
        ),
        (
            vec!["az://quickstart/docs/a.md", "--permissions", "l"],
            "it cannot have the permission `l`",
        ),
        (
            vec!["az://quickstart", "--expires", "2020-01-01T00:00:00Z"],
            "--expires is in the past",
        ),
        (
            vec!["az://quickstart", "--expires", "soon"],
            "write a number with m, h or d",
        ),
        (vec!["az://quickstart", "--ip", "1.2.3"], "--ip cannot be used"),
        (vec!["az://", "--policy", "readers"], "belongs to a container"),
        (vec![&*url], "a SAS cannot make another SAS"),
    ] {
        let all: Vec<_> = ["sas"].into_iter().chain(arguments).collect();
        let failed = account.lazuli(&all).fails(2);
        assert!(failed.stderr.contains(message), "{failed:?}");
        assert!(
            failed.stdout.is_empty() && !failed.stderr.contains(KEY),
            "{failed:?}"
        );
    }
    let local = account.folder.lazuli(&["sas", "az://quickstart"]).fails(2);
    assert!(local.stderr.contains("has no address for others"), "{local:?}");
    let nothing = account
        .folder
        .lazuli(&["sas", "https://acct.blob.core.windows.net/box"])
        .fails(4);
    assert!(nothing.stderr.contains("only a key can sign"), "{nothing:?}");
}

#[test]
fn an_account_without_a_key_is_opened_by_entra() {
    let folder = Folder::new();
    folder.write("a.md", b"hello\n");
    let served = Serve::start(
        &folder,
        &["--account", &format!("acct:{KEY}"), "--identity-port", "0"],
    );
    let authority = format!("http://127.0.0.1:{}", served.next()["port"]);
    let box_ = format!("http://127.0.0.1:{}/acct/box", served.said["port"]);
    let run = |secret: &str, arguments: &[&str]| {
        let variables = [
            ("AZURE_STORAGE_ACCOUNT", "acct"),
            ("AZURE_AUTHORITY_HOST", authority.as_str()),
            ("AZURE_TENANT_ID", "6c617a75-6c69-4000-8000-000000000001"),
            ("AZURE_CLIENT_ID", "6c617a75-6c69-4000-8000-000000000002"),
            ("AZURE_CLIENT_SECRET", secret),
            ("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential"),
        ];
        folder.lazuli_with(&variables, arguments)
    };
    let secret = "lazuli-development-secret";
    run(secret, &["mb", &box_]).ok();
    run(secret, &["cp", "a.md", &format!("{box_}/a.md")]).ok();
    let signed = run(secret, &["sas", "--output", "json", &format!("{box_}/a.md")]).ok();
    let signed = json(&signed.stdout);
    assert_eq!(signed["kind"], "user_delegation");
    let cat = folder.lazuli(&["cat", signed["url"].as_str().unwrap()]);
    assert_eq!(cat.ok().stdout, "hello\n");

    let refused = run("planted-secret", &["ls", &box_]).fails(4);
    assert!(refused.stderr.contains("AADSTS7000215"), "{refused:?}");
    assert!(!refused.stderr.contains("planted"), "{refused:?}");
    let week = run(secret, &["sas", "--output", "json", "--expires", "7d", &box_]).ok();
    assert_eq!(json(&week.stdout)["kind"], "user_delegation");
    let long = run(secret, &["sas", "--expires", "8d", &box_]).fails(2);
    assert!(long.stderr.contains("7 days at most"), "{long:?}");
    let policy = run(secret, &["sas", "--policy", "p", &box_]).fails(2);
    assert!(policy.stderr.contains("needs the account's key"), "{policy:?}");
}

//! What people type, and what it means or why it is refused.

use super::*;

/// The place, the container and the path, or the local path, in one line.
fn read(text: &str) -> String {
    match Location::parse(text) {
        Ok(Location::Local(path)) => format!("local {}", path.display()),
        Ok(Location::Remote(Remote {
            place,
            container,
            path,
        })) => {
            let container = container.map_or("-".to_owned(), |name| name.to_string());
            let place = match place {
                Place::Configured => "configured".to_owned(),
                Place::Url { endpoint, sas } => {
                    let account = endpoint.account().unwrap_or("?");
                    let sas = if sas.is_some() { " with a SAS" } else { "" };
                    format!("{endpoint} ({account}){sas}")
                }
            };
            format!("{place} | {container} | {path}")
        }
        Err(failure) => {
            assert_eq!(failure.exit(), crate::exit::Exit::Usage, "{text}");
            failure.to_string()
        }
    }
}

#[test]
fn good_locations() {
    for (text, meaning) in [
        ("az://", "configured | - | "),
        ("az://box", "configured | box | "),
        ("az://box/", "configured | box | "),
        ("AZ://box/a", "configured | box | a"),
        ("az://box/docs/a b.md", "configured | box | docs/a b.md"),
        ("az://box/100%25 ?#ü", "configured | box | 100%25 ?#ü"),
        ("az://box/docs/", "configured | box | docs/"),
        ("az://box//a", "configured | box | /a"),
        ("az://$web/index.html", "configured | $web | index.html"),
        (
            "https://acct.blob.core.windows.net",
            "https://acct.blob.core.windows.net (acct) | - | ",
        ),
        (
            "https://acct.blob.core.windows.net/box/a%20b/%C3%BC?sv=1&sig=s%3D",
            "https://acct.blob.core.windows.net (acct) with a SAS | box | a b/ü",
        ),
        (
            "HTTPS://acct.blob.core.windows.net/box/a+b",
            "https://acct.blob.core.windows.net (acct) | box | a+b",
        ),
        (
            "http://127.0.0.1:10000/devstoreaccount1/box/a",
            "http://127.0.0.1:10000/devstoreaccount1 (devstoreaccount1) | box | a",
        ),
        (
            "http://[::1]:10000/devstoreaccount1",
            "http://[::1]:10000/devstoreaccount1 (devstoreaccount1) | - | ",
        ),
        (
            "http://localhost:10000/dev/box/",
            "http://localhost:10000/dev (dev) | box | ",
        ),
        (
            "http://acct.blob.localhost:10000/box/x/y",
            "http://acct.blob.localhost:10000 (acct) | box | x/y",
        ),
        (
            "https://files.example.org/box/a",
            "https://files.example.org (?) | box | a",
        ),
        ("docs", "local docs"),
        ("./az:x", "local ./az:x"),
        ("./az://x", "local ./az://x"),
        ("/var/data", "local /var/data"),
        ("C:\\data", "local C:\\data"),
        ("c://data", "local c://data"),
        ("a:b", "local a:b"),
        ("odd://name", "local odd://name"),
    ] {
        assert_eq!(read(text), meaning, "{text}");
    }
}

#[test]
fn bad_locations() {
    const HELP: &str = "help: write az://CONTAINER/PATH, or a full URL: https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH";
    for (text, error) in [
        ("", format!("error: a location is empty\n{HELP}")),
        (
            "az:box/a",
            "error: az: must be followed by two slashes\nhelp: write az://…, or ./az:… for a local path".to_owned(),
        ),
        (
            "https:/host/box",
            "error: https: must be followed by two slashes\nhelp: write https://…, or ./https:… for a local path".to_owned(),
        ),
        (
            "az:///box/a",
            "error: az:///box/a has no container\nhelp: write two slashes, the container, then the path: az://CONTAINER/PATH"
                .to_owned(),
        ),
        (
            "az://Box/a",
            "error: az://Box/a: \"Box\" is not a container name: it may hold lower-case letters, digits and hyphens only"
                .to_owned(),
        ),
        (
            "az://ab",
            "error: az://ab: \"ab\" is not a container name: it must have 3 to 63 characters".to_owned(),
        ),
        (
            "az://a--b",
            "error: az://a--b: \"a--b\" is not a container name: it may not hold two hyphens in a row".to_owned(),
        ),
        (
            "az://box/a/../b",
            "error: az://box/a/../b: \"a/../b\" is not a blob name: a segment may not be '.' or '..'".to_owned(),
        ),
        (
            "az://box/a\0b",
            "error: az://box/a\\u{0}b: \"a\\0b\" is not a blob name: it may not hold the character NUL".to_owned(),
        ),
        (
            "az://box/a?sv=1&sig=SECRET",
            "error: az://box/a is followed by a SAS, which an az:// location cannot hold\nhelp: set AZURE_STORAGE_ACCOUNT and \
             AZURE_STORAGE_SAS_TOKEN, or write the full https:// URL with the SAS"
                .to_owned(),
        ),
        (
            "s3://bucket/key",
            format!("error: s3:// is not a place that lazuli knows\n{HELP}; ./s3:// is a local path"),
        ),
        (
            "abfss://box@acct.dfs.core.windows.net/a",
            format!("error: abfss:// is not a place that lazuli knows\n{HELP}; ./abfss:// is a local path"),
        ),
        (
            "https://",
            "error: https://: \"https:///account\" is not the URL of a storage service: it is not a URL".to_owned(),
        ),
        (
            "https://user:SECRET@acct.blob.core.windows.net/box",
            "error: the URL holds a user name or a password\nhelp: leave it out; a SAS in the URL, or the AZURE_STORAGE_… variables, \
             let you in"
                .to_owned(),
        ),
        (
            "http://127.0.0.1:10000",
            "error: http://127.0.0.1:10000: no account\nhelp: write it after the host: http://127.0.0.1:10000/ACCOUNT/CONTAINER/PATH"
                .to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net//a",
            "error: https://acct.blob.core.windows.net//a: the container is empty".to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/a#b",
            "error: https://acct.blob.core.windows.net/box/a#b: a URL of a blob has no fragment; write # in a name as %23".to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/50%",
            "error: https://acct.blob.core.windows.net/box/50%: a % must be followed by two hexadecimal digits; write a percent sign \
             as %25"
                .to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/%FF",
            "error: https://acct.blob.core.windows.net/box/%FF: the name is not UTF-8 once its %xx are decoded".to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/%2e%2e/b",
            "error: https://acct.blob.core.windows.net/box/%2e%2e/b: \"../b\" is not a blob name: a segment may not be '.' or '..'"
                .to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/a?sv=1&sp=r",
            "error: https://acct.blob.core.windows.net/box/a: invalid SAS token: it has no `sig`; copy all of it, from `sv=` or `?` \
             to its end"
                .to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/a?snapshot=2026&sig=SECRET",
            "error: https://acct.blob.core.windows.net/box/a: the parameter \"snapshot\" is not part of a SAS; leave it out".to_owned(),
        ),
        (
            "https://acct.blob.core.windows.net/box/a?sv=1&sig=SEC RET",
            "error: https://acct.blob.core.windows.net/box/a: invalid SAS token: character 13 is U+0020, which cannot stand in a \
             query; percent-encode it"
                .to_owned(),
        ),
        ("a\0b", "error: a local path may not hold the character NUL".to_owned()),
    ] {
        let said = read(text);
        assert_eq!(said, error, "{text}");
        assert!(!said.contains("SECRET") && !said.contains("SEC RET"), "{said}");
    }
}

#[test]
fn a_location_is_shown_as_it_can_be_typed_again() {
    for (text, shown) in [
        ("az://", "az://"),
        ("az://box/", "az://box"),
        ("az://box/a b", "az://box/a b"),
        (
            "https://acct.blob.core.windows.net",
            "https://acct.blob.core.windows.net/",
        ),
        (
            "https://acct.blob.core.windows.net/box/a%20b?sv=1&sig=SECRET",
            "https://acct.blob.core.windows.net/box/a%20b",
        ),
    ] {
        let location = Location::parse(text).unwrap();
        assert_eq!(location.to_string(), shown);
        assert!(!format!("{location:?}").contains("SECRET"));
    }
}

#[test]
fn folders() {
    for (text, folder, prefix) in [
        ("az://box", true, ""),
        ("az://box/docs", false, "docs/"),
        ("az://box/docs/", true, "docs/"),
    ] {
        let remote = Location::parse_remote(text).unwrap();
        assert_eq!(
            (remote.is_folder(), remote.folder_prefix().as_str()),
            (folder, prefix),
            "{text}"
        );
    }
}

#[test]
fn a_local_path_is_no_place_in_an_account() {
    let failure = Location::parse_remote("docs").unwrap_err();
    assert_eq!(
        failure.message(),
        "docs is on this machine, not in a storage account"
    );
}

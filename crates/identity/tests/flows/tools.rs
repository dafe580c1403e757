//! Developer tools, played by scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lazuli_identity::{
    AzureCliCredential, AzureDeveloperCliCredential, ChainedTokenCredential, ErrorKind, STORAGE_SCOPE,
    TokenCredential, TokenRequest,
};
use tokio::time::Instant;

use crate::script::TENANT;

/// A program that writes its arguments down and then does this.
fn program(folder: &Path, does: &str) -> PathBuf {
    let path = folder.join("tool");
    let arguments = folder.join("arguments");
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n{does}\n",
        arguments.display()
    );
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn arguments(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("arguments")).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn az(folder: &Path, does: &str) -> AzureCliCredential {
    AzureCliCredential::new().program(program(folder, does))
}

fn azd(folder: &Path, does: &str) -> AzureDeveloperCliCredential {
    AzureDeveloperCliCredential::new().program(program(folder, does))
}

fn storage() -> TokenRequest {
    TokenRequest::new(STORAGE_SCOPE)
}

const AZ: &str = r#"echo '{"accessToken":"the-token","expiresOn":"2026-06-26 03:00:00.000000","expires_on":1782435600,"subscription":"s","tenant":"t","tokenType":"Bearer"}'"#;
const AZD: &str = r#"echo '{"token":"the-token","expiresOn":"2026-06-26T01:00:00Z"}'"#;

#[tokio::test]
async fn the_azure_cli_is_asked_for_a_resource() {
    let folder = tempfile::tempdir().unwrap();
    let token = az(folder.path(), AZ).get_token(storage()).await.unwrap();
    assert_eq!(
        (token.secret(), token.expires_on().unix_timestamp()),
        ("the-token", 1_782_435_600)
    );
    let expected = [
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        "https://storage.azure.com",
    ];
    assert_eq!(arguments(folder.path()), expected);
    for (source, request) in [
        (az(folder.path(), AZ).tenant(TENANT).unwrap(), storage()),
        (az(folder.path(), AZ), storage().tenant(TENANT)),
    ] {
        source.get_token(request).await.unwrap();
        assert_eq!(arguments(folder.path())[6..], ["--tenant", TENANT]);
    }
}

#[tokio::test]
async fn the_developer_cli_is_asked_for_scopes() {
    let folder = tempfile::tempdir().unwrap();
    let token = azd(folder.path(), AZD)
        .get_token(storage().tenant(TENANT))
        .await
        .unwrap();
    assert_eq!(
        (token.secret(), token.expires_on().unix_timestamp()),
        ("the-token", 1_782_435_600)
    );
    let expected = [
        "auth",
        "token",
        "--output",
        "json",
        "--no-prompt",
        "--scope",
        STORAGE_SCOPE,
        "--tenant-id",
        TENANT,
    ];
    assert_eq!(arguments(folder.path()), expected);
}

#[tokio::test]
async fn a_tool_without_a_user_is_unavailable_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let none = "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1";
    let error = az(folder.path(), none).get_token(storage()).await.unwrap_err();
    assert!(error.is_unavailable());
    assert!(error.to_string().contains("run `az login`"), "{error}");
    let none = "echo 'ERROR: not logged in, run `azd auth login` to login' >&2; exit 1";
    let error = azd(folder.path(), none).get_token(storage()).await.unwrap_err();
    assert!(
        error.is_unavailable() && error.to_string().contains("run `azd auth login`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_tool_that_is_not_there_is_unavailable() {
    async fn check(source: impl TokenCredential) {
        let error = source.get_token(storage()).await.unwrap_err();
        assert!(error.is_unavailable(), "{error}");
        assert!(error.to_string().contains("install it"), "{error}");
    }
    check(AzureCliCredential::new().program("no-such-tool-of-lazuli")).await;
    check(AzureDeveloperCliCredential::new().program("no-such-tool-of-lazuli")).await;
}

#[tokio::test]
async fn a_tool_that_fails_or_prints_something_else_is_an_error_without_what_it_printed() {
    let folder = tempfile::tempdir().unwrap();
    let long = "a".repeat(60);
    for (does, kind) in [
        ("exit 3", ErrorKind::Process),
        ("echo eyJplanted; exit 1", ErrorKind::Process),
        ("echo 'boom eyJplanted.x.y' >&2; exit 1", ErrorKind::Process),
        ("echo planted", ErrorKind::InvalidResponse),
        (
            r#"echo '{"accessToken":"planted","expiresOn":"2026-06-26 03:00:00"}'"#,
            ErrorKind::Process,
        ),
        (
            r#"echo '{"accessToken":" ","expires_on":1782435600}'"#,
            ErrorKind::InvalidResponse,
        ),
        (
            r#"echo '{"accessToken":"planted","expires_on":9223372036854775807}'"#,
            ErrorKind::InvalidResponse,
        ),
        (
            "echo 'refresh token 0.AXoAplanted password=planted!' >&2; exit 1",
            ErrorKind::Process,
        ),
        (
            r#"echo '{"accessToken":["planted"],"expires_on":1}'"#,
            ErrorKind::InvalidResponse,
        ),
        (
            r#"echo '{"accessToken":"planted","expires_on":"soon"}'"#,
            ErrorKind::InvalidResponse,
        ),
        ("head -c 300000 /dev/zero", ErrorKind::Process),
        (&format!("echo planted{long} >&2; exit 1"), ErrorKind::Process),
    ] {
        let error = az(folder.path(), does).get_token(storage()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{does}: {error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    }
    for does in [
        "echo planted",
        r#"echo '{"token":"planted","expiresOn":"soon"}'"#,
        r#"echo '{"token":"","expiresOn":"2026-06-26T01:00:00Z"}'"#,
    ] {
        let error = azd(folder.path(), does).get_token(storage()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    }
}

#[tokio::test]
async fn an_azure_cli_that_is_too_old_is_skipped_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let old = r#"echo '{"accessToken":"planted","expiresOn":"2026-06-26 03:00:00.000000"}'"#;
    let error = az(folder.path(), old).get_token(storage()).await.unwrap_err();
    assert!(error.to_string().contains("`az upgrade`"), "{error}");
    let elsewhere = tempfile::tempdir().unwrap();
    let chain = ChainedTokenCredential::new()
        .then(az(folder.path(), old))
        .then(azd(elsewhere.path(), AZD));
    assert_eq!(chain.get_token(storage()).await.unwrap().secret(), "the-token");
}

#[tokio::test]
async fn warnings_before_the_json_and_times_as_texts_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let warned = format!("echo 'WARNING: there is an update'\n{AZ}");
    let text = AZ.replace(":1782435600", ":\"1782435600\"");
    for does in [warned, text] {
        let token = az(folder.path(), &does).get_token(storage()).await.unwrap();
        assert_eq!(token.expires_on().unix_timestamp(), 1_782_435_600);
    }
    let warned = format!("echo 'WARNING: there is an update'\n{AZD}");
    azd(folder.path(), &warned).get_token(storage()).await.unwrap();
}

#[tokio::test]
async fn a_tool_runs_in_a_folder_of_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("folder");
    let does = format!("pwd -P > '{}'\n{AZ}", seen.display());
    az(folder.path(), &does).get_token(storage()).await.unwrap();
    let seen = fs::read_to_string(seen).unwrap();
    assert_eq!(Path::new(seen.trim()), fs::canonicalize("/bin").unwrap());
}

#[tokio::test]
async fn a_path_of_a_tool_begins_where_the_program_is() {
    let here = std::env::current_dir().unwrap();
    let folder = tempfile::tempdir_in(&here).unwrap();
    let whole = program(folder.path(), AZ);
    let path = whole.strip_prefix(&here).unwrap();
    let source = AzureCliCredential::new().program(path);
    source.get_token(storage()).await.unwrap();
}

#[tokio::test]
async fn a_program_that_a_tool_leaves_behind_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    // It holds the tool's pipes open.
    let does = format!("sleep 8 &\n{AZ}");
    let source = az(folder.path(), &does).timeout(Duration::from_secs(5));
    let token = source.get_token(storage()).await.unwrap();
    assert_eq!(token.secret(), "the-token");
    let does = "sleep 8 &\necho 'please az login' >&2; exit 1";
    let source = az(folder.path(), does).timeout(Duration::from_secs(5));
    assert!(source.get_token(storage()).await.unwrap_err().is_unavailable());
}

#[tokio::test]
async fn a_tool_that_complains_at_length_is_not_held_up() {
    let folder = tempfile::tempdir().unwrap();
    let does = format!("head -c 1000000 /dev/zero >&2\n{AZ}");
    az(folder.path(), &does).get_token(storage()).await.unwrap();
}

#[tokio::test]
async fn a_slow_tool_is_ended_with_what_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    // A script whose own child goes on when only the script is ended.
    let does = format!("sleep 600 & echo $! > '{}'; wait", pid.display());
    let begun = Instant::now();
    let source = az(folder.path(), &does).timeout(Duration::from_secs(1));
    let error = source.get_token(storage()).await.unwrap_err();
    assert!(error.is_timeout() && begun.elapsed() < Duration::from_secs(30));
    assert!(error.to_string().contains("account get-access-token"), "{error}");
    let pid = fs::read_to_string(&pid).unwrap();
    let process = PathBuf::from(format!("/proc/{}", pid.trim()));
    if !Path::new("/proc/self").exists() {
        return;
    }
    // Killed, though perhaps nobody has asked for its end yet.
    let gone = || match fs::read_to_string(process.join("stat")) {
        Ok(stat) => stat
            .rsplit(')')
            .next()
            .is_some_and(|rest| rest.trim_start().starts_with('Z')),
        Err(_) => true,
    };
    for _ in 0..100 {
        if gone() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the tool's child is still there");
}

#[tokio::test]
async fn arguments_that_could_be_something_else_are_not_passed() {
    let folder = tempfile::tempdir().unwrap();
    for request in [
        TokenRequest::new("--query"),
        TokenRequest::new("https://x/.default;calc"),
        TokenRequest::new("$(calc)"),
        storage().tenant("--debug"),
        storage().tenant("a&calc"),
    ] {
        let error = az(folder.path(), AZ)
            .get_token(request.clone())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = azd(folder.path(), AZD).get_token(request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert!(AzureCliCredential::new().tenant("-x").is_err());
    assert!(!folder.path().join("arguments").exists());
}

#[tokio::test]
async fn claims_need_another_login() {
    let folder = tempfile::tempdir().unwrap();
    let request = storage().claims(r#"{"access_token":{}}"#);
    let error = az(folder.path(), AZ)
        .get_token(request.clone())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`az login --claims-challenge eyJhY2Nlc3NfdG9rZW4iOnt9fQ==`"),
        "{error}"
    );
    let error = azd(folder.path(), AZD).get_token(request).await.unwrap_err();
    assert!(error.to_string().contains("azd auth login"), "{error}");
}

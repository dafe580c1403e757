//! The agent of Azure Arc.

use std::fs;
use std::path::{Path, PathBuf};

use lazuli_simulation::entra::{Endpoint, USER_ASSIGNED};

use crate::bench::{Answer, Bench, STORAGE};

const PATH: &str =
    "/metadata/identity/oauth2/token?api-version=2020-06-01&resource=https://storage.azure.com";
const METADATA: (&str, &str) = ("Metadata", "true");

fn bench(folder: &Path) -> Bench {
    Bench::with(|builder| builder.arc_keys(folder.join("tokens")))
}

async fn ask(bench: &Bench, key: &str) -> Answer {
    bench
        .get(PATH, &[METADATA, ("Authorization", &format!("Basic {key}"))])
        .await
}

async fn challenge(bench: &Bench) -> PathBuf {
    let answer = bench.get(PATH, &[METADATA]).await.expect(401);
    let realm = answer
        .header("www-authenticate")
        .strip_prefix("Basic realm=")
        .unwrap();
    PathBuf::from(realm)
}

#[tokio::test]
async fn whoever_reads_the_file_has_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(folder.path());
    for version in ["2020-06-01", "2019-11-01"] {
        let answer = bench
            .get(&PATH.replace("2020-06-01", version), &[METADATA])
            .await
            .expect(401);
        assert!(answer.header("www-authenticate").starts_with("Basic realm="));
    }
    let file = challenge(&bench).await;
    assert_eq!(file.parent().unwrap(), folder.path().join("tokens"));
    assert_eq!(file.extension().unwrap(), "key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let key = fs::read_to_string(&file).unwrap();
    ask(&bench, "wrong").await.expect(403);
    let answer = ask(&bench, &key).await.expect(200);
    assert_eq!(answer.json()["resource"], STORAGE);
    assert!(answer.json()["expires_on"].is_string());
    bench.list(&answer.token()).await.expect(200);
    // It is good for one request.
    assert!(!file.exists());
    ask(&bench, &key).await.expect(403);
    assert_eq!(
        (bench.requests(Endpoint::AzureArc), bench.requests(Endpoint::Imds)),
        (6, 0)
    );
}

#[tokio::test]
async fn old_keys_are_forgotten_and_none_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let files = || fs::read_dir(folder.path().join("tokens")).unwrap().count();
    let bench = bench(folder.path());
    let first = challenge(&bench).await;
    let key = fs::read_to_string(&first).unwrap();
    for _ in 0..64 {
        challenge(&bench).await;
    }
    assert_eq!(files(), 64);
    ask(&bench, &key).await.expect(403);
    drop(bench);
    assert_eq!(files(), 0);
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(folder.path());
    bench.get(PATH, &[]).await.expect(400);
    bench
        .get(&format!("{PATH}&client_id={USER_ASSIGNED}"), &[METADATA])
        .await
        .expect(400);
    bench
        .get(PATH.split_once('&').unwrap().0, &[METADATA])
        .await
        .expect(400);
    // Without a folder there is no agent.
    Bench::new().get(PATH, &[METADATA]).await.expect(400);
    // Something is in the way of the folder.
    fs::write(folder.path().join("tokens"), "").unwrap();
    bench.get(PATH, &[METADATA]).await.expect(500);
}

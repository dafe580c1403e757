//! Signatures for a container, a blob, a snapshot, a version or a directory, by the account's key.

use lazuli_signing::{Sas, SasKey};

use crate::rig::{Rig, key};
use crate::{LATER, filled, lent};

const NO_SUCH_LEVEL: &str = "The specified signed resource is not allowed for the this resource level";

async fn get(rig: &Rig, path: &str, token: &str) -> crate::Reply {
    rig.get(path).sas(token).send_unsigned().await
}

/// What holds for a signature, whichever key made it.
async fn check<K: SasKey>(rig: &Rig, key: &K) {
    let list = "/box?restype=container&comp=list";

    let container = Sas::container("box")
        .read()
        .list()
        .create()
        .expires(LATER)
        .sign(key)
        .unwrap();
    let container = container.expose();
    get(rig, "/box/a", container).await.expect(200);
    get(rig, "/box/dir/sub/b", container).await.expect(200);
    assert_eq!(
        get(rig, list, container).await.expect(200).elements("Name").len(),
        2
    );
    // Not the container itself, and not another one.
    get(rig, "/box?restype=container", container)
        .await
        .expect_error(403, "AuthorizationFailure");
    get(rig, "/other/a", container)
        .await
        .expect_error(403, "AuthenticationFailed");
    get(rig, "/?comp=list", container)
        .await
        .expect_detail(NO_SUCH_LEVEL);

    let blob = Sas::blob("box", "dir/sub/b")
        .read()
        .expires(LATER)
        .sign(key)
        .unwrap();
    let blob = blob.expose();
    assert_eq!(
        get(rig, "/box/dir/sub/b", blob).await.expect(200).body,
        "content of b"
    );
    get(rig, "/box/a", blob)
        .await
        .expect_error(403, "AuthenticationFailed");
    get(rig, list, blob).await.expect_detail(NO_SUCH_LEVEL);

    let directory = Sas::directory("box", "dir/sub")
        .read()
        .list()
        .expires(LATER)
        .sign(key)
        .unwrap();
    let directory = directory.expose();
    get(rig, "/box/dir/sub/b", directory).await.expect(200);
    get(rig, "/box/a", directory).await.expect_detail(NO_SUCH_LEVEL);
    get(rig, "/box/dir/subway/b", directory)
        .await
        .expect_error(403, "AuthenticationFailed");
    for prefix in ["dir/sub/", "dir/sub/b", "dir/sub/c/d"] {
        get(rig, &format!("{list}&prefix={prefix}"), directory)
            .await
            .expect(200);
    }
    for prefix in ["", "dir", "dir/", "dir/sub"] {
        get(rig, &format!("{list}&prefix={prefix}"), directory)
            .await
            .expect_detail(NO_SUCH_LEVEL);
    }
    let neighbour = get(rig, &format!("{list}&prefix=dir/subway/"), directory).await;
    neighbour.expect_error(403, "AuthenticationFailed");

    // The signature is good, and what it is for is not there; for anything else it is not good.
    let snapshot = "2026-03-01T11:00:00.0000000Z";
    for (token, own) in [
        (
            Sas::snapshot("box", "a", snapshot)
                .read()
                .expires(LATER)
                .sign(key),
            "snapshot",
        ),
        (
            Sas::version("box", "a", snapshot).read().expires(LATER).sign(key),
            "versionid",
        ),
    ] {
        let token = token.unwrap();
        get(rig, &format!("/box/a?{own}={snapshot}"), token.expose())
            .await
            .expect_error(404, "BlobNotFound");
        get(rig, "/box/a", token.expose())
            .await
            .expect_detail(NO_SUCH_LEVEL);
        let other = format!("/box/a?{own}=2026-03-01T11:00:00.0000001Z");
        get(rig, &other, token.expose())
            .await
            .expect_error(403, "AuthenticationFailed");
    }
}

#[tokio::test]
async fn by_the_account_s_key() {
    check(&filled().await, &key()).await;
}

#[tokio::test]
async fn by_a_lent_key() {
    let rig = filled().await;
    let lent = lent(&rig).await;
    check(&rig, &lent).await;
}

#[tokio::test]
async fn names_are_signed_as_they_are_and_sent_encoded() {
    let rig = filled().await;
    for (name, sent) in [
        ("a b+c%20/ü?&#", "a%20b%2Bc%2520/%C3%BC%3F%26%23"),
        ("/slashes//", "/slashes//"),
        ("a", "%61"),
    ] {
        let token = Sas::blob("box", name)
            .read()
            .write()
            .expires(LATER)
            .sign(&key())
            .unwrap();
        let path = format!("/box/{sent}");
        let put = rig.put(&path, "1").header("x-ms-blob-type", "BlockBlob");
        put.sas(token.expose()).send_unsigned().await.expect(201);
        get(&rig, &path, token.expose()).await.expect(200);
    }
    // The root container has a name here.
    rig.make_container("$root").await;
    rig.put_blob("/$root/top", "1").await;
    let token = Sas::blob("$root", "top")
        .read()
        .expires(LATER)
        .sign(&key())
        .unwrap();
    get(&rig, "/top", token.expose()).await.expect(200);
    get(&rig, "/$root/top", token.expose()).await.expect(200);
}

#[tokio::test]
async fn to_create_is_less_than_to_write() {
    let rig = filled().await;
    let put = async |path: &str, token: &str| {
        let put = rig.put(path, "new").header("x-ms-blob-type", "BlockBlob");
        put.sas(token).send_unsigned().await
    };
    let token = Sas::container("box")
        .create()
        .expires(LATER)
        .sign(&key())
        .unwrap();
    put("/box/new", token.expose()).await.expect(201);
    for path in ["/box/new", "/box/a"] {
        put(path, token.expose())
            .await
            .expect_error(403, "UnauthorizedBlobOverwrite");
    }
    assert_eq!(rig.get_bytes("/box/a").await, "content of a");

    // The same in blocks, which it takes to write for before 2026-06-06.
    let list = "<BlockList><Latest>QQ==</Latest></BlockList>";
    let block = |path: &str| {
        rig.put(&format!("{path}?comp=block&blockid=QQ=="), "new")
            .sas(token.expose())
            .send_unsigned()
    };
    let commit = |path: &str| {
        rig.put(&format!("{path}?comp=blocklist"), list)
            .sas(token.expose())
            .send_unsigned()
    };
    block("/box/blocks").await.expect(201);
    commit("/box/blocks").await.expect(201);
    assert_eq!(rig.get_bytes("/box/blocks").await, "new");
    block("/box/a").await.expect(201);
    commit("/box/a")
        .await
        .expect_error(403, "UnauthorizedBlobOverwrite");
    assert_eq!(rig.get_bytes("/box/a").await, "content of a");
    let old = Sas::container("box")
        .create()
        .version("2026-04-06".parse().unwrap())
        .expires(LATER)
        .sign(&key())
        .unwrap();
    let early = rig
        .put("/box/old?comp=block&blockid=QQ==", "new")
        .header("x-ms-version", "2026-04-06");
    early
        .sas(old.expose())
        .send_unsigned()
        .await
        .expect_error(403, "AuthorizationPermissionMismatch");

    let token = Sas::container("box").write().expires(LATER).sign(&key()).unwrap();
    put("/box/a", token.expose()).await.expect(201);
    put("/box/newer", token.expose()).await.expect(201);
    assert_eq!(rig.get_bytes("/box/a").await, "new");
}

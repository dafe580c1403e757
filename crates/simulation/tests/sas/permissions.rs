//! What each operation needs: with one of its letters it is let in, and with all others it is not.

use lazuli_signing::Sas;

use crate::rig::{Call, Reply, Rig, key};
use crate::{LATER, filled, lent, letters};

/// What an account's signature can permit, of what means something to the Blob service.
const ACCOUNT: &str = "rwdxylactfi";
/// What a container's signature can permit.
const CONTAINER: &str = "racwdxyltfmei";

/// An operation: what is sent, the status when it is let in, and the letters that let it in.
struct Case {
    method: &'static str,
    path: &'static str,
    status: u16,
    level: char,
    account: &'static str,
    service: &'static str,
}

const fn case(
    method: &'static str,
    path: &'static str,
    status: u16,
    level: char,
    account: &'static str,
    service: &'static str,
) -> Case {
    Case {
        method,
        path,
        status,
        level,
        account,
        service,
    }
}

const XML: &str = "<BlockList></BlockList>";

#[rustfmt::skip]
const CASES: [Case; 33] = [
    case("GET", "/?comp=list", 200, 's', "l", ""),
    case("GET", "/?restype=service&comp=properties", 200, 's', "r", ""),
    case("PUT", "/?restype=service&comp=properties", 400, 's', "w", ""),
    case("GET", "/?comp=blobs&where=%22a%22%3D%27b%27", 200, 's', "f", ""),
    case("PUT", "/new?restype=container", 201, 'c', "cw", ""),
    case("GET", "/box?restype=container", 200, 'c', "r", ""),
    case("HEAD", "/box?restype=container", 200, 'c', "r", ""),
    case("DELETE", "/box?restype=container", 202, 'c', "d", ""),
    case("GET", "/box?restype=container&comp=metadata", 200, 'c', "r", ""),
    case("PUT", "/box?restype=container&comp=metadata", 200, 'c', "w", ""),
    case("GET", "/box?restype=container&comp=acl", 200, 'c', "", ""),
    case("PUT", "/box?restype=container&comp=acl", 200, 'c', "", ""),
    case("GET", "/box?restype=container&comp=list", 200, 'c', "l", "l"),
    case("GET", "/box?restype=container&comp=blobs&where=%22a%22%3D%27b%27", 200, 'c', "f", "f"),
    case("PUT", "/box/new", 201, 'o', "cw", "cw"),
    case("PUT", "/box/a", 201, 'o', "w", "w"),
    case("GET", "/box/a", 200, 'o', "r", "r"),
    case("HEAD", "/box/a", 200, 'o', "r", "r"),
    case("DELETE", "/box/a", 202, 'o', "d", "d"),
    case("DELETE", "/box/a?versionid=2026-03-01T11:00:00.0000000Z", 404, 'o', "x", "x"),
    case("GET", "/box/a?comp=metadata", 200, 'o', "r", "r"),
    case("PUT", "/box/a?comp=metadata", 200, 'o', "w", "w"),
    case("PUT", "/box/a?comp=properties", 200, 'o', "w", "w"),
    case("PUT", "/box/a?comp=block&blockid=QQ==", 201, 'o', "cw", "cw"),
    case("PUT", "/box/a?comp=blocklist", 201, 'o', "w", "w"),
    case("GET", "/box/a?comp=blocklist", 200, 'o', "r", "r"),
    case("PUT", "/box/a?comp=appendblock", 409, 'o', "aw", "aw"),
    case("PUT", "/box/a?comp=seal", 409, 'o', "aw", "aw"),
    case("GET", "/box/a?comp=pagelist", 409, 'o', "r", "r"),
    case("PUT", "/box/a?comp=snapshot", 201, 'o', "cw", "cw"),
    case("GET", "/box/a?comp=tags", 200, 'o', "t", "t"),
    case("PUT", "/box/a?comp=immutabilityPolicies", 400, 'o', "i", "i"),
    case("PUT", "/box/a?comp=lease", 400, 'o', "wd", "wd"),
];

fn sent<'a>(rig: &'a Rig, case: &Case) -> Call<'a> {
    let call = rig.request(case.method, case.path);
    match case.path {
        path if path.ends_with("comp=acl") => call,
        path if path.ends_with("comp=blocklist") && case.method == "PUT" => call.body(XML),
        _ if case.method == "PUT" && case.level == 'o' => {
            call.body("body").header("x-ms-blob-type", "BlockBlob")
        }
        _ => call,
    }
}

/// Whether it writes over a blob that is there, for which it takes more than to create.
fn overwrites(case: &Case) -> bool {
    case.method == "PUT" && matches!(case.path, "/box/a" | "/box/a?comp=blocklist")
}

/// Asserts that a request with the permission `letter`, where these are enough, has the answer that it must have.
#[track_caller]
fn is_answered(case: &Case, enough: &str, letter: char, reply: &Reply) {
    let expected = match () {
        () if enough.contains(letter) => {
            let code = match case.status {
                400 if case.level == 's' => "InvalidXmlDocument",
                400 => "MissingRequiredHeader",
                404 => "BlobNotFound",
                409 => "InvalidBlobType",
                _ => "",
            };
            (case.status, code)
        }
        () if enough.is_empty() => (403, "AuthorizationFailure"),
        () if overwrites(case) && letter == 'c' => (403, "UnauthorizedBlobOverwrite"),
        () => (403, "AuthorizationPermissionMismatch"),
    };
    let answered = (reply.status.as_u16(), reply.header("x-ms-error-code"));
    assert_eq!(answered, expected, "{} {} with {letter}", case.method, case.path);
}

#[tokio::test]
async fn of_an_account() {
    for case in &CASES {
        for letter in ACCOUNT.chars() {
            let rig = filled().await;
            let sas = Sas::account().blob();
            let sas = match case.level {
                's' => sas.service(),
                'c' => sas.container(),
                _ => sas.object(),
            };
            let token = sas
                .permissions(letters(&letter.to_string()))
                .expires(LATER)
                .sign(&key())
                .unwrap();
            let reply = sent(&rig, case).sas(token.expose()).send_unsigned().await;
            is_answered(case, case.account, letter, &reply);
        }
    }
}

#[tokio::test]
async fn of_a_container() {
    let lending = filled().await;
    let lent = lent(&lending).await;
    for case in CASES.iter().filter(|case| case.level != 's') {
        let container = if case.path.starts_with("/new") {
            "new"
        } else {
            "box"
        };
        for letter in CONTAINER.chars() {
            let sas = Sas::container(container)
                .permissions(letters(&letter.to_string()))
                .expires(LATER);
            for token in [sas.sign(&key()).unwrap(), sas.sign(&lent).unwrap()] {
                let rig = filled().await;
                let reply = sent(&rig, case).sas(token.expose()).send_unsigned().await;
                is_answered(case, case.service, letter, &reply);
            }
        }
    }
}

#[tokio::test]
async fn a_key_is_lent_to_no_signature() {
    let rig = filled().await;
    let token = Sas::account()
        .blob()
        .service()
        .permissions(letters("rwdlac"))
        .expires(LATER)
        .sign(&key())
        .unwrap();
    let ask = rig
        .request("POST", "/?restype=service&comp=userdelegationkey")
        .sas(token.expose());
    ask.send_unsigned()
        .await
        .expect_detail("Only authentication scheme Bearer is supported");
}

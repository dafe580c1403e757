//! The metadata service of virtual machines, and Cloud Shell.

use lazuli_simulation::entra::{Endpoint, SYSTEM_ASSIGNED, TENANT, USER_ASSIGNED, USER_ASSIGNED_RESOURCE};
use serde_json::{Value, json};

use crate::bench::{Bench, STORAGE, claims, post};

const METADATA: (&str, &str) = ("Metadata", "true");
const PATH: &str =
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com";

/// All numbers are texts, at every endpoint of a machine.
fn expected(bench: &Bench, client: &str) -> Value {
    let now = bench.now();
    json!({
        "client_id": client, "expires_in": "86399", "ext_expires_in": "86399", "expires_on": (now + 86_399).to_string(),
        "not_before": (now - 300).to_string(), "resource": STORAGE, "token_type": "Bearer",
    })
}

#[tokio::test]
async fn the_machine_has_an_identity_and_may_have_more() {
    let bench = Bench::new();
    let object = "6c617a75-6c69-4000-8000-fffffffffffb";
    for (query, client) in [
        (String::new(), SYSTEM_ASSIGNED),
        (
            format!("&client_id={}", SYSTEM_ASSIGNED.to_uppercase()),
            SYSTEM_ASSIGNED,
        ),
        (format!("&client_id={USER_ASSIGNED}"), USER_ASSIGNED),
        (format!("&object_id={object}"), USER_ASSIGNED),
        (format!("&msi_res_id={USER_ASSIGNED_RESOURCE}"), USER_ASSIGNED),
        (
            format!("&mi_res_id={}", USER_ASSIGNED_RESOURCE.to_lowercase()),
            USER_ASSIGNED,
        ),
    ] {
        let answer = bench
            .get(&format!("{PATH}{query}"), &[METADATA])
            .await
            .expect(200);
        let token = answer.token();
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("access_token");
        assert_eq!(body, expected(&bench, client), "{query}");
        let claims = claims(&token);
        assert_eq!(
            (&claims["appid"], &claims["tid"]),
            (&json!(client), &json!(TENANT))
        );
        assert_eq!(claims.get("xms_mirid").is_some(), client == USER_ASSIGNED);
        bench.list(&token).await.expect(200);
    }
    assert_eq!(bench.requests(Endpoint::Imds), 6);
}

#[tokio::test]
async fn bad_requests_are_told_why() {
    let bench = Bench::new();
    let base = "/metadata/identity/oauth2/token";
    let resource = "resource=https://storage.azure.com";
    for (path, headers, text) in [
        (PATH.to_owned(), vec![], "Required metadata header not specified"),
        (
            PATH.to_owned(),
            vec![("Metadata", "yes")],
            "Required metadata header not specified",
        ),
        (
            PATH.to_owned(),
            vec![METADATA, ("X-Forwarded-For", "10.0.0.1")],
            "Forwarded requests are not answered",
        ),
        (
            format!("{base}?{resource}"),
            vec![METADATA],
            "Required query variable 'api-version' is missing",
        ),
        (
            format!("{base}?api-version=2017-01-01&{resource}"),
            vec![METADATA],
            "The api-version is not supported",
        ),
        (
            format!("{base}?api-version=2018-02-01"),
            vec![METADATA],
            "Required audience parameter not specified",
        ),
        (
            format!("{PATH}&client_id={TENANT}"),
            vec![METADATA],
            "Identity not found",
        ),
        (
            format!("{PATH}&object_id=nobody"),
            vec![METADATA],
            "Identity not found",
        ),
        (
            format!("{PATH}&client_id={USER_ASSIGNED}&object_id={TENANT}"),
            vec![METADATA],
            "Only one of client_id, object_id and msi_res_id can be specified",
        ),
    ] {
        let answer = bench.get(&path, &headers).await.expect(400);
        assert_eq!(
            answer.json(),
            json!({ "error": "invalid_request", "error_description": text })
        );
    }
}

#[tokio::test]
async fn cloud_shell_is_asked_with_a_form() {
    let bench = Bench::new();
    let mut request = post("/oauth2/token", &[("resource", STORAGE)]);
    request.headers_mut().insert("metadata", "true".parse().unwrap());
    let answer = bench.send(request.clone()).await.expect(200);
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("access_token");
    let mut expected = expected(&bench, SYSTEM_ASSIGNED);
    expected.as_object_mut().unwrap().remove("client_id");
    expected["refresh_token"] = json!("");
    assert_eq!(body, expected);
    bench.list(&answer.token()).await.expect(200);
    request.headers_mut().remove("metadata");
    let refused = bench.send(request).await.expect(400).json();
    assert_eq!(refused["error"]["code"], "InvalidRequest");
    let mut request = post("/oauth2/token", &[]);
    request.headers_mut().insert("metadata", "true".parse().unwrap());
    assert_eq!(
        bench.send(request).await.expect(400).json()["error"]["code"],
        "AudienceNotSupported"
    );
    assert_eq!(bench.requests(Endpoint::CloudShell), 3);
}

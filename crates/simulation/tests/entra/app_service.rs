//! The endpoint of App Service.

use lazuli_simulation::entra::{
    Endpoint, IDENTITY_HEADER, SYSTEM_ASSIGNED, TENANT, USER_ASSIGNED, USER_ASSIGNED_RESOURCE,
};
use serde_json::json;

use crate::bench::{Bench, STORAGE};

const PATH: &str = "/msi/token?api-version=2019-08-01&resource=https://storage.azure.com";
const SECRET: (&str, &str) = ("X-IDENTITY-HEADER", IDENTITY_HEADER);

#[tokio::test]
async fn whoever_shows_the_header_has_a_token() {
    let bench = Bench::new();
    for (query, client) in [
        (String::new(), SYSTEM_ASSIGNED),
        (format!("&client_id={USER_ASSIGNED}"), USER_ASSIGNED),
        (
            "&principal_id=6c617a75-6c69-4000-8000-fffffffffffb".to_owned(),
            USER_ASSIGNED,
        ),
        (format!("&mi_res_id={USER_ASSIGNED_RESOURCE}"), USER_ASSIGNED),
    ] {
        let answer = bench.get(&format!("{PATH}{query}"), &[SECRET]).await.expect(200);
        bench.list(&answer.token()).await.expect(200);
        let mut body = answer.json();
        body.as_object_mut().unwrap().remove("access_token");
        let expires_on = (bench.now() + 86_399).to_string();
        let expected = json!({ "client_id": client, "expires_on": expires_on, "resource": STORAGE, "token_type": "Bearer" });
        assert_eq!(body, expected);
    }
    assert_eq!(bench.requests(Endpoint::AppService), 4);
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let bench = Bench::new();
    for (path, header, status) in [
        (PATH.to_owned(), ("accept", "*/*"), 401),
        (PATH.to_owned(), ("X-IDENTITY-HEADER", "wrong"), 401),
        (PATH.replace("2019-08-01", "2017-09-01"), SECRET, 400),
        (PATH.replace("resource", "scope"), SECRET, 400),
        (format!("{PATH}&client_id={TENANT}"), SECRET, 400),
        (format!("{PATH}&client_id={TENANT}&mi_res_id=x"), SECRET, 400),
    ] {
        let body = bench.get(&path, &[header]).await.expect(status).json();
        assert_eq!(body["statusCode"], status);
        assert!(body["message"].is_string() && body["correlationId"].is_string());
    }
}

#[tokio::test]
async fn a_site_can_have_a_header_of_its_own() {
    let bench = Bench::with(|builder| builder.identity_header("another"));
    bench.get(PATH, &[SECRET]).await.expect(401);
    bench
        .get(PATH, &[("x-identity-header", "another")])
        .await
        .expect(200);
}

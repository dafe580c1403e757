//! What the authority publishes, and that its tokens hold against it.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lazuli_simulation::entra::{Endpoint, TENANT};
use serde_json::{Value, json};

use crate::bench::{Bench, ORIGIN, get};

#[tokio::test]
async fn a_stranger_can_check_a_token() {
    let bench = Bench::new();
    let token = bench.token().await;
    let configuration = bench
        .get(&format!("/{TENANT}/v2.0/.well-known/openid-configuration"), &[])
        .await
        .expect(200);
    let configuration = configuration.json();
    assert_eq!(configuration["issuer"], format!("{ORIGIN}/{TENANT}/v2.0"));
    assert_eq!(
        configuration["token_endpoint"],
        format!("{ORIGIN}/{TENANT}/oauth2/v2.0/token")
    );
    let keys = configuration["jwks_uri"]
        .as_str()
        .unwrap()
        .strip_prefix(ORIGIN)
        .unwrap();
    let keys = bench.get(keys, &[]).await.expect(200).json();
    let [key] = keys["keys"].as_array().unwrap().as_slice() else {
        panic!("{keys}");
    };
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let header: Value = serde_json::from_slice(&decode(signed.split_once('.').unwrap().0)).unwrap();
    assert_eq!((&header["kid"], &header["alg"]), (&key["kid"], &json!("RS256")));
    let (n, e) = (
        decode(key["n"].as_str().unwrap()),
        decode(key["e"].as_str().unwrap()),
    );
    assert_eq!((n.len(), e.as_slice()), (256, &[1, 0, 1][..]));
    let public = RsaPublicKeyComponents { n, e };
    public
        .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &decode(signature))
        .unwrap();
    assert_eq!(bench.requests(Endpoint::Discovery), 2);
}

#[tokio::test]
async fn all_names_of_the_documents_answer() {
    let bench = Bench::new();
    for path in [
        "common/discovery/keys",
        "common/discovery/v2.0/keys",
        "organizations/v2.0/.well-known/openid-configuration",
    ] {
        bench.get(&format!("/{path}"), &[]).await.expect(200);
    }
    let old = bench
        .get(&format!("/{TENANT}/.well-known/openid-configuration"), &[])
        .await
        .expect(200)
        .json();
    assert_eq!(old["issuer"], format!("https://sts.windows.net/{TENANT}/"));
    let unknown = bench
        .get("/nobody/v2.0/.well-known/openid-configuration", &[])
        .await;
    unknown.refuses(400, "invalid_request", 90_002);
}

#[tokio::test]
async fn the_instance_is_what_the_client_calls_it() {
    let bench = Bench::new();
    let mut request = get(
        "/common/discovery/instance?api-version=1.1",
        &[("host", "login.local:8443")],
    );
    *request.uri_mut() = "/common/discovery/instance?api-version=1.1".parse().unwrap();
    let body = bench.send(request).await.expect(200).json();
    assert_eq!(body["metadata"][0]["aliases"], json!(["login.local:8443"]));
    assert_eq!(
        body["tenant_discovery_endpoint"],
        format!("http://login.local:8443/{TENANT}/v2.0/.well-known/openid-configuration")
    );
}

#[tokio::test]
async fn behind_a_proxy_it_is_where_the_proxy_is() {
    let bench = Bench::new();
    for (forwarded, scheme) in [("https", "https"), ("http", "http"), ("javascript", "http")] {
        let headers = [("host", "login.local"), ("x-forwarded-proto", forwarded)];
        let mut request = get("/", &headers);
        *request.uri_mut() = format!("/{TENANT}/v2.0/.well-known/openid-configuration")
            .parse()
            .unwrap();
        let body = bench.send(request).await.expect(200).json();
        let endpoint = format!("{scheme}://login.local/{TENANT}/oauth2/v2.0/token");
        assert_eq!(body["token_endpoint"], endpoint);
    }
}

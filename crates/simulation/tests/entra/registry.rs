//! Who is registered.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use lazuli_protocol::BoxError;
use lazuli_simulation::entra::{App, CLIENT_ID, CLIENT_SECRET, ManagedIdentity, TENANT};
use lazuli_simulation::{Builder, ErrorKind, Simulation};
use serde_json::json;
use tower::Service;

use crate::bench::{Bench, claims, with};

const TENANT_2: &str = "22222222-0000-4000-8000-000000000000";
const CLIENT: &str = "bbbbbbbb-0000-4000-8000-000000000001";
const OBJECT: &str = "bbbbbbbb-0000-4000-8000-000000000002";
const IMDS: &str =
    "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://storage.azure.com";

#[tokio::test]
async fn a_tenant_has_its_own_applications() {
    let bench = Bench::with(|builder| {
        let app = App::new(CLIENT.to_uppercase()).tenant(TENANT_2).object_id(OBJECT);
        builder.tenant(TENANT_2).app(app.secret("first").secret("second"))
    });
    let path = format!("/{}/oauth2/v2.0/token", TENANT_2.to_uppercase());
    for secret in ["first", "second"] {
        let form = with(&[("client_id", CLIENT), ("client_secret", secret)]);
        let token = bench.post(&path, &form).await.expect(200).token();
        let claims = claims(&token);
        assert_eq!(
            (&claims["oid"], &claims["tid"]),
            (&json!(OBJECT), &json!(TENANT_2))
        );
        bench.list(&token).await.expect(200);
    }
    // Who registers an application has no other.
    bench.ask(&[]).await.refuses(400, "unauthorized_client", 700_016);
    bench
        .ask(&[("client_id", CLIENT), ("client_secret", "first")])
        .await
        .refuses(400, "unauthorized_client", 700_016);
}

#[tokio::test]
async fn one_identity_needs_no_name() {
    let only = Bench::with(|builder| {
        builder.managed_identity(ManagedIdentity::user_assigned(CLIENT).object_id(OBJECT))
    });
    let token = only.get(IMDS, &[("metadata", "true")]).await.expect(200).token();
    assert_eq!(claims(&token)["oid"], OBJECT);
    let two = Bench::with(|builder| {
        let builder = builder.managed_identity(ManagedIdentity::user_assigned(CLIENT));
        builder.managed_identity(ManagedIdentity::user_assigned(OBJECT))
    });
    two.get(IMDS, &[("metadata", "true")]).await.expect(400);
    two.get(&format!("{IMDS}&client_id={OBJECT}"), &[("metadata", "true")])
        .await
        .expect(200);
}

type SetUp = fn(Builder) -> Builder;

#[test]
fn what_cannot_be_registered() {
    let cases: [(SetUp, &str); 8] = [
        (
            |builder| builder.tenant("contoso"),
            "the tenant \"contoso\" is no GUID",
        ),
        (
            |builder| builder.app(App::new("app")),
            "the client id \"app\" is no GUID",
        ),
        (
            |builder| builder.app(App::new(CLIENT).object_id("x")),
            "the object id \"x\" is no GUID",
        ),
        (
            |builder| builder.app(App::new(CLIENT).tenant(TENANT_2)),
            "the application bbbbbbbb-0000-4000-8000-000000000001 is in 22222222-0000-4000-8000-000000000000, which is no tenant here",
        ),
        (
            |builder| builder.app(App::new(CLIENT)).app(App::new(CLIENT)),
            "the client id bbbbbbbb-0000-4000-8000-000000000001 is given twice",
        ),
        (
            |builder| builder.app(App::new(CLIENT).secret("")),
            "a secret of the application bbbbbbbb-0000-4000-8000-000000000001 is empty",
        ),
        (
            |builder| builder.managed_identity(ManagedIdentity::user_assigned("x")),
            "the client id \"x\" is no GUID",
        ),
        (
            |builder| {
                let builder = builder.managed_identity(ManagedIdentity::system_assigned(CLIENT));
                builder.managed_identity(ManagedIdentity::system_assigned(OBJECT))
            },
            "a machine has one system-assigned identity, and there are more",
        ),
    ];
    for (set_up, message) in cases {
        let error = set_up(Simulation::builder()).build().unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (ErrorKind::InvalidIdentity, message)
        );
    }
}

#[tokio::test]
async fn the_simplest_simulation_has_it_all() {
    let simulation = Simulation::in_memory();
    let form = format!(
        "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}&scope=https://storage.azure.com/.default"
    );
    let request = Request::post(format!("http://localhost/{TENANT}/oauth2/v2.0/token"))
        .body(form)
        .unwrap();
    let answer = tower::ServiceExt::oneshot(simulation.entra().service(), request)
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

/// What a transport of this workspace asks of a service in the same process.
fn fits<S, B>(_: &S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
}

#[test]
fn a_transport_can_stand_on_the_service() {
    fits(&Simulation::in_memory().entra().service());
}

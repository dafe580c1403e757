//! No secret shows in a `Debug`, an error or a log.

use std::io;
use std::sync::{Arc, Mutex};

use lazuli_simulation::Simulation;
use lazuli_simulation::entra::{App, Endpoint, Fault};
use tracing_subscriber::fmt::MakeWriter;

use crate::bench::{Bench, STORAGE, post};

const SECRET: &str = "planted-client-secret";
const HEADER: &str = "planted-identity-header";
const CLIENT: &str = "cccccccc-0000-4000-8000-000000000001";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "current_thread")]
async fn planted_secrets_are_nowhere() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    // What runs on other threads is logged, too.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(CLIENT).secret(SECRET);
    let mut shown = format!("{app:?}");
    let builder = Simulation::builder().app(app.clone()).identity_header(HEADER);
    shown += &format!(
        "{builder:?} {:?}",
        builder.clone().app(app.clone()).build().unwrap_err()
    );
    let bench = Bench::with(|builder| builder.app(app).identity_header(HEADER).arc_keys(folder.path()));
    let mut secrets = vec![SECRET.to_owned(), HEADER.to_owned()];

    let good = [("client_id", CLIENT), ("client_secret", SECRET)];
    let token = bench.ask(&good).await.expect(200).token();
    shown += &bench
        .ask(&[good[0], ("client_secret", "planted-wrong-secret")])
        .await
        .expect(401)
        .text();
    shown += &bench
        .ask(&[good[0], good[1], ("scope", "x")])
        .await
        .expect(400)
        .text();
    let assertion = "planted.client.assertion";
    let assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let form = [
        good[0],
        ("client_secret", ""),
        ("client_assertion", assertion),
        ("client_assertion_type", assertion_type),
    ];
    shown += &bench.ask(&form).await.expect(400).text();
    let federated = bench.entra.federated_token("i", "s", "a").unwrap();
    let form = [
        form[0],
        form[1],
        ("client_assertion", federated.as_str()),
        form[3],
    ];
    shown += &bench.ask(&form).await.expect(401).text();
    secrets.extend(
        [
            "planted-wrong-secret",
            assertion,
            federated.as_str(),
            token.as_str(),
        ]
        .map(str::to_owned),
    );

    let site = format!("/msi/token?api-version=2019-08-01&resource={STORAGE}");
    secrets.push(
        bench
            .get(&site, &[("x-identity-header", HEADER)])
            .await
            .expect(200)
            .token(),
    );
    shown += &bench
        .get(&site, &[("x-identity-header", "planted-wrong-header")])
        .await
        .expect(401)
        .text();
    secrets.push("planted-wrong-header".to_owned());
    let arc = format!("/metadata/identity/oauth2/token?api-version=2020-06-01&resource={STORAGE}");
    let file = bench.get(&arc, &[("metadata", "true")]).await.expect(401);
    let file = file
        .header("www-authenticate")
        .strip_prefix("Basic realm=")
        .unwrap()
        .to_owned();
    let key = std::fs::read_to_string(file).unwrap();
    shown += &format!("{:?}", bench.simulation);
    bench
        .get(
            &arc,
            &[("metadata", "true"), ("authorization", &format!("Basic {key}"))],
        )
        .await
        .expect(200);
    secrets.push(key);

    bench.list(&token).await.expect(200);
    let mut bad = token.clone();
    bad.pop();
    shown += &bench.list(&bad).await.expect(401).text();
    secrets.push(bad);
    bench.entra.fail(Endpoint::Token, Fault::disconnect());
    let failed = bench
        .try_send(post("/x/oauth2/v2.0/token", &good))
        .await
        .unwrap_err();
    shown += &format!(
        "{failed} {failed:?} {:?} {:?} {:?}",
        bench.entra,
        bench.entra.service(),
        Fault::garbage()
    );

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("a request for a token was answered") && log.contains("a fault that was asked for"),
        "{log}"
    );
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "{secret} is shown: {shown}");
        assert!(!log.contains(secret.as_str()), "{secret} is logged: {log}");
        // The signature alone would do harm, too.
        if let Some((_, signature)) = secret
            .rsplit_once('.')
            .filter(|(_, signature)| signature.len() > 40)
        {
            assert!(
                !shown.contains(signature) && !log.contains(signature),
                "{signature}"
            );
        }
    }
}

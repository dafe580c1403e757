//! Signatures that hold for some addresses, or for HTTPS only.

use std::net::{Ipv4Addr, SocketAddr};

use lazuli_signing::{Sas, SasProtocol};

use crate::rig::{self, Call, Reply, Rig, key};
use crate::{LATER, filled};

async fn from(rig: &Rig, peer: &str, call: Call<'_>) -> Reply {
    let mut request = call.build();
    request
        .extensions_mut()
        .insert(peer.parse::<SocketAddr>().unwrap());
    rig::deliver(rig.service(), request).await
}

#[tokio::test]
async fn an_address_outside_the_range_is_refused() {
    let rig = filled().await;
    let range = Ipv4Addr::new(10, 0, 0, 1)..=Ipv4Addr::new(10, 0, 0, 9);
    let service = Sas::blob("box", "a")
        .read()
        .ip(range.clone())
        .expires(LATER)
        .sign(&key());
    let account = Sas::account()
        .blob()
        .object()
        .read()
        .ip(range)
        .expires(LATER)
        .sign(&key());
    for token in [service.unwrap(), account.unwrap()] {
        let get = || rig.get("/box/a").sas(token.expose());
        for peer in ["10.0.0.1:1", "10.0.0.9:65535", "[::ffff:10.0.0.5]:1"] {
            from(&rig, peer, get()).await.expect(200);
        }
        for (peer, shown) in [
            ("10.0.0.0:1", "10.0.0.0"),
            ("10.0.0.10:1", "10.0.0.10"),
            ("[fe80::1]:1", "fe80::1"),
        ] {
            let reply = from(&rig, peer, get()).await;
            let reply = reply.expect_error(403, "AuthorizationSourceIPMismatch");
            let message = reply.element("Message");
            let message = message.lines().next().unwrap();
            assert!(
                message.ends_with(&format!("using this source IP {shown}.")),
                "{message}"
            );
        }
        get()
            .send_unsigned()
            .await
            .expect_error(403, "AuthorizationSourceIPMismatch");
    }
}

#[tokio::test]
async fn a_request_of_this_process_comes_from_this_machine() {
    let rig = filled().await;
    let sas = Sas::blob("box", "a")
        .read()
        .ip(Ipv4Addr::LOCALHOST)
        .expires(LATER);
    let token = sas.sign(&key()).unwrap();
    rig.get("/box/a")
        .sas(token.expose())
        .send_unsigned()
        .await
        .expect(200);
    let other = from(&rig, "127.0.0.2:1", rig.get("/box/a").sas(token.expose())).await;
    other.expect_error(403, "AuthorizationSourceIPMismatch");
}

#[tokio::test]
async fn https_only_means_that() {
    let rig = filled().await;
    let sas = |protocol| {
        let sas = Sas::blob("box", "a").read().protocol(protocol).expires(LATER);
        sas.sign(&key()).unwrap()
    };
    let over = |scheme: &str, protocol| {
        let url = format!("{scheme}://127.0.0.1:10000/devstoreaccount1/box/a");
        rig.get("").url(&url).sas(sas(protocol).expose())
    };
    for protocol in [SasProtocol::Https, SasProtocol::HttpsOrHttp] {
        over("https", protocol).send_unsigned().await.expect(200);
    }
    over("http", SasProtocol::HttpsOrHttp)
        .send_unsigned()
        .await
        .expect(200);
    let reply = over("http", SasProtocol::Https).send_unsigned().await;
    reply.expect_error(403, "AuthorizationProtocolMismatch");
}

/// A host name is whatever the sender writes: over a socket it vouches for nothing, unless the other end is a TLS front beside us.
#[tokio::test]
async fn a_host_name_is_no_tls() {
    let rig = filled().await;
    let sas = Sas::blob("box", "a").read().protocol(SasProtocol::Https);
    let token = sas.expires(LATER).sign(&key()).unwrap();
    let get = |url: &str| rig.get("").url(url).sas(token.expose());
    let production = || get("http://devstoreaccount1.blob.core.windows.net/box/a");
    production().send_unsigned().await.expect(200);
    from(&rig, "127.0.0.1:1", production()).await.expect(200);
    let forwarded = || {
        let get = get("http://127.0.0.1:10000/devstoreaccount1/box/a");
        get.header("x-forwarded-proto", "https")
    };
    from(&rig, "127.0.0.1:1", forwarded()).await.expect(200);
    for call in [production(), forwarded()] {
        let reply = from(&rig, "10.0.0.1:1", call).await;
        reply.expect_error(403, "AuthorizationProtocolMismatch");
    }
}

//! Proxies in front of servers of this process: what they see, and what they must not.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod boxes;
#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod desk;

use std::sync::atomic::Ordering;

use boxes::{Manners, PASSWORD, USER, assert_discreet, bearer, get, proxy, signing};
use http::Request;
use lazuli_protocol::Body;
use lazuli_transport::{ErrorKind, Proxies, Proxy};
use tower::ServiceExt as _;

#[tokio::test]
async fn plain_http_is_handed_to_the_proxy_whole() {
    let (address, seen) = proxy(Manners::WANTS_CREDENTIALS).await;
    let builder = signing(Proxies::all(bearer(address)));
    // The proxy itself answers, so no name is looked up.
    let body = get(builder, "http://account.blob.test/c/b?comp=list")
        .await
        .unwrap();
    assert_eq!(body, "from the proxy");
    let heads = seen.heads();
    assert!(
        heads[0].starts_with("GET http://account.blob.test/c/b?comp=list HTTP/1.1\r\n"),
        "{heads:?}"
    );
    assert!(heads[0].contains("host: account.blob.test\r\n"), "{heads:?}");
    assert!(heads[0].contains("proxy-authorization: Basic "), "{heads:?}");
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_says_so() {
    let (address, seen) = proxy(Manners::WANTS_CREDENTIALS).await;
    let without = Proxy::parse(&format!("http://{address}")).unwrap();
    let wrong = without.clone().credentials(USER, "wr0ng").unwrap();
    let urls: &[&str] = match cfg!(any(feature = "aws-lc-rs", feature = "ring")) {
        true => &["http://account.blob.test/c/b", "https://account.blob.test/c/b"],
        false => &["http://account.blob.test/c/b"],
    };
    for url in urls {
        for (proxy, reason) in [(&without, "wants a user name"), (&wrong, "refuses its user name")] {
            let error = get(signing(Proxies::all(proxy.clone())), url).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy, "{error:?}");
            assert!(!error.is_retryable());
            let text = error.to_string();
            assert!(
                text.contains(&format!("the proxy http://{address} {reason}")),
                "{text}"
            );
            assert!(text.contains("(407)"), "{text}");
            assert!(!format!("{text} {error:?}").contains("wr0ng"));
        }
    }
    assert_eq!(seen.heads().len(), 2 * urls.len());
}

#[tokio::test]
async fn a_proxy_that_is_away_is_named() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let error = get(signing(Proxies::all(bearer(gone))), "http://account.blob.test/")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert!(
        error
            .to_string()
            .contains(&format!("the proxy http://{gone} cannot be reached")),
        "{error}"
    );
    assert_discreet(&format!("{error} {error:?}"));
}

#[tokio::test]
async fn a_proxy_that_never_answers_is_named() {
    // The system accepts the connection, and nobody attends to it.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let proxy = Proxy::parse(&format!("socks5://{USER}:{PASSWORD}@{address}")).unwrap();
    let client = signing(Proxies::all(proxy)).connect_timeout(std::time::Duration::from_millis(50));
    let error = get(client, "http://account.blob.test/").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    let expected = format!("within 50ms, through the proxy socks5://{address};");
    assert!(error.to_string().contains(&expected), "{error}");
    assert_discreet(&format!("{error} {error:?}"));
}

#[tokio::test]
async fn hosts_of_the_list_and_of_this_machine_are_reached_directly() {
    let (address, seen) = proxy(Manners::OPEN).await;
    let (direct, asked) = proxy(Manners::OPEN).await;
    let url = |host: &str| format!("http://{host}:{}/c/b", direct.port());
    let proxies = Proxies::of([
        ("HTTP_PROXY", format!("http://{address}")),
        ("NO_PROXY", "10.0.0.0/8,.inside.test".to_owned()),
    ]);
    let builder = signing(proxies.unwrap())
        .resolve("a.inside.test", [direct])
        .resolve("outside.test", [direct]);
    for host in ["a.inside.test", "localhost", "127.0.0.1"] {
        get(builder.clone(), &url(host)).await.unwrap();
    }
    assert_eq!((seen.heads().len(), asked.heads().len()), (0, 3));
    assert!(
        asked
            .heads()
            .iter()
            .all(|head| head.starts_with("GET /c/b HTTP/1.1"))
    );
    get(builder, &url("outside.test")).await.unwrap();
    assert_eq!((seen.heads().len(), asked.heads().len()), (1, 3));
    // Where it is said, this machine too.
    let said = signing(Proxies::all(Proxy::parse(&address.to_string()).unwrap()).loopback(true));
    get(said, &url("127.0.0.1")).await.unwrap();
    assert_eq!((seen.heads().len(), asked.heads().len()), (2, 3));
}

#[tokio::test]
async fn connections_to_a_proxy_are_used_again() {
    let (address, seen) = proxy(Manners::OPEN).await;
    let transport = signing(Proxies::all(bearer(address))).build().unwrap();
    for _ in 0..5 {
        let request = Request::get("http://account.blob.test/")
            .body(Body::empty())
            .unwrap();
        let response = transport.clone().oneshot(request).await.unwrap();
        response.into_body().collect(99).await.unwrap();
    }
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    assert_eq!(seen.heads().len(), 5);
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn rules_that_mean_nothing_are_named() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let _ = Proxies::none()
            .bypass("*wrong.example, right.example *.right.example 10.0.0.0/8:443 [fd00::]/8 *:1 ::1");
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for rule in ["\"*wrong.example\"", "\"10.0.0.0/8:443\"", "\"[fd00::]/8\""] {
        assert!(log.contains(&format!("rule={rule}")), "{rule} in {log}");
    }
    assert_eq!(log.matches("WARN").count(), 3, "{log}");
}

#[tokio::test]
async fn no_log_has_the_password_of_a_proxy() {
    let (address, seen) = proxy(Manners::WANTS_CREDENTIALS).await;
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || written.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let builder = signing(Proxies::all(bearer(address)));
    let mut shown = format!("{builder:?}");
    get(builder.clone(), "http://account.blob.test/c/b")
        .await
        .unwrap();
    shown.push_str(&format!(
        "{:?}",
        get(builder, "https://account.blob.test/c/b").await
    ));
    drop(guard);
    shown.push_str(&String::from_utf8(log.0.lock().unwrap().clone()).unwrap());
    assert!(shown.contains("hyper_util"), "{shown}");
    assert!(
        seen.heads()[0].contains("Basic bWFsbG9yeTpw"),
        "{:?}",
        seen.heads()
    );
    assert_discreet(&shown);
}

#[cfg(any(feature = "aws-lc-rs", feature = "ring"))]
mod tunnels {
    //! What goes through a proxy in TLS.

    use lazuli_transport::TransportBuilder;
    use rustls::version::{TLS12, TLS13};

    use super::*;
    use crate::boxes::{Seen, secure_proxy, socks};
    use crate::desk::{Authority, serve, speaking};

    struct Way {
        authority: Authority,
        service: std::net::SocketAddr,
        asked: std::sync::Arc<desk::Seen>,
    }

    async fn way() -> Way {
        let authority = Authority::new();
        let config = speaking(&authority.good("account.blob.test"), &[&TLS13, &TLS12], None);
        let (service, asked) = serve(config).await;
        Way {
            authority,
            service,
            asked,
        }
    }

    impl Way {
        fn client(&self, proxies: Proxies) -> TransportBuilder {
            signing(proxies).trust_only_pem(self.authority.root_pem())
        }

        fn url(&self) -> String {
            format!("https://account.blob.test:{}/c/b?comp=list", self.service.port())
        }

        /// The service was asked as if there were no proxy, and the proxy was told where to, and nothing else.
        fn assert_discreet(&self, seen: &Seen) {
            let asked = self.asked.requests.lock().unwrap();
            let (line, headers) = &asked[0];
            assert_eq!(line, "/c/b?comp=list");
            assert!(headers.contains_key("authorization") && headers.contains_key("x-ms-date"));
            assert!(!headers.contains_key("proxy-authorization"));
            let port = self.service.port();
            let heads = seen.heads();
            let expected = format!(
                "CONNECT account.blob.test:{port} HTTP/1.1\r\nHost: account.blob.test:{port}\r\nProxy-Authorization: Basic bWFsbG9yeTpwbGFudGVk\r\n\r\n"
            );
            assert_eq!(heads, [expected]);
            let signature = headers["authorization"].to_str().unwrap();
            let passed = seen.passed();
            assert!(passed.len() > 1000, "the tunnel was not used");
            for secret in [signature, "x-ms-", "uthorization", "comp=list"] {
                assert!(!passed.contains(secret), "{secret} went through in the open");
            }
        }
    }

    #[tokio::test]
    async fn https_goes_through_a_tunnel_that_the_proxy_cannot_look_into() {
        let way = way().await;
        let (address, seen) = proxy(Manners::WANTS_CREDENTIALS.leading_to(way.service)).await;
        let client = way.client(Proxies::all(bearer(address)));
        assert_eq!(get(client, &way.url()).await.unwrap(), "hello");
        way.assert_discreet(&seen);
    }

    #[tokio::test]
    async fn the_proxy_itself_can_speak_tls() {
        let way = way().await;
        let config = speaking(&way.authority.good("proxy.test"), &[&TLS13], None);
        let (address, seen) = secure_proxy(Manners::WANTS_CREDENTIALS.leading_to(way.service), config).await;
        let at = |host: &str| {
            let url = format!("https://{USER}:{PASSWORD}@{host}:{}", address.port());
            let client = way.client(Proxies::all(Proxy::parse(&url).unwrap()));
            client
                .resolve("proxy.test", [address])
                .resolve("other.test", [address])
        };
        assert_eq!(get(at("proxy.test"), &way.url()).await.unwrap(), "hello");
        way.assert_discreet(&seen);
        // To which its certificate must fit as well.
        let error = get(at("other.test"), &way.url()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        let text = error.to_string();
        assert!(
            text.contains("the proxy https://other.test:") && text.contains("for another name"),
            "{text}"
        );
        assert_discreet(&format!("{text} {error:?}"));
    }

    #[tokio::test]
    async fn socks_carries_tls_too() {
        let way = way().await;
        let (address, seen) = socks(way.service).await;
        let with = Proxy::parse(&format!("socks5://{USER}:{PASSWORD}@{address}")).unwrap();
        assert_eq!(
            get(way.client(Proxies::all(with)), &way.url()).await.unwrap(),
            "hello"
        );
        assert_eq!(
            seen.heads(),
            [format!("account.blob.test:{}", way.service.port())]
        );
    }

    #[tokio::test]
    async fn the_service_is_checked_through_the_tunnel() {
        let way = way().await;
        let (address, _) = proxy(Manners::OPEN.leading_to(way.service)).await;
        let client = way.client(Proxies::all(bearer(address)));
        let url = way.url().replace("account.blob", "impostor");
        let error = get(client, &url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        assert!(error.to_string().contains("for another name"), "{error}");
    }

    #[tokio::test]
    async fn answers_that_open_no_tunnel_are_told_apart() {
        let table = [
            (
                "HTTP/1.1 403 Forbidden\r\n\r\n",
                ErrorKind::Proxy,
                "answers 403, so it does not let",
            ),
            (
                "HTTP/1.1 502 Bad Gateway\r\n\r\n",
                ErrorKind::Connect,
                "answers 502, so it cannot",
            ),
            ("SSH-2.0-OpenSSH_9.9\r\n", ErrorKind::Proxy, "no HTTP"),
            ("HTTP/1.1 200", ErrorKind::Connect, "ended the connection"),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n",
                ErrorKind::Proxy,
                "answers 403, so it does not let",
            ),
            (
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                ErrorKind::Proxy,
                "answers 101",
            ),
            (
                "HTTP/1.1 100 Continue\r\n\r\n",
                ErrorKind::Connect,
                "ended the connection",
            ),
            (
                "HTTP/1.1 200 OK\r\n\r\n<html>",
                ErrorKind::Proxy,
                "says more than that there is a tunnel",
            ),
            ("", ErrorKind::Connect, "ended the connection"),
        ];
        for (answer, kind, reason) in table {
            let (address, _) = proxy(Manners::OPEN.answering(answer.to_owned())).await;
            let error = get(
                signing(Proxies::all(bearer(address))).trust_only_pem(Authority::new().root_pem()),
                "https://a.test/",
            )
            .await
            .unwrap_err();
            assert_eq!(error.kind(), kind, "{answer:?} {error:?}");
            assert!(error.to_string().contains(reason), "{answer:?} {error}");
            assert_discreet(&format!("{error} {error:?}"));
        }
        // An answer that never ends is not read for ever.
        let long = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(20_000));
        let many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000);
        for endless in [long, many] {
            let (address, _) = proxy(Manners::OPEN.answering(endless)).await;
            let client = signing(Proxies::all(bearer(address))).trust_only_pem(Authority::new().root_pem());
            let error = get(client, "https://a.test/").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Proxy, "{error:?}");
        }
    }

    #[tokio::test]
    async fn what_only_says_that_an_answer_will_come_is_passed_over() {
        let way = way().await;
        let announcing = Manners::OPEN
            .announcing("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
        let (address, _) = proxy(announcing.leading_to(way.service)).await;
        let client = way.client(Proxies::all(bearer(address)));
        assert_eq!(get(client, &way.url()).await.unwrap(), "hello");
    }
}

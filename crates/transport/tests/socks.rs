//! SOCKS 5: whom the proxy lets in, where it leads, and what it answers otherwise.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

mod boxes;

use std::sync::atomic::Ordering;

use boxes::{Manners, PASSWORD, USER, assert_discreet, get, parrot, proxy, signing, socks, socks_for};
use lazuli_transport::{ErrorKind, Proxies, Proxy};

#[tokio::test]
async fn socks_leads_to_the_host_by_its_name() {
    let (target, asked) = proxy(Manners::OPEN).await;
    let (address, seen) = socks(target).await;
    let with = Proxy::parse(&format!("socks5://{USER}:{PASSWORD}@{address}")).unwrap();
    let body = get(signing(Proxies::all(with)), "http://account.blob.test/c/b")
        .await
        .unwrap();
    assert_eq!(body, "from the proxy");
    // As to the service itself, and with nothing for a proxy.
    assert!(asked.heads()[0].starts_with("GET /c/b HTTP/1.1"));
    assert!(!asked.heads()[0].contains("proxy-authorization"));
    assert_eq!(seen.heads(), ["account.blob.test:80"]);
    let wrong = Proxy::parse(&format!("socks5://{USER}:wr0ng@{address}")).unwrap();
    let unknown = Proxy::parse(&format!("socks5://{address}")).unwrap();
    for (proxy, reason) in [
        (wrong, "refuses its user name and password"),
        (unknown, "wants to know who asks"),
    ] {
        let error = get(signing(Proxies::all(proxy)), "http://account.blob.test/").await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Proxy, "{error:?}");
        assert!(!error.is_retryable());
        let expected = format!("the proxy socks5://{address} {reason}");
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("wr0ng"));
    }
}

#[tokio::test]
async fn socks_can_let_everyone_in_and_lead_to_addresses() {
    let (target, _) = proxy(Manners::OPEN).await;
    let (address, seen) = socks_for(None, target).await;
    let nobody = Proxy::parse(&format!("socks5h://{address}")).unwrap();
    let someone = nobody.clone().credentials(USER, PASSWORD).unwrap();
    for proxy in [nobody, someone] {
        for url in [
            "http://account.blob.test:8080/",
            "http://10.0.0.1/",
            "http://[fd00::1]/",
        ] {
            let client = signing(Proxies::all(proxy.clone()));
            assert_eq!(get(client, url).await.unwrap(), "from the proxy");
        }
    }
    let asked = ["account.blob.test:8080", "10.0.0.1:80", "fd00::1:80"];
    assert_eq!(seen.heads(), [asked, asked].concat());
}

#[tokio::test]
async fn socks_takes_credentials_and_hosts_as_long_as_it_can_say() {
    let (target, _) = proxy(Manners::OPEN).await;
    for (user, password) in [(4, 240), (4, 255), (255, 255), (0, 0)] {
        let pair = ("u".repeat(user), "p".repeat(password));
        let (address, seen) = socks_for(Some(pair.clone()), target).await;
        let proxy = Proxy::parse(&format!("socks5://{address}")).unwrap();
        let proxies = Proxies::all(proxy.credentials(&pair.0, &pair.1).unwrap());
        let host = "a.".repeat(127);
        let url = |host: &str| format!("http://{host}/");
        assert_eq!(
            get(signing(proxies.clone()), &url(&host)).await.unwrap(),
            "from the proxy"
        );
        assert_eq!(seen.heads(), [format!("{host}:80")]);
        let error = get(signing(proxies), &url(&"a.".repeat(128))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Proxy, "{error:?}");
        assert!(
            error.to_string().contains("longer than SOCKS can say: 255 bytes"),
            "{error}"
        );
        assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn answers_of_socks_are_told_apart() {
    let refused = |code| vec![5, 2, 1, 0, 5, code, 0, 1, 0, 0, 0, 0, 0, 0];
    let table = [
        (refused(1), ErrorKind::Connect, "has failed"),
        (refused(2), ErrorKind::Proxy, "does not let this host through"),
        (refused(3), ErrorKind::Connect, "cannot reach the host's network"),
        (refused(4), ErrorKind::Connect, "cannot reach the host;"),
        (refused(5), ErrorKind::Connect, "is refused by the host"),
        (refused(6), ErrorKind::Connect, "does not get as far"),
        (refused(7), ErrorKind::Proxy, "makes no connections"),
        (refused(8), ErrorKind::Proxy, "does not know this kind of address"),
        (refused(0xF0), ErrorKind::Proxy, "answers 240"),
        // Cut short after the code.
        (
            vec![5, 2, 1, 0, 5, 2],
            ErrorKind::Proxy,
            "does not let this host through",
        ),
        (vec![5, 2, 1, 1], ErrorKind::Proxy, "refuses its user name"),
        (vec![5, 0xFF], ErrorKind::Proxy, "takes no user name"),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            ErrorKind::Proxy,
            "no SOCKS 5",
        ),
        (vec![5, 1], ErrorKind::Proxy, "no SOCKS 5"),
        (vec![5, 2, 1, 0, 4, 0], ErrorKind::Proxy, "no SOCKS 5"),
        (vec![5, 2, 1, 0, 5, 0, 0, 9], ErrorKind::Proxy, "no SOCKS 5"),
        (vec![], ErrorKind::Connect, "ended the connection"),
        (vec![5], ErrorKind::Connect, "ended the connection"),
        (vec![5, 2, 1], ErrorKind::Connect, "ended the connection"),
        (
            vec![5, 2, 1, 0, 5, 0, 0],
            ErrorKind::Connect,
            "ended the connection",
        ),
        (
            vec![5, 2, 1, 0, 5, 0, 0, 1, 7],
            ErrorKind::Connect,
            "ended the connection",
        ),
        (
            vec![5, 2, 1, 0, 5, 0, 0, 3, 255],
            ErrorKind::Connect,
            "ended the connection",
        ),
        (
            vec![5, 2, 1, 0, 5, 0, 0, 4, 0],
            ErrorKind::Connect,
            "ended the connection",
        ),
    ];
    for (says, kind, reason) in table {
        let address = parrot(says.clone(), b"").await;
        let proxy = Proxy::parse(&format!("socks5://{USER}:{PASSWORD}@{address}")).unwrap();
        let error = get(signing(Proxies::all(proxy)), "http://account.blob.test/").await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), kind, "{says:?} {error:?}");
        let expected = format!("the proxy socks5://{address} ");
        let text = error.to_string();
        assert!(
            text.contains(&expected) && text.contains(reason),
            "{says:?} {text}"
        );
        assert_discreet(&format!("{text} {error:?}"));
    }
    // Whatever kind of address it tells, and however slowly.
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    for told in [
        &[1, 127, 0, 0, 1, 0, 0][..],
        &[3, 3, b'a', b'b', b'c', 0, 0],
        &[3, 0, 0, 0],
        &[4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let says = [&[5, 0, 5, 0, 0][..], told].concat();
        let proxy = Proxy::parse(&format!("socks5://{}", parrot(says, answer).await)).unwrap();
        let client = signing(Proxies::all(proxy));
        assert_eq!(get(client, "http://account.blob.test/").await.unwrap(), "ok");
    }
}

#[tokio::test]
async fn a_socks_proxy_that_is_away_is_named() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let proxy = Proxy::parse(&format!("socks5://{USER}:{PASSWORD}@{gone}")).unwrap();
    let error = get(signing(Proxies::all(proxy)), "http://account.blob.test/").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    let expected = format!("the proxy socks5://{gone} cannot be reached");
    assert!(error.to_string().contains(&expected), "{error}");
}

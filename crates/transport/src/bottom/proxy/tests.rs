//! Which URL goes through which proxy, and that no secret of a proxy shows.

use http::Uri;

use super::*;
use crate::ErrorKind;

fn proxy() -> Proxy {
    Proxy::parse("http://p:3128").unwrap()
}

fn is_proxied(proxies: &Proxies, url: &str) -> bool {
    let url: Uri = url.parse().unwrap();
    proxies.of_url(&url).is_some()
}

#[test]
fn rules_name_hosts_that_no_proxy_is_for() {
    // The list, a URL, and whether it goes through the proxy.
    let table = [
        ("", "https://a.example", true),
        ("example.com", "https://example.com", false),
        ("example.com", "https://EXAMPLE.com.", false),
        ("example.com", "https://a.b.example.com", false),
        ("example.com", "https://notexample.com", true),
        ("example.com", "https://example.com.other", true),
        (".example.com", "https://a.example.com", false),
        (".example.com", "https://example.com", false),
        ("*.Example.com", "https://a.example.com", false),
        ("a, b c,d", "https://c", false),
        ("a,,b", "https://x", true),
        (".", "https://x", true),
        ("*", "https://anything.example", false),
        ("10.0.0.4", "https://10.0.0.4", false),
        ("10.0.0.4", "https://10.0.0.40", true),
        ("10.0.0.0/8", "https://10.200.0.1", false),
        ("10.0.0.0/8", "https://11.0.0.1", true),
        ("10.0.0.0/99", "https://10.0.0.1", true),
        ("10.0.0.0/8", "https://[::ffff:10.0.0.1]", false),
        ("fd00::/8", "https://[fd00::1]", false),
        ("fd00::1", "https://[fd00::1]:8443", false),
        ("[fd00::1]", "https://[fd00::1]", false),
        ("[fd00::1]:8443", "https://[fd00::1]:8443", false),
        ("[fd00::1]:8443", "https://[fd00::1]", true),
        ("example.com:8443", "https://example.com:8443", false),
        ("example.com:8443", "https://example.com", true),
        ("example.com:443", "https://example.com", false),
        ("example.com:80", "http://example.com", false),
        ("10.0.0.4:443", "https://10.0.0.4", false),
        ("10.0.0.4:443", "https://10.0.0.4:444", true),
        ("*:10000", "https://any.example:10000", false),
        ("*:10000", "https://any.example", true),
        ("::ffff:10.0.0.0/104", "https://10.1.2.3", false),
        ("::ffff:10.0.0.0/104", "https://[::ffff:10.1.2.3]", false),
        ("::ffff:10.0.0.0/104", "https://11.1.2.3", true),
        ("::ffff:10.0.0.4", "https://10.0.0.4", false),
        // What means nothing here, and nothing that it might be taken for.
        ("*example.com", "https://example.com", true),
        ("*example.com", "https://notexample.com", true),
        ("foo*", "https://foo", true),
        ("10.*", "https://10.0.0.1", true),
        ("[fd00::]/8", "https://[fd00::1]", true),
        ("10.0.0.0/8:443", "https://10.0.0.1", true),
        ("[::2]:x, a", "https://a", false),
    ];
    for (list, url, proxied) in table {
        let proxies = Proxies::all(proxy()).bypass(list);
        assert_eq!(is_proxied(&proxies, url), proxied, "{list:?} {url}");
    }
}

#[test]
fn this_machine_is_behind_no_proxy_unless_it_is_said() {
    let hosts = [
        "http://localhost:10000",
        "https://account.blob.localhost",
        "http://127.0.0.1:10000",
        "https://127.8.8.8",
        "http://[::1]:1",
    ];
    for url in hosts {
        assert!(!is_proxied(&Proxies::all(proxy()), url), "{url}");
        assert!(is_proxied(&Proxies::all(proxy()).loopback(true), url), "{url}");
    }
}

#[test]
fn the_own_link_is_behind_no_proxy_unless_it_is_said() {
    let hosts = [
        "http://169.254.169.254/metadata/identity",
        "https://[fe80::1]",
        "http://[::ffff:169.254.169.254]",
    ];
    for url in hosts {
        let proxies = || Proxies::all(proxy());
        assert!(!is_proxied(&proxies(), url), "{url}");
        assert!(!is_proxied(&proxies().loopback(true), url), "{url}");
        assert!(is_proxied(&proxies().link_local(true), url), "{url}");
    }
    assert!(is_proxied(&Proxies::all(proxy()), "http://169.255.0.1"));
}

#[test]
fn variables_are_read_as_other_programs_read_them() {
    let of = |variables: &[(&str, &str)]| Proxies::of(variables.iter().copied()).unwrap();
    let host = |proxies: &Proxies, url: &str| {
        let proxy = proxies.of_url(&url.parse().unwrap());
        proxy.map(|proxy| proxy.host().to_owned()).unwrap_or_default()
    };
    // Variables, then the proxy of http and the one of https.
    type Row = (
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
    );
    let table: &[Row] = &[
        (&[], "", ""),
        (&[("HTTPS_PROXY", "http://p")], "", "p"),
        (&[("https_proxy", "p:3128")], "", "p"),
        (&[("https_proxy", "l"), ("HTTPS_PROXY", "u")], "", "l"),
        (&[("https_proxy", ""), ("HTTPS_PROXY", "u")], "", "u"),
        (&[("HTTP_PROXY", "p")], "p", ""),
        (&[("HTTP_PROXY", "p"), ("REQUEST_METHOD", "GET")], "", ""),
        (&[("http_proxy", "p"), ("REQUEST_METHOD", "GET")], "", ""),
        (&[("HTTPS_PROXY", "p"), ("REQUEST_METHOD", "GET")], "", "p"),
        (&[("ALL_PROXY", "socks5://a")], "a", "a"),
        (&[("all_proxy", "a"), ("HTTPS_PROXY", "p")], "a", "p"),
        (&[("ALL_PROXY", "a"), ("NO_PROXY", "x.example")], "", ""),
        (
            &[("ALL_PROXY", "a"), ("NO_PROXY", "b"), ("no_proxy", "c")],
            "a",
            "a",
        ),
    ];
    for (variables, http, https) in table {
        let proxies = of(variables);
        assert_eq!(host(&proxies, "http://x.example"), *http, "{variables:?}");
        assert_eq!(host(&proxies, "https://x.example"), *https, "{variables:?}");
    }
    let error = Proxies::of([("HTTPS_PROXY", "http://me:planted@")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with("HTTPS_PROXY: the URL"), "{error}");
    assert!(!format!("{error} {error:?}").contains("planted"));
}

#[test]
fn the_url_of_a_proxy_is_taken_apart() {
    let table = [
        ("p", Manner::Plain, "http://p:80"),
        ("p:3128", Manner::Plain, "http://p:3128"),
        ("HTTP://p:3128/some/path", Manner::Plain, "http://p:3128"),
        ("Socks5://p", Manner::Socks, "socks5://p:1080"),
        ("https://p", Manner::Secure, "https://p:443"),
        (" socks5h://[fd00::1] ", Manner::Socks, "socks5h://[fd00::1]:1080"),
    ];
    for (url, manner, shown) in table {
        let proxy = Proxy::parse(url).unwrap();
        assert_eq!(
            (proxy.manner(), proxy.to_string().as_str()),
            (manner, shown),
            "{url}"
        );
        assert!(proxy.basic().is_none() && proxy.user_and_password().is_none());
    }
    for url in [
        "",
        "http://",
        "socks4://p",
        "gopher://p",
        "http://p:port",
        "p:",
        "http://u:p@",
        "http://a b",
        "/path",
    ] {
        let error = Proxy::parse(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}");
    }
}

#[test]
fn a_password_that_ends_the_host_too_early_is_not_taken_for_a_port() {
    for url in [
        "http://me:12#planted@p:3128",
        "http://me:12/planted@p:3128",
        "http://me:12?planted@p",
        "socks5://12345/planted@p",
        "me:12#planted@p",
        "planted/12@p:1",
    ] {
        let error = Proxy::parse(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{url}");
    }
    let encoded = Proxy::parse("http://me:12%23%2F%3F%40@p:3128").unwrap();
    assert_eq!(encoded.to_string(), "http://p:3128");
}

#[test]
fn credentials_are_decoded_and_do_not_show() {
    let proxy = Proxy::parse("http://Aladdin:open%20sesame@p").unwrap();
    assert_eq!(proxy.basic().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let socks = Proxy::parse("socks5://Aladdin:open%20sesame@p").unwrap();
    assert_eq!(socks.user_and_password(), Some(("Aladdin", "open sesame")));
    for proxy in [proxy, socks] {
        let errors = [proxy.wants_credentials(), proxy.unreachable()];
        let proxies = Proxies::all(proxy.clone());
        let shown = format!("{proxy} {proxy:?} {proxies:?} {errors:?}");
        for secret in ["sesame", "Aladdin", "QWxh"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    assert!(Proxy::parse("p").unwrap().credentials("a:b", "c").is_err());
    let long = "x".repeat(256);
    assert!(
        Proxy::parse("socks5://p")
            .unwrap()
            .credentials("a", &long)
            .is_err()
    );
}

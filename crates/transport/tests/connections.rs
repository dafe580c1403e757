//! Connections to servers of this process: how many there are, where they lead, and from where.
#![expect(
    clippy::unwrap_used,
    reason = "what helps a test may say what it expects, as the test itself may"
)]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use lazuli_protocol::{Body, OperationKind};
use lazuli_transport::{
    CircuitBreakerPolicy, CircuitBreakers, CircuitState, Error, ErrorKind, RetryPolicy, StallPolicy,
    Timeouts, Transport, TransportBuilder,
};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;
use tower::{ServiceExt as _, service_fn};

#[derive(Default)]
struct Counts {
    made: AtomicUsize,
    open: AtomicUsize,
    most: AtomicUsize,
    requests: AtomicUsize,
    peers: Mutex<Vec<IpAddr>>,
    queries: Mutex<Vec<String>>,
}

impl Counts {
    fn made(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }
}

/// Answers every request after a time, and never those for `/never`. Those for `/last` end their connection.
async fn serve(listener: TcpListener, time: Duration) -> Arc<Counts> {
    let counts = Arc::new(Counts::default());
    let kept = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let counts = Arc::clone(&kept);
            counts.made.fetch_add(1, Ordering::SeqCst);
            let open = counts.open.fetch_add(1, Ordering::SeqCst) + 1;
            counts.most.fetch_max(open, Ordering::SeqCst);
            counts.peers.lock().unwrap().push(peer.ip());
            tokio::spawn(async move {
                let (requests, queries) = (&counts.requests, &counts.queries);
                let service = service_fn(move |request: Request<Incoming>| {
                    requests.fetch_add(1, Ordering::SeqCst);
                    let query = request.uri().query().unwrap_or_default();
                    queries.lock().unwrap().push(query.to_owned());
                    async move {
                        if request.uri().path() == "/never" {
                            std::future::pending::<()>().await;
                        }
                        tokio::time::sleep(time).await;
                        let mut response = Response::builder();
                        if request.uri().path() == "/last" {
                            response = response.header("connection", "close");
                        }
                        response.body(Full::new(Bytes::from_static(b"hello")))
                    }
                });
                let served = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
                let _ = served.await;
                counts.open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    counts
}

async fn server(time: Duration) -> (SocketAddr, Arc<Counts>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (address, serve(listener, time).await)
}

fn once() -> TransportBuilder {
    Transport::builder().retry(RetryPolicy::never()).allow_http(true)
}

async fn get(transport: &Transport, url: String) -> Result<Bytes, Error> {
    let request = Request::get(url).body(Body::empty()).unwrap();
    let response = transport.clone().oneshot(request).await?;
    Ok(response.into_body().collect(99).await.unwrap())
}

/// Waits until something holds, which it soon does.
async fn soon(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

#[tokio::test]
async fn a_host_has_no_more_connections_than_it_may() {
    for path in ["", "last"] {
        let (address, counts) = server(Duration::from_millis(2)).await;
        let transport = once().most_connections_per_host(4).build().unwrap();
        let calls = (0..100).map(|_| get(&transport, format!("http://{address}/{path}")));
        for answer in join_all(calls).await {
            assert_eq!(answer.unwrap(), "hello");
        }
        assert_eq!(counts.requests.load(Ordering::SeqCst), 100);
        let most = counts.most.load(Ordering::SeqCst);
        assert!((1..=4).contains(&most), "{most} connections at once");
        match path {
            "last" => assert!(counts.made() >= 100),
            _ => assert!(counts.made() <= 4, "{} connections", counts.made()),
        }
    }
}

#[tokio::test]
async fn those_who_wait_are_served_in_order() {
    for path in ["", "last"] {
        let (address, counts) = server(Duration::from_millis(1)).await;
        let transport = once().most_connections_per_host(1).build().unwrap();
        let calls = (0..30).map(|number| get(&transport, format!("http://{address}/{path}?{number}")));
        join_all(calls)
            .await
            .into_iter()
            .for_each(|answer| assert_eq!(answer.unwrap(), "hello"));
        let expected: Vec<_> = (0..30).map(|number: u8| number.to_string()).collect();
        assert_eq!(*counts.queries.lock().unwrap(), expected, "{path}");
    }
}

#[tokio::test]
async fn hosts_have_their_own_places() {
    let (one, of_one) = server(Duration::from_millis(1)).await;
    let (two, of_two) = server(Duration::from_millis(1)).await;
    let transport = once().most_connections_per_host(1).build().unwrap();
    let stuck = tokio::spawn({
        let transport = transport.clone();
        async move { get(&transport, format!("http://{one}/never")).await }
    });
    soon("the first arrives", || {
        of_one.requests.load(Ordering::SeqCst) == 1
    })
    .await;
    get(&transport, format!("http://{two}/")).await.unwrap();
    assert_eq!((of_one.made(), of_two.made()), (1, 1));
    stuck.abort();
}

#[tokio::test]
async fn a_wait_for_a_place_is_no_failure_of_the_host() {
    let (address, counts) = server(Duration::ZERO).await;
    let breakers = CircuitBreakers::default();
    let timeouts = Timeouts::default().with(OperationKind::LargeRead, Some(Duration::from_millis(200)));
    let transport = once()
        .most_connections_per_host(1)
        .timeouts(timeouts)
        .circuit_breaker(breakers.clone())
        .build()
        .unwrap();
    let url = format!("http://{address}/");
    // A small read has more time than the others, and keeps the only connection.
    let head = Request::head(format!("{url}never")).body(Body::empty()).unwrap();
    let held = tokio::spawn(transport.clone().oneshot(head));
    soon("the first arrives", || {
        counts.requests.load(Ordering::SeqCst) == 1
    })
    .await;
    let calls = (0..8).map(|_| get(&transport, url.clone()));
    for answer in join_all(calls).await {
        let error = answer.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Timeout, 0),
            "{error}"
        );
        assert!(error.to_string().contains("most_connections_per_host"), "{error}");
    }
    assert_eq!(breakers.state(&url.parse().unwrap()), CircuitState::Closed);
    held.abort();
    assert_eq!(get(&transport, url).await.unwrap(), "hello");
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_try_that_got_its_place_late_does_not_blame_the_host() {
    let (address, counts) = server(Duration::ZERO).await;
    let breakers = CircuitBreakers::new(CircuitBreakerPolicy::default().failures(1));
    let timeouts = Timeouts::default().with(OperationKind::LargeRead, Some(Duration::from_millis(600)));
    let transport = once()
        .most_connections_per_host(1)
        .timeouts(timeouts)
        .circuit_breaker(breakers.clone())
        .build()
        .unwrap();
    let url = format!("http://{address}/never");
    let state = || breakers.state(&url.parse().unwrap());
    let requests = |number| counts.requests.load(Ordering::SeqCst) == number;
    let head = Request::head(&url).body(Body::empty()).unwrap();
    let held = tokio::spawn(transport.clone().oneshot(head));
    soon("the first arrives", || requests(1)).await;
    let late = tokio::spawn({
        let (transport, url) = (transport.clone(), url.clone());
        async move { get(&transport, url).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    held.abort();
    soon("the second arrives", || requests(2)).await;
    let error = late.await.unwrap().unwrap_err();
    // It was sent, and may have arrived.
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert_eq!(state(), CircuitState::Closed, "{error}");
    // One that has all of its time on a connection does.
    soon("the place is free", || counts.open.load(Ordering::SeqCst) == 0).await;
    assert!(get(&transport, url.clone()).await.unwrap_err().is_timeout());
    assert_eq!(state(), CircuitState::Open);
}

#[tokio::test]
async fn an_upload_that_waits_for_a_place_is_no_stall() {
    let (address, counts) = server(Duration::ZERO).await;
    let transport = once()
        .most_connections_per_host(1)
        .stall(StallPolicy::new(1024, Duration::from_millis(100)))
        .build()
        .unwrap();
    let held = tokio::spawn({
        let (transport, url) = (transport.clone(), format!("http://{address}/never"));
        async move { get(&transport, url).await }
    });
    soon("the first arrives", || {
        counts.requests.load(Ordering::SeqCst) == 1
    })
    .await;
    let upload = Request::put(format!("http://{address}/")).body(Body::from("hello"));
    let upload = tokio::spawn(transport.oneshot(upload.unwrap()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!upload.is_finished(), "it waits");
    held.abort();
    assert_eq!(upload.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_call_that_is_dropped_frees_its_place_and_leaves_the_line() {
    let (address, counts) = server(Duration::ZERO).await;
    let transport = once().most_connections_per_host(1).build().unwrap();
    let call = |path: &str| {
        let (transport, url) = (transport.clone(), format!("http://{address}/{path}"));
        tokio::spawn(async move { get(&transport, url).await })
    };
    let stuck = call("never");
    soon("the first arrives", || {
        counts.requests.load(Ordering::SeqCst) == 1
    })
    .await;
    let before = tasks();
    let waiting: Vec<_> = (0..20).map(|_| call("")).collect();
    let last = call("");
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(counts.made(), 1, "nobody has passed the first");
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    soon("those who wait are gone", || tasks() <= before + 1).await;
    stuck.abort();
    assert_eq!(last.await.unwrap().unwrap(), "hello");
    assert_eq!(counts.most.load(Ordering::SeqCst), 1);
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn waits_for_places_do_not_pile_up() {
    let (address, counts) = server(Duration::ZERO).await;
    let transport = once().most_connections_per_host(2).build().unwrap();
    let before = tasks();
    for _ in 0..20 {
        let calls = (0..50).map(|_| get(&transport, format!("http://{address}/")));
        join_all(calls)
            .await
            .into_iter()
            .for_each(|answer| assert_eq!(answer.unwrap(), "hello"));
    }
    // Two connections with a task at either end, and the one that looks after idle ones.
    soon("only connections are left", || tasks() <= before + 5).await;
    assert!(counts.made() <= 2, "{} connections", counts.made());
    drop(transport);
    soon("they go with the transport", || {
        tasks() <= before && counts.open.load(Ordering::SeqCst) == 0
    })
    .await;
}

#[test]
fn no_place_at_all_is_a_mistake() {
    let error = once().most_connections_per_host(0).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        error.to_string().starts_with("most_connections_per_host is 0"),
        "{error}"
    );
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_call_as_long_as_it_may() {
    let (address, counts) = server(Duration::ZERO).await;
    let kept = once().build().unwrap();
    for _ in 0..5 {
        get(&kept, format!("http://{address}/")).await.unwrap();
    }
    assert_eq!(counts.made(), 1);
    let none_kept = once().most_idle_connections_per_host(0).build().unwrap();
    for _ in 0..5 {
        get(&none_kept, format!("http://{address}/")).await.unwrap();
    }
    assert_eq!(counts.made(), 6);
    let briefly = once().idle_time(Duration::from_millis(50)).build().unwrap();
    get(&briefly, format!("http://{address}/")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(120)).await;
    get(&briefly, format!("http://{address}/")).await.unwrap();
    assert_eq!(counts.made(), 8);
}

#[tokio::test]
async fn names_lead_where_the_caller_says() {
    let (address, counts) = server(Duration::ZERO).await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    let transport = once()
        .resolve("Known.test", [address])
        .resolver(move |name| {
            heard.lock().unwrap().push(name.clone());
            async move {
                match name.as_str() {
                    "asked.test" => Ok(vec![address]),
                    _ => Err("nobody knows it".into()),
                }
            }
        })
        .build()
        .unwrap();
    // A port in the URL goes before the address's.
    let port = address.port();
    for url in [
        "http://known.TEST./".into(),
        format!("http://known.test:{port}/"),
        "http://asked.test/".into(),
    ] {
        assert_eq!(get(&transport, url).await.unwrap(), "hello");
    }
    get(&transport, format!("http://localhost:{port}/"))
        .await
        .unwrap();
    get(&transport, format!("http://account.blob.localhost:{port}/"))
        .await
        .unwrap();
    assert_eq!(*asked.lock().unwrap(), ["asked.test"]);
    assert_eq!(counts.requests.load(Ordering::SeqCst), 5);
    let error = get(&transport, "http://unknown.test/".into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert!(format!("{error:?}").contains("nobody knows it"), "{error:?}");
    let nowhere = once().resolve("empty.test", []).build().unwrap();
    assert_eq!(
        get(&nowhere, "http://empty.test/".into())
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Connect
    );
}

#[test]
fn localhost_leads_nowhere_else() {
    let elsewhere = SocketAddr::from(([10, 0, 0, 1], 0));
    for name in ["localhost", "account.blob.LOCALHOST"] {
        let error = once().resolve(name, [elsewhere]).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains("always leads to this machine"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn times_can_be_as_long_as_can_be_said() {
    let (address, counts) = server(Duration::ZERO).await;
    for long in [Duration::MAX, Duration::from_secs(u64::MAX / 2)] {
        let transport = once()
            .connect_timeout(long)
            .happy_eyeballs_delay(long)
            .idle_time(long)
            .tcp_keepalive(Some(long))
            .build()
            .unwrap();
        let before = counts.made();
        for _ in 0..3 {
            get(&transport, format!("http://{address}/")).await.unwrap();
            // The pool looks after its idle connections, in a task of its own.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(counts.made(), before + 1, "{long:?}");
    }
}

/// A listener whose queue is full, so that the system lets those who connect wait; and what fills it.
async fn silent(address: SocketAddr) -> (TcpListener, Vec<TcpStream>) {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let socket = socket.unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut filling = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(150), TcpStream::connect(address)).await {
            Ok(stream) => filling.push(stream.unwrap()),
            Err(_) => return (listener, filling),
        }
        assert!(filling.len() < 99, "the queue never fills");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_never_answers_is_overtaken_by_the_other_kind() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        // Without IPv6 there is no other kind.
        return;
    }
    let (listener, _filling) = silent("[::1]:0".parse().unwrap()).await;
    let silent = listener.local_addr().unwrap();
    let (answering, counts) = server(Duration::ZERO).await;
    let slow = Duration::from_millis(400);
    for (delay, at_least, at_most) in [(None, 240, 1_500), (Some(slow), 390, 1_500)] {
        let mut builder = once().resolve("both.test", [silent, answering]);
        if let Some(delay) = delay {
            builder = builder.happy_eyeballs_delay(delay);
        }
        let transport = builder.build().unwrap();
        let begun = Instant::now();
        assert_eq!(
            get(&transport, "http://both.test/".into()).await.unwrap(),
            "hello"
        );
        let taken = begun.elapsed().as_millis();
        assert!((at_least..at_most).contains(&taken), "{delay:?}: {taken} ms");
    }
    assert_eq!(counts.made(), 2);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_never_answers_leaves_time_for_the_next() {
    let (listener, _filling) = silent("127.0.0.1:0".parse().unwrap()).await;
    let silent = listener.local_addr().unwrap();
    let (answering, _) = server(Duration::ZERO).await;
    let transport = once()
        .resolve("two.test", [silent, answering])
        .connect_timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    assert_eq!(get(&transport, "http://two.test/".into()).await.unwrap(), "hello");
}

#[tokio::test]
async fn an_address_that_refuses_leads_to_the_next_at_once() {
    // Nobody listens there, and without IPv6 it is not there at all.
    let refusing = "[::1]:1".parse().unwrap();
    let (answering, _) = server(Duration::ZERO).await;
    let transport = once()
        .resolve("both.test", [refusing, answering])
        .happy_eyeballs_delay(Duration::from_secs(4))
        .build()
        .unwrap();
    let begun = Instant::now();
    assert_eq!(
        get(&transport, "http://both.test/".into()).await.unwrap(),
        "hello"
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

// All of 127.0.0.0/8 is this machine there without further ado.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_start_from_the_address_that_is_said() {
    let (address, counts) = server(Duration::ZERO).await;
    let from = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    let transport = once().local_address(from).build().unwrap();
    get(&transport, format!("http://{address}/")).await.unwrap();
    assert_eq!(*counts.peers.lock().unwrap(), [from]);
}

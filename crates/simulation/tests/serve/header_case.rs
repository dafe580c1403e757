//! The case of metadata's names, over a socket.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt as _, Full};
use lazuli_simulation::MetadataCase;
use lazuli_simulation::serve::{RequestBody, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::rig::Call;
use crate::{Running, run};

/// What is in the bodies, to be taken for nothing else.
const BODY: &str =
    "PUT /box/b HTTP/1.1\r\nx-ms-meta-uSERiD: 1\r\n\r\nHTTP/1.1 200 OK\r\nx-ms-meta-userid: 1\r\n\r\n";

impl Running {
    /// A signed request with these names of metadata, after which the connection stays open. They are signed in lower case, as they
    /// always are.
    fn cased(&self, call: Call<'_>, names: &[&str]) -> Vec<u8> {
        let call = names
            .iter()
            .fold(call, |call, name| call.header(&format!("x-ms-meta-{name}"), "v"));
        let mut head = String::from_utf8(self.wire(call)).unwrap();
        for name in names {
            let signed = format!("x-ms-meta-{}:", name.to_ascii_lowercase());
            assert!(head.contains(&signed), "{head}");
            head = head.replace(&signed, &format!("X-Ms-Meta-{name}:"));
        }
        head.replace("connection: close\r\n", "").into_bytes()
    }

    fn put(&self, path: &str, names: &[&str]) -> Vec<u8> {
        let put = self.rig.put(path, BODY).header("x-ms-blob-type", "BlockBlob");
        [self.cased(put, names), BODY.into()].concat()
    }

    fn get(&self, path: &str) -> Vec<u8> {
        self.cased(self.rig.get(path).without("content-length"), &[])
    }

    fn head(&self, path: &str) -> Vec<u8> {
        self.cased(self.rig.head(path).without("content-length"), &[])
    }

    /// The request that ends a connection.
    fn last(&self) -> Vec<u8> {
        self.wire(self.rig.head("/?comp=list").without("content-length"))
    }
}

/// The names of metadata in everything that came.
fn names(answers: &str) -> Vec<&str> {
    let lines = answers.split("\r\n").filter(|line| line.ends_with(": v"));
    lines
        .filter_map(|line| line.strip_prefix("x-ms-meta-")?.strip_suffix(": v"))
        .collect()
}

#[tokio::test]
async fn names_leave_as_they_came() {
    let running = run().await;
    let made = running.cased(running.rig.put("/box?restype=container", ""), &["OwnerTeam", "b"]);
    let exchanges = [
        made,
        running.get("/box?restype=container"),
        running.get("/?comp=list&include=metadata"),
        running.put("/box/b", &["UserId", "color"]),
        running.head("/box/b"),
        running.get("/box/b"),
        running.get("/box/b?comp=metadata"),
        running.get("/box?restype=container&comp=list&include=metadata"),
        running.last(),
    ];
    let answers = running.talk(&exchanges.concat()).await;
    let both = ["color", "UserId"].repeat(3);
    assert_eq!(
        names(&answers),
        [vec!["b", "OwnerTeam"], both].concat(),
        "{answers}"
    );
    assert_eq!(answers.matches(BODY).count(), 1, "{answers}");
    for listed in [
        "<Metadata><b>v</b><OwnerTeam>v</OwnerTeam></Metadata>",
        "<Metadata><color>v</color><UserId>v</UserId></Metadata>",
    ] {
        assert!(answers.contains(listed), "{answers}");
    }
}

/// Requests that come together are answered together, and each has names of its own. However their bytes are cut, the answers are the same.
#[tokio::test]
async fn each_request_of_a_connection_has_its_own_names() {
    let running = run().await;
    running.rig.make_container("box").await;
    let cases = ["userid", "UserId", "USERID", "uSERiD"];
    let mut sent = Vec::new();
    for name in cases {
        sent.extend(running.put("/box/b", &[name]));
        sent.extend(running.head("/box/b"));
        // Refused, with names that nobody keeps.
        sent.extend(running.cased(
            running.rig.put("/none?comp=metadata&restype=container", ""),
            &["UsErId"],
        ));
        sent.extend(running.get("/box/b"));
    }
    sent.extend(running.last());
    let expected = cases.map(|name| [name; 2]).concat();
    for cut in [usize::MAX, 1000, 7, 1] {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut read, mut write) = stream.split();
        let send = async {
            for piece in sent.chunks(cut.min(sent.len())) {
                write.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        let mut answers = String::new();
        let (_, read) = tokio::join!(send, read.read_to_string(&mut answers));
        read.unwrap();
        assert_eq!(names(&answers), expected, "in pieces of {cut}: {answers}");
        assert_eq!(answers.matches(BODY).count(), cases.len());
    }
}

#[tokio::test]
async fn an_answer_that_hyper_gives_by_itself_has_no_names() {
    let running = run().await;
    running.rig.make_container("box").await;
    let requests = [
        running.put("/box/b", &["UserId"]),
        running.head("/box/b"),
        b"GET / HTTP/1.1\r\nx-ms-meta-UserId: 1\r\nbad header\r\n\r\n".to_vec(),
        running.head("/box/b"),
    ];
    let answers = running.talk(&requests.concat()).await;
    assert_eq!(names(&answers), ["UserId"]);
    assert!(
        answers.contains("\r\n\r\nHTTP/1.1 400 Bad Request\r\n"),
        "{answers}"
    );
}

/// Starts a server whose answers have the metadata and the body of the request, and say how many names it was told of.
async fn mirror() -> SocketAddr {
    let service = tower::service_fn(|request: Request<RequestBody>| async move {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let mut answer = Response::new(Full::<Bytes>::new(body));
        let metadata = parts
            .headers
            .iter()
            .filter(|(name, _)| name.as_str().starts_with("x-ms-meta-"));
        let metadata = metadata.map(|(name, value)| (name.clone(), value.clone()));
        *answer.headers_mut() = metadata.collect::<HeaderMap>();
        if let Some(case) = parts.extensions.get::<MetadataCase>() {
            answer.extensions_mut().insert(case.clone());
        }
        Ok::<_, Infallible>(answer)
    });
    let server = Server::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let address = server.local_addr();
    tokio::spawn(server.run(service, std::future::pending::<()>()));
    address
}

#[tokio::test]
async fn bodies_of_every_form_pass_between_the_names() {
    let address = mirror().await;
    let chunk = format!("{:x}\r\n{BODY}\r\n", BODY.len());
    let trailers = "x-ms-meta-uSERiD: 1\r\n";
    let requests = [
        format!(
            "PUT / HTTP/1.1\r\nhost: a\r\nX-MS-META-UserId: v\r\ntransfer-encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n{trailers}\r\n"
        ),
        "HEAD / HTTP/1.1\r\nhost: a\r\nx-ms-meta-UserID: v\r\n\r\n".to_owned(),
        format!(
            "PUT / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: {}\r\nx-ms-meta-USERid: v\r\n\r\n{BODY}",
            BODY.len()
        ),
        "GET / HTTP/1.1\r\nhost: a\r\nupgrade: h2c\r\nconnection: upgrade\r\nx-ms-meta-userID: v\r\n\r\n"
            .to_owned(),
        "GET / HTTP/1.0\r\nX-Ms-Meta-usERid: v\r\n\r\n".to_owned(),
    ];
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(requests.concat().as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    assert_eq!(
        names(&answers),
        ["UserId", "UserID", "USERid", "userID", "usERid"],
        "{answers}"
    );
    assert_eq!(answers.matches(BODY).count(), 3);
    assert!(answers.contains("HTTP/1.1 100 Continue\r\n\r\n"), "{answers}");
}

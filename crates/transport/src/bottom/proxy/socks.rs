//! A way through a SOCKS 5 proxy (RFC 1928), with a user name and a password (RFC 1929) where it wants them. The proxy is told the host's
//! name, the port and its own credentials, and nothing of the request.

use std::net::IpAddr;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use zeroize::Zeroizing;

use super::super::connector::port_of;
use super::super::link::Io;
use super::Proxy;
use crate::{Error, ErrorKind};

const VERSION: u8 = 5;
const AS_NOBODY: u8 = 0;
const WITH_PASSWORD: u8 = 2;
const NEITHER: u8 = 0xFF;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// What a proxy answers when it opens no way, and whether another try may fare better.
const REFUSALS: &[(u8, ErrorKind, &str)] = &[
    (1, ErrorKind::Connect, "has failed; try again later"),
    (
        2,
        ErrorKind::Proxy,
        "does not let this host through; ask who runs it",
    ),
    (
        3,
        ErrorKind::Connect,
        "cannot reach the host's network; check the host's name, or try again later",
    ),
    (
        4,
        ErrorKind::Connect,
        "cannot reach the host; check its name, or try again later",
    ),
    (
        5,
        ErrorKind::Connect,
        "is refused by the host; check its port, or try again later",
    ),
    (
        6,
        ErrorKind::Connect,
        "does not get as far as the host; check its name, or try again later",
    ),
    (
        7,
        ErrorKind::Proxy,
        "makes no connections for others; use another",
    ),
    (
        8,
        ErrorKind::Proxy,
        "does not know this kind of address; name the host another way",
    ),
];

/// What a proxy is asked for, once it knows who asks.
///
/// # Errors
/// [`Proxy`](ErrorKind::Proxy) for a host that cannot be said: there is a byte for the length of its name.
pub(crate) fn request(proxy: &Proxy, to: &Uri) -> Result<Vec<u8>, Error> {
    let host = to.host().unwrap_or_default();
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let bare = bare.unwrap_or(host);
    let mut request = vec![VERSION, CONNECT, 0];
    match bare.parse() {
        Ok(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.octets());
        }
        Err(_) => {
            request.push(NAME);
            let what = "cannot be asked for this host, whose name is longer than SOCKS can say: 255 bytes";
            counted(&mut request, bare).ok_or_else(|| proxy.error(ErrorKind::Proxy, what))?;
        }
    }
    request.extend(port_of(to).to_be_bytes());
    Ok(request)
}

/// Adds a text after its length.
fn counted(message: &mut Vec<u8>, text: &str) -> Option<()> {
    message.push(u8::try_from(text.len()).ok()?);
    message.extend(text.as_bytes());
    Some(())
}

/// Has the proxy at the other end open the way.
///
/// # Errors
/// [`Proxy`](ErrorKind::Proxy) when it refuses or is no SOCKS proxy, [`Connect`](ErrorKind::Connect) when it or the way behind it is broken.
pub(crate) async fn open<T: Io>(io: T, proxy: &Proxy, request: &[u8]) -> Result<T, Error> {
    let mut talk = Talk {
        io: TokioIo::new(io),
        proxy,
    };
    let credentials = proxy.user_and_password();
    let methods: &[u8] = match credentials {
        Some(_) => &[VERSION, 2, WITH_PASSWORD, AS_NOBODY],
        None => &[VERSION, 1, AS_NOBODY],
    };
    talk.say(methods).await?;
    match (talk.hear().await?, credentials) {
        ([VERSION, AS_NOBODY], _) => {}
        ([VERSION, WITH_PASSWORD], Some(pair)) => talk.introduce(pair).await?,
        ([VERSION, NEITHER], None) => {
            let what = "wants to know who asks; put a user name and a password in its URL, as in socks5://user:password@host";
            return Err(proxy.error(ErrorKind::Proxy, what));
        }
        ([VERSION, NEITHER], Some(_)) => {
            let what = "takes no user name and password; ask who runs it how it knows who asks";
            return Err(proxy.error(ErrorKind::Proxy, what));
        }
        _ => return Err(no_socks(proxy)),
    }
    talk.say(request).await?;
    talk.is_let_through().await?;
    Ok(talk.io.into_inner())
}

struct Talk<'a, T> {
    io: TokioIo<T>,
    proxy: &'a Proxy,
}

impl<T: Io> Talk<'_, T> {
    async fn introduce(&mut self, (user, password): (&str, &str)) -> Result<(), Error> {
        // As long as it can be, so that no copy of it is left behind.
        let mut message = Zeroizing::new(Vec::with_capacity(3 + 2 * usize::from(u8::MAX)));
        message.push(1);
        let said = counted(&mut message, user).and_then(|()| counted(&mut message, password));
        let too_long = "cannot be told a user name or a password of more than 255 bytes; use shorter ones";
        said.ok_or_else(|| self.proxy.error(ErrorKind::Proxy, too_long))?;
        self.say(&message).await?;
        match self.hear().await? {
            [_, 0] => Ok(()),
            _ => {
                let what = "refuses its user name and password; check those in its URL";
                Err(self.proxy.error(ErrorKind::Proxy, what))
            }
        }
    }

    async fn is_let_through(&mut self) -> Result<(), Error> {
        match self.hear().await? {
            [VERSION, 0] => {}
            [VERSION, code] => return Err(refusal(self.proxy, code)),
            _ => return Err(no_socks(self.proxy)),
        }
        // Where the connection starts from: of no interest, but it must be read.
        let [_, kind] = self.hear().await?;
        match kind {
            IPV4 => self.hear().await.map(|_: [u8; 4 + 2]| ()),
            IPV6 => self.hear().await.map(|_: [u8; 16 + 2]| ()),
            NAME => {
                let [length] = self.hear().await?;
                let mut rest = vec![0; usize::from(length) + 2];
                self.fill(&mut rest).await
            }
            _ => Err(no_socks(self.proxy)),
        }
    }

    async fn say(&mut self, message: &[u8]) -> Result<(), Error> {
        let broke_off = |error| broke_off(self.proxy).because(error);
        self.io.write_all(message).await.map_err(broke_off)?;
        self.io.flush().await.map_err(broke_off)
    }

    async fn hear<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Error> {
        let mut heard = [0; LENGTH];
        self.fill(&mut heard).await?;
        Ok(heard)
    }

    async fn fill(&mut self, rest: &mut [u8]) -> Result<(), Error> {
        let read = self.io.read_exact(rest).await;
        read.map(drop)
            .map_err(|error| broke_off(self.proxy).because(error))
    }
}

fn refusal(proxy: &Proxy, code: u8) -> Error {
    match REFUSALS.iter().find(|(known, ..)| *known == code) {
        Some((_, kind, what)) => proxy.error(*kind, what),
        None => proxy.error(
            ErrorKind::Proxy,
            &format!("answers {code}, so it does not let this host through; ask who runs it"),
        ),
    }
}

fn no_socks(proxy: &Proxy) -> Error {
    let what = "answers with something that is no SOCKS 5; check its address and its port";
    proxy.error(ErrorKind::Proxy, what)
}

fn broke_off(proxy: &Proxy) -> Error {
    proxy.error(
        ErrorKind::Connect,
        "ended the connection before there was a way through it; check its address and its port",
    )
}

//! One connection as hyper sees it, whatever it goes through.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};

use super::patience::Patience;
use super::places::Place;

/// What bytes go over: TCP, TLS, or one in the other.
pub(crate) trait Io: Read + Write + Send + Unpin {}

impl<T: Read + Write + Send + Unpin> Io for T {}

/// A connection, ready for requests. Its place among those of its host is free again once it is closed.
pub(crate) struct Link {
    io: Box<dyn Io>,
    // The other end is a proxy, which must be told the whole URL.
    tells_all: bool,
    patience: Patience,
    _place: Option<Place>,
}

impl Link {
    /// To the service itself, be it through a tunnel.
    pub(super) fn to_service(io: Box<dyn Io>) -> Self {
        Self {
            io,
            tells_all: false,
            patience: Patience::of(Duration::MAX),
            _place: None,
        }
    }

    /// To a proxy that reads the requests.
    pub(super) fn to_proxy(io: Box<dyn Io>) -> Self {
        Self {
            tells_all: true,
            ..Self::to_service(io)
        }
    }

    pub(super) fn at(mut self, place: Option<Place>) -> Self {
        self._place = place;
        self
    }

    /// Waits no longer than this for the other side to take anything, and not at all once the call on it is given up.
    pub(super) fn waiting(mut self, longest: Duration) -> Self {
        self.patience = Patience::of(longest);
        self
    }

    fn write<T>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut dyn Io>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let Self { io, patience, .. } = self.get_mut();
        let outcome = write(Pin::new(&mut **io), cx);
        patience.with(cx, outcome)
    }
}

impl Connection for Link {
    fn connected(&self) -> Connected {
        Connected::new()
            .proxy(self.tells_all)
            .extra(self.patience.given_up().clone())
    }
}

impl Read for Link {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().io).poll_read(cx, buffer)
    }
}

impl Write for Link {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(cx, |io, cx| io.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(cx, |io, cx| io.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(cx, |io, cx| io.poll_shutdown(cx))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(cx, |io, cx| io.poll_write_vectored(cx, slices))
    }
}

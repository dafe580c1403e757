//! The floor: the client of hyper-util, as anybody would set it up.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Empty;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::client::{Client, Reading, count};
use crate::server::Blob;

/// hyper, and nothing above it.
pub struct Bare {
    address: SocketAddr,
    client: Hyper<HttpConnector, Empty<Bytes>>,
}

impl Bare {
    pub fn new(address: SocketAddr) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        Self {
            address,
            client: Hyper::builder(TokioExecutor::new()).build(tcp),
        }
    }
}

impl Client for Bare {
    fn read(&mut self, blob: Blob) -> Reading<'_> {
        Box::pin(async move {
            let uri: Uri = blob.url(self.address).parse()?;
            let request = Request::get(uri).body(Empty::new())?;
            count(self.client.request(request).await?.into_body()).await
        })
    }
}

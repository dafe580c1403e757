//! The floor: the bare client of hyper-util, which reads the pages and looks at nothing but the marker.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::contestant::{Contestant, Listing};
use crate::pages::{ENTRIES, SIZE, next};

/// hyper, and nothing above it.
pub struct Floor {
    address: SocketAddr,
    client: Hyper<HttpConnector, Empty<Bytes>>,
}

impl Floor {
    pub fn new(address: SocketAddr) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        Self {
            address,
            client: Hyper::builder(TokioExecutor::new()).build(tcp),
        }
    }
}

impl Contestant for Floor {
    fn name(&self) -> &'static str {
        "hyper, reading only"
    }

    fn list(&mut self) -> Listing<'_> {
        Box::pin(async move {
            let mut page = Some(0);
            while let Some(at) = page {
                let url = format!(
                    "http://{}/devstoreaccount1/box?restype=container&comp=list&marker={at}",
                    self.address
                );
                let request = Request::get(url.parse::<Uri>()?).body(Empty::new())?;
                let mut body = self.client.request(request).await?.into_body();
                while let Some(frame) = body.frame().await {
                    frame?;
                }
                page = next(at);
            }
            Ok((ENTRIES, ENTRIES as u64 * SIZE))
        })
    }
}

//! The default stack over hyper, with a key to sign with.

use std::error::Error;
use std::net::SocketAddr;

use http::Request;
use lazuli_protocol::{Body, OperationInfo, OperationKind};
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_transport::{Transport, TransportBuilder};
use tower::ServiceExt as _;

use crate::client::{Client, Reading, count};
use crate::server::Blob;

/// The whole default stack.
pub struct Stack {
    address: SocketAddr,
    transport: Transport,
}

impl Stack {
    pub fn new(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let transport = builder()?.build()?;
        Ok(Self { address, transport })
    }
}

/// Nothing is chosen but the key.
pub fn builder() -> Result<TransportBuilder, Box<dyn Error>> {
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
    Ok(Transport::builder().credential(key))
}

/// What the client for blobs sends.
pub fn request(url: &str) -> Result<Request<Body>, http::Error> {
    let info = OperationInfo::blob("GetBlob", OperationKind::LargeRead);
    Request::get(url).extension(info).body(Body::empty())
}

impl Client for Stack {
    fn read(&mut self, blob: Blob) -> Reading<'_> {
        Box::pin(async move {
            let request = request(&blob.url(self.address))?;
            count(self.transport.clone().oneshot(request).await?.into_body()).await
        })
    }
}

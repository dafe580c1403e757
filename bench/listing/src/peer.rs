//! The peer: object_store, with a key.

use std::error::Error;
use std::net::SocketAddr;

use futures_util::TryStreamExt as _;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::{ClientOptions, ObjectStore as _};

use crate::contestant::{Contestant, Listing};

/// object_store's client for Blob Storage.
pub struct Peer(MicrosoftAzure);

impl Peer {
    pub fn new(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let options = ClientOptions::new().with_allow_http(true).with_timeout_disabled();
        let store = MicrosoftAzureBuilder::new()
            .with_account("devstoreaccount1")
            .with_access_key(
                "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
            )
            .with_container_name("box")
            .with_endpoint(format!("http://{address}/devstoreaccount1"))
            .with_allow_http(true)
            .with_client_options(options)
            .build()?;
        Ok(Self(store))
    }
}

impl Contestant for Peer {
    fn name(&self) -> &'static str {
        "object_store"
    }

    fn list(&mut self) -> Listing<'_> {
        Box::pin(async move {
            let mut items = self.0.list(None);
            let (mut entries, mut bytes) = (0, 0);
            while let Some(entry) = items.try_next().await? {
                entries += 1;
                bytes += entry.size;
            }
            Ok((entries, bytes))
        })
    }
}

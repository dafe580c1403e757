//! Ours: the client with its default transport and a key, and its parser alone.

use std::error::Error;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use lazuli_blob::{BlobServiceClient, ContainerClient};
use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage};

use crate::contestant::{Contestant, Listing};
use crate::pages;

/// The client.
pub struct Ours {
    container: ContainerClient,
}

impl Ours {
    pub fn new(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        Self::at(&format!("http://{address}/devstoreaccount1"), "box")
    }

    /// A container of an emulator's account.
    pub fn at(endpoint: &str, container: &str) -> Result<Self, Box<dyn Error>> {
        let connection = format!(
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;BlobEndpoint={endpoint};AccountKey=\
             Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        );
        Ok(Self {
            container: BlobServiceClient::from_connection_string(&connection)?.container(container),
        })
    }
}

impl Contestant for Ours {
    fn name(&self) -> &'static str {
        "lazuli"
    }

    fn list(&mut self) -> Listing<'_> {
        Box::pin(async move {
            let mut items = self.container.list().items();
            let (mut entries, mut bytes) = (0, 0);
            while let Some(entry) = items.try_next().await? {
                count(&entry, &mut entries, &mut bytes);
            }
            Ok((entries, bytes))
        })
    }
}

/// The parser, with the pages in memory.
pub struct Parser {
    pages: Vec<Bytes>,
}

impl Parser {
    pub fn new() -> Self {
        Self { pages: pages::all() }
    }
}

impl Contestant for Parser {
    fn name(&self) -> &'static str {
        "lazuli, parsing only"
    }

    fn list(&mut self) -> Listing<'_> {
        Box::pin(async move {
            let (mut entries, mut bytes) = (0, 0);
            for page in &self.pages {
                for entry in ListBlobsPage::parse(page)?.entries {
                    count(&entry, &mut entries, &mut bytes);
                }
            }
            Ok((entries, bytes))
        })
    }
}

fn count(entry: &ListBlobsEntry, entries: &mut usize, bytes: &mut u64) {
    *entries += 1;
    if let ListBlobsEntry::Blob(blob) = entry {
        *bytes += blob.content_length;
    }
}

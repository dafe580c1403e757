//! What the clients have in common: they read a blob, and count its bytes.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt as _;

use crate::server::Blob;

/// How many bytes came.
pub type Reading<'a> = Pin<Box<dyn Future<Output = Result<u64, Box<dyn Error>>> + 'a>>;

/// One who reads.
pub trait Client {
    /// Reads a blob to its end.
    fn read(&mut self, blob: Blob) -> Reading<'_>;
}

/// Reads a body to its end and drops what comes.
pub async fn count<B>(mut body: B) -> Result<u64, Box<dyn Error>>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut count = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| -> Box<dyn Error> { error.into() })?;
        count += frame.data_ref().map_or(0, Bytes::len) as u64;
    }
    Ok(count)
}

//! The body of Blob Batch: the requests in it, written one after another.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;

use crate::{Error, ErrorKind, limits};

/// What stands between the parts. A part holds the line of a request and its headers, none of which can have a line break, and a boundary begins
/// with one: so it can be the same in every batch.
const BOUNDARY: &str = "batch_6c617a75-6c69-4000-8000-626174636800";

/// The requests of a batch, unsigned. It travels in the extensions of the batch's own request, so that the layer that signs this one can sign those in it,
/// each by itself, and write the body anew. A clone is cheap.
///
/// ```
/// use lazuli_protocol::BatchRequest;
///
/// let (delete, ()) = http::Request::delete("https://example.blob.core.windows.net/box/a.txt").body(())?.into_parts();
/// let body = BatchRequest::new(vec![delete])?.body(|_| Ok::<(), lazuli_protocol::Error>(()))?;
/// assert!(String::from_utf8(body.to_vec())?.contains("\r\n\r\nDELETE /box/a.txt HTTP/1.1\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct BatchRequest(Arc<[Parts]>);

impl BatchRequest {
    /// The `Content-Type` of the body.
    pub const CONTENT_TYPE: &str = "multipart/mixed; boundary=batch_6c617a75-6c69-4000-8000-626174636800";

    /// Puts requests together. They name no version of the protocol: that of the batch counts for all.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there are none, or more than 256.
    pub fn new(requests: Vec<Parts>) -> Result<Self, Error> {
        if !(1..=limits::BATCH_PARTS).contains(&requests.len()) {
            let message = format!(
                "a batch has 1 to {} requests, not {}",
                limits::BATCH_PARTS,
                requests.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(Self(requests.into()))
    }

    /// How many requests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; there always are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The body, with each request signed by `sign`.
    ///
    /// # Errors
    /// The first that `sign` has.
    pub fn body<E>(&self, mut sign: impl FnMut(&mut Parts) -> Result<(), E>) -> Result<Bytes, E> {
        let mut body = Vec::with_capacity(self.0.len() * 512);
        for (id, request) in self.0.iter().enumerate() {
            let mut request = request.clone();
            sign(&mut request)?;
            write_part(&mut body, id, &request);
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        Ok(body.into())
    }
}

fn write_part(body: &mut Vec<u8>, id: usize, request: &Parts) {
    let target = request
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let head = format!(
        "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\n\
         {} {target} HTTP/1.1\r\nContent-Length: 0\r\n",
        request.method
    );
    body.extend_from_slice(head.as_bytes());
    for (name, value) in &request.headers {
        body.extend_from_slice(name.as_str().as_bytes());
        body.extend_from_slice(b": ");
        body.extend_from_slice(value.as_bytes());
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"\r\n");
}

impl fmt::Debug for BatchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BatchRequest({} requests)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delete(uri: &str) -> Parts {
        http::Request::delete(uri).body(()).unwrap().into_parts().0
    }

    #[test]
    fn each_request_is_signed_by_itself() {
        let batch =
            BatchRequest::new(vec![delete("https://a/c/1?snapshot=x"), delete("https://a/c/2")]).unwrap();
        let mut signed = 0;
        let body = batch
            .body(|request| {
                signed += 1;
                request
                    .headers
                    .insert("authorization", format!("Key {signed}").parse().unwrap());
                Ok::<(), Error>(())
            })
            .unwrap();
        let b = BOUNDARY;
        let part = |id: usize, target: &str| {
            format!(
                "--{b}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {id}\r\n\r\n\
                 DELETE {target} HTTP/1.1\r\nContent-Length: 0\r\nauthorization: Key {}\r\n\r\n",
                id + 1
            )
        };
        let whole = format!("{}{}--{b}--\r\n", part(0, "/c/1?snapshot=x"), part(1, "/c/2"));
        assert_eq!(String::from_utf8(body.to_vec()).unwrap(), whole);
        assert!(BatchRequest::CONTENT_TYPE.ends_with(b));
    }

    #[test]
    fn there_are_some_and_not_too_many() {
        assert!(BatchRequest::new(Vec::new()).is_err());
        assert!(BatchRequest::new(vec![delete("https://a/c/1"); 256]).is_ok());
        assert!(BatchRequest::new(vec![delete("https://a/c/1"); 257]).is_err());
    }
}

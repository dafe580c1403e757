//! The cache's two questions: Get Blob and Get Blob Properties, with the headers of the answer beside what is read from them.

use http::{StatusCode, response};
use lazuli_protocol::{
    BlobName, Body, ByteRange, Conditions, ContainerName, Endpoint, Error, Etag, Operation, OperationInfo,
    ResponseBody,
};

use super::key::Moment;
use super::state::Kept;
use crate::operations::{GetBlob, GetBlobProperties, RangeChecksum};
use crate::{BlobClient, BlobProperties, Download};

/// Which state a range may be of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    /// Any.
    Any,
    /// This one, and an error for any other.
    Only(&'a Etag),
    /// Any but this one, which is at hand.
    AnyBut(&'a Etag),
}

/// Reads a range. The answer is `None` when the blob is in the state that is at hand.
#[derive(Debug)]
pub(super) struct Fetch(GetBlob);

/// Reads the properties.
#[derive(Debug)]
pub(super) struct Peek(GetBlobProperties);

impl Fetch {
    pub(super) fn new(
        client: &BlobClient,
        moment: &Moment,
        range: ByteRange,
        checksum: RangeChecksum,
        wanted: Wanted<'_>,
    ) -> Result<Self, Error> {
        let (container, blob) = names(client)?;
        let mut get = GetBlob::new(container, blob);
        (get.snapshot, get.version_id) = ids(moment);
        get.range = Some(range);
        get.range_checksum = Some(checksum);
        get.conditions = match wanted {
            Wanted::Any => Conditions::new(),
            Wanted::Only(etag) => Conditions::new().if_match(etag),
            Wanted::AnyBut(etag) => Conditions::new().if_none_match(etag),
        };
        Ok(Self(get))
    }
}

impl Operation for Fetch {
    type Output = Option<(Kept, Download)>;
    const INFO: OperationInfo = GetBlob::INFO;

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        self.0.request(endpoint)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Self::Output, Error> {
        if parts.status == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let kept = Kept::of(&parts);
        Ok(Some((kept, GetBlob::response(parts, body).await?)))
    }
}

impl Peek {
    pub(super) fn new(client: &BlobClient, moment: &Moment) -> Result<Self, Error> {
        let (container, blob) = names(client)?;
        let mut get = GetBlobProperties::new(container, blob);
        (get.snapshot, get.version_id) = ids(moment);
        Ok(Self(get))
    }
}

impl Operation for Peek {
    type Output = (Kept, BlobProperties);
    const INFO: OperationInfo = GetBlobProperties::INFO;

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        self.0.request(endpoint)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Self::Output, Error> {
        let kept = Kept::of(&parts);
        Ok((kept, GetBlobProperties::response(parts, body).await?))
    }
}

fn names(client: &BlobClient) -> Result<(ContainerName, BlobName), Error> {
    Ok((
        ContainerName::new(client.container().name())?,
        BlobName::new(client.name())?,
    ))
}

fn ids(moment: &Moment) -> (Option<String>, Option<String>) {
    match moment {
        Moment::Current => (None, None),
        Moment::Snapshot(id) => (Some(id.clone()), None),
        Moment::Version(id) => (None, Some(id.clone())),
    }
}

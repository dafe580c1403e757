//! Get Blob: the content of a blob, whole or a range of it.

use http::{HeaderValue, Method, StatusCode, response};
use lazuli_protocol::{
    Answer, BlobName, Body, ByteRange, Checksum, Conditions, ContainerName, ContentMustBeVerified,
    ContentRange, ContentVerified, Endpoint, Error, ErrorKind, LeaseId, Operation, OperationInfo,
    OperationKind, ResponseBody, STRUCTURED_BODY, header, limits,
};

use super::request::{of_state, request, set, set_customer_key, set_lease};
use crate::{BlobProperties, CustomerKey, Download};

/// Reads a blob: [Get Blob](https://learn.microsoft.com/rest/api/storageservices/get-blob).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetBlob {
    /// The container.
    pub container: ContainerName,
    /// The blob.
    pub blob: BlobName,
    /// A snapshot of the blob, by its id.
    pub snapshot: Option<String>,
    /// A version of the blob, by its id.
    pub version_id: Option<String>,
    /// The bytes to read; all of them when `None`.
    pub range: Option<ByteRange>,
    /// Asks for a checksum of the range, which has at most 4 MiB then, in the place of segments.
    pub range_checksum: Option<RangeChecksum>,
    /// Whether the content is to come in segments with their CRC64.
    pub segments: Segments,
    /// The customer's own key that the blob is encrypted with.
    pub customer_key: Option<CustomerKey>,
    /// Shows that the caller holds the lease.
    pub lease_id: Option<LeaseId>,
    /// The blob's state must meet these.
    pub conditions: Conditions,
}

/// The checksum that the service is to compute of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RangeChecksum {
    /// CRC64: fast on both sides.
    Crc64,
    /// MD5.
    Md5,
}

/// Whether content is asked for in segments with a CRC64 each, which works for content of any length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Segments {
    /// They are asked for, unless a checksum of the range is. A service that does not know of them answers without.
    #[default]
    IfKnown,
    /// They are asked for, and an answer without is an error: that of the `VerifyLayer` of `lazuli-transport`.
    Required,
    /// They are not asked for.
    No,
}

impl GetBlob {
    /// Reads the whole blob.
    #[must_use]
    pub fn new(container: ContainerName, blob: BlobName) -> Self {
        Self {
            container,
            blob,
            snapshot: None,
            version_id: None,
            range: None,
            range_checksum: None,
            segments: Segments::default(),
            customer_key: None,
            lease_id: None,
            conditions: Conditions::new(),
        }
    }
}

impl Operation for GetBlob {
    type Output = Download;
    const INFO: OperationInfo = OperationInfo::blob("GetBlob", OperationKind::LargeRead);

    fn request(&self, endpoint: &Endpoint) -> Result<http::Request<Body>, Error> {
        let uri = endpoint.uri().container(&self.container).blob(&self.blob);
        let uri = of_state(uri, self.snapshot.as_deref(), self.version_id.as_deref()).build()?;
        let mut request = request::<Self>(Method::GET, uri, Body::empty());
        let headers = request.headers_mut();
        if let Some(range) = &self.range {
            set(headers, header::RANGE, &range.header_value()?)?;
        }
        if let Some(checksum) = self.range_checksum {
            if self
                .range
                .and_then(|range| range.len())
                .is_none_or(|len| len > limits::RANGE_CHECKSUM_BYTES)
            {
                let message =
                    "the service computes checksums of ranges of at most 4 MiB; ask for such a range";
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            let name = match checksum {
                RangeChecksum::Crc64 => header::RANGE_GET_CONTENT_CRC64,
                RangeChecksum::Md5 => header::RANGE_GET_CONTENT_MD5,
            };
            headers.insert(name, HeaderValue::from_static("true"));
        }
        let in_segments = match (self.segments, self.range_checksum) {
            (Segments::IfKnown, checksum) => checksum.is_none(),
            (Segments::Required, None) => true,
            (Segments::Required, Some(_)) => {
                let message = "content comes in segments with checksums, or with one checksum, not both";
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            (Segments::No, _) => false,
        };
        if in_segments {
            headers.insert(header::STRUCTURED_BODY, HeaderValue::from_static(STRUCTURED_BODY));
        }
        set_lease(headers, self.lease_id)?;
        set_customer_key(headers, &self.customer_key)?;
        self.conditions.apply(headers)?;
        if self.segments == Segments::Required {
            request.extensions_mut().insert(ContentMustBeVerified);
        }
        Ok(request)
    }

    async fn response(parts: response::Parts, body: ResponseBody) -> Result<Download, Error> {
        let verified = parts.extensions.get::<ContentVerified>().is_some();
        let expected = [StatusCode::OK, StatusCode::PARTIAL_CONTENT];
        let (answer, body) = Answer::expect(parts, body, &expected).await?;
        let framed = answer.text(&header::STRUCTURED_BODY).is_some();
        let length = match framed {
            true => answer.parsed(&header::STRUCTURED_CONTENT_LENGTH).ok_or_else(|| {
                let message = "an answer in segments does not say how much content it holds";
                Error::new(ErrorKind::InvalidResponse, message)
            })?,
            false => answer.content_length()?,
        };
        let range = answer.parsed::<ContentRange>(&http::header::CONTENT_RANGE);
        if answer.status() == StatusCode::PARTIAL_CONTENT && range.is_none() {
            return Err(Error::new(
                ErrorKind::InvalidResponse,
                "a partial answer does not say which range it holds",
            ));
        }
        if let Some(range) = range
            && range.last - range.first + 1 != length
        {
            let message = format!("an answer of {length} bytes says that it holds {range}");
            return Err(Error::new(ErrorKind::InvalidResponse, message));
        }
        let properties = BlobProperties::read(&answer, range.map_or(length, |range| range.size))?;
        let crc = answer.parsed(&header::CONTENT_CRC64).map(Checksum::Crc64);
        let md5 = || answer.parsed(&header::CONTENT_MD5).map(Checksum::Md5);
        // On a whole blob, `Content-MD5` is what a writer once claimed: a property, not proof of this answer.
        let checksum = crc.or_else(|| range.and_then(|_| md5()));
        let download = Download::new(properties, range, length, checksum, body);
        Ok(match (framed, verified) {
            (true, _) => download.in_segments(),
            (false, true) => download.verified(),
            (false, false) => download,
        })
    }
}

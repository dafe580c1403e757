//! What the requests that have a body share: what it is, and what the service checks it by.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use lazuli_protocol::{Body, Checksum, Crc64, Error, ErrorKind, Operation, STRUCTURED_BODY, header};

use super::request::{request, set};

/// What the service checks a body by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Check {
    /// What the request says elsewhere, if anything.
    Elsewhere,
    /// The checksum that the caller gave.
    Given(Checksum),
    /// The CRC64 of bytes that are in memory anyway; nothing, of others.
    OfMemory,
    /// The CRC64 of each of the segments that it is sent in.
    Segments,
}

impl Check {
    /// What the caller chose, or what goes without choosing.
    pub(super) fn of(checksum: Option<Checksum>) -> Self {
        checksum.map_or(Self::OfMemory, Self::Given)
    }

    /// The same, or segments.
    pub(super) fn in_segments(self, wanted: bool) -> Result<Self, Error> {
        match (self, wanted) {
            (check, false) => Ok(check),
            (Self::OfMemory, true) => Ok(Self::Segments),
            (_, true) => {
                let message = "content is sent in segments with checksums, or with one checksum, not both";
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
        }
    }

    fn apply(self, headers: &mut HeaderMap, body: &Body) -> Result<(), Error> {
        let checksum = match self {
            Self::Elsewhere => None,
            Self::Given(checksum) => Some(checksum),
            Self::OfMemory => body.as_bytes().map(|bytes| Checksum::Crc64(Crc64::of(bytes))),
            Self::Segments => {
                headers.insert(header::STRUCTURED_BODY, HeaderValue::from_static(STRUCTURED_BODY));
                headers.insert(header::STRUCTURED_CONTENT_LENGTH, body.content_length().into());
                None
            }
        };
        match checksum {
            Some(Checksum::Crc64(crc)) => set(headers, header::CONTENT_CRC64, &crc.to_string()),
            Some(Checksum::Md5(md5)) => set(headers, header::CONTENT_MD5, &md5.to_string()),
            _ => Ok(()),
        }
    }
}

/// A request of the operation `O` that writes content: bytes of no particular kind.
pub(super) fn content<O: Operation>(uri: Uri, body: &Body, check: Check) -> Result<Request<Body>, Error> {
    let kind = HeaderValue::from_static("application/octet-stream");
    put::<O>(uri, body, kind, check)
}

/// A request of the operation `O` that sends a document in XML.
pub(super) fn document<O: Operation>(uri: Uri, xml: String, check: Check) -> Result<Request<Body>, Error> {
    let kind = HeaderValue::from_static("application/xml");
    put::<O>(uri, &xml.into(), kind, check)
}

fn put<O: Operation>(uri: Uri, body: &Body, kind: HeaderValue, check: Check) -> Result<Request<Body>, Error> {
    let sent = match check {
        Check::Segments => body.clone().in_segments()?,
        _ => body.clone(),
    };
    let mut request = request::<O>(Method::PUT, uri, sent);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, kind);
    check.apply(headers, body)?;
    Ok(request)
}

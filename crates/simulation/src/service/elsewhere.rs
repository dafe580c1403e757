//! Sources that are no blobs of this simulation. They are fetched, where it was given something to fetch with, and are a block blob then
//! that nobody else sees.

use http::request::Parts;
use http::{Request, Response, StatusCode, header, response};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use lazuli_protocol::{
    BlobTags, BlobType, Body, BoxError, ErrorCode, Metadata, ResponseBody, header as names, limits,
};
use tower::ServiceExt as _;
use tower::util::BoxCloneSyncService;

use super::call::Call;
use super::copy_source::Purpose;
use super::metadata::KEPT_HEADER_BYTES;
use super::refusal::Refusal;
use crate::MetadataCase;
use crate::state::{Blob, Content, ContentHeaders, Encryption, Piece, Tag};

/// What fetches them.
pub(crate) type Fetch = BoxCloneSyncService<Request<Body>, Response<ResponseBody>, BoxError>;

const NOBODY_FETCHES: &str =
    "The copy source is not an account of this simulation, and it was given nothing to fetch it with.";
const NO_LENGTH: &str = "The copy source does not say how long it is.";
const TOO_LARGE: &str =
    "The source request body for copy source is too large and exceeds the maximum permissible limit.";
const TOO_MUCH_METADATA: &str = "The copy source has more metadata than a blob can have.";
const OTHER_KIND: &str = "Append and page blobs are copied within this simulation only.";
const BROKE_OFF: &str = "The copy source broke off.";

/// What was fetched.
pub(super) struct Fetched {
    pub(super) blob: Blob,
    /// Whether it is only the part of the source that the request asks for.
    pub(super) is_part: bool,
}

impl Call {
    /// Fetches a source that is read by this request.
    pub(super) async fn fetch(&self, read: Parts, purpose: Purpose) -> Result<Fetched, Box<Refusal>> {
        let Some(fetch) = self.shared.fetch.clone() else {
            return Err(unverified(StatusCode::NOT_FOUND, NOBODY_FETCHES));
        };
        let mut request = Request::from_parts(read, Body::empty());
        let range = self.parts.headers.get(names::SOURCE_RANGE);
        let range = range.filter(|_| purpose == Purpose::Part);
        if let Some(range) = range {
            request.headers_mut().insert(header::RANGE, range.clone());
        }
        let answer = fetch.oneshot(request).await.map_err(|error| {
            // Clients try again for minutes what is 500, and whoever fetches has done so already.
            let told = format!("The copy source could not be read: {error}");
            unverified(StatusCode::NOT_FOUND, told)
        })?;
        let (head, body) = answer.into_parts();
        let is_part = match head.status {
            StatusCode::OK => false,
            StatusCode::PARTIAL_CONTENT if range.is_some() => true,
            _ => return Err(self.source_refused(purpose, false, refusal(&head))),
        };
        if purpose == Purpose::Copy && is_other_kind(&head) {
            return Err(unverified(StatusCode::CONFLICT, OTHER_KIND));
        }
        let metadata = metadata(&head)?;
        let Some(len) = body.size_hint().exact() else {
            return Err(unverified(StatusCode::CONFLICT, NO_LENGTH));
        };
        if len > most(purpose) {
            return Err(unverified(StatusCode::CONFLICT, TOO_LARGE));
        }
        let taken = self.take_in(body.boxed_unsync(), len, false).await;
        let taken = taken.map_err(|refusal| match refusal.code {
            ErrorCode::InternalError => refusal,
            _ => unverified(StatusCode::INTERNAL_SERVER_ERROR, BROKE_OFF),
        })?;
        let piece = taken.content.map(|content| Piece { id: None, content });
        let now = self.engine.now();
        let blob = Blob {
            tag: Tag::from_number(0),
            created: now,
            modified: now,
            len,
            content: Content::Block(piece.into_iter().collect()),
            headers: content_headers(&head, is_part),
            metadata,
            tags: BlobTags::default(),
            tier: None,
            rehydration: None,
            version: None,
            encryption: Encryption::Account,
            immutability: None,
            legal_hold: false,
            copy: None,
            expires: None,
            read: None,
        };
        Ok(Fetched { blob, is_part })
    }
}

/// The most bytes that are fetched for an operation. Those that take less refuse it themselves.
fn most(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::Copy => u64::MAX,
        Purpose::Whole | Purpose::Bytes => limits::PUT_BLOB_BYTES,
        Purpose::Part => limits::BLOCK_BYTES,
    }
}

/// A source that cannot be taken.
pub(super) fn unverified(
    status: StatusCode,
    message: impl Into<std::borrow::Cow<'static, str>>,
) -> Box<Refusal> {
    let mut refusal = Refusal::new(ErrorCode::CannotVerifyCopySource);
    refusal.status = status;
    refusal.message(message)
}

/// What the source itself was refused with. A web server that knows no codes is taken by its status, and told with it.
fn refusal(head: &response::Parts) -> Box<Refusal> {
    let code = head.headers.get(names::ERROR_CODE);
    let code = code.and_then(|code| code.to_str().ok()).map(ErrorCode::from);
    let told = code
        .is_none()
        .then(|| format!("The copy source answered {}.", head.status));
    let mut refusal = Refusal::new(code.unwrap_or(match head.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ErrorCode::AuthenticationFailed,
        StatusCode::NOT_FOUND | StatusCode::GONE => ErrorCode::ResourceNotFound,
        StatusCode::NOT_MODIFIED | StatusCode::PRECONDITION_FAILED => ErrorCode::ConditionNotMet,
        StatusCode::RANGE_NOT_SATISFIABLE => ErrorCode::InvalidRange,
        _ => ErrorCode::InternalError,
    }));
    refusal.status = match head.status {
        status if status.is_client_error() || status == StatusCode::NOT_MODIFIED => status,
        status if status.is_server_error() => StatusCode::INTERNAL_SERVER_ERROR,
        // Redirections are not followed.
        _ => StatusCode::NOT_FOUND,
    };
    match told {
        Some(told) => refusal.message(told),
        None => refusal,
    }
}

/// The metadata of the source, as far as a blob can have it.
fn metadata(head: &response::Parts) -> Result<Metadata, Box<Refusal>> {
    let said = Metadata::from_headers(&head.headers);
    let size: usize = said.iter().map(|(key, value)| key.len() + value.len()).sum();
    if size > limits::METADATA_BYTES {
        return Err(unverified(StatusCode::CONFLICT, TOO_MUCH_METADATA));
    }
    Ok(legal_metadata(&said, head.extensions.get()))
}

fn is_other_kind(head: &response::Parts) -> bool {
    let kind = head.headers.get(names::BLOB_TYPE);
    kind.is_some_and(|kind| kind != BlobType::Block.as_str())
}

/// The metadata of a source, its names as they were written where that was told. A pair that no blob here could be given is left out: what
/// is kept has to be legal.
fn legal_metadata(told: &Metadata, case: Option<&MetadataCase>) -> Metadata {
    let mut metadata = Metadata::new();
    for (name, value) in told.iter() {
        let written = case.and_then(|case| case.written(name)).unwrap_or(name);
        if let Err(error) = metadata.insert(written, value) {
            tracing::debug!(%error, "metadata of a copy source is left out");
        }
    }
    metadata
}

fn content_headers(head: &response::Parts, is_part: bool) -> ContentHeaders {
    let one = |name| {
        let value = head.headers.get(name)?.to_str().ok()?;
        (value.len() <= KEPT_HEADER_BYTES).then(|| value.into())
    };
    ContentHeaders {
        content_type: one(header::CONTENT_TYPE),
        encoding: one(header::CONTENT_ENCODING),
        language: one(header::CONTENT_LANGUAGE),
        cache_control: one(header::CACHE_CONTROL),
        disposition: one(header::CONTENT_DISPOSITION),
        md5: one(names::CONTENT_MD5).filter(|_| !is_part),
    }
}

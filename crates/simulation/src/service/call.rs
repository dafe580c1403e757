//! A request that was let in, and what operations ask it for.

use std::sync::Arc;

use http::HeaderName;
use http::request::Parts;
use lazuli_protocol::{ApiVersion, ErrorCode, limits};
use uuid::Uuid;

use super::Shared;
use super::auth::{Account, Caller};
use super::query::Query;
use super::refusal::Refusal;
use super::target::Target;
use crate::engine::Engine;
use crate::state::{BlobPath, ContainerPath};

/// One request on its way through an operation. It has no `Debug`: its parts hold signatures and tokens.
pub(super) struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) request_id: Uuid,
    pub(super) engine: Arc<Engine>,
    pub(super) account: Arc<Account>,
    pub(super) caller: Caller,
    pub(super) parts: Parts,
    pub(super) target: Target,
    pub(super) query: Query,
    pub(super) version: ApiVersion,
}

impl Call {
    /// Whether the request speaks this version or a later one.
    pub(super) fn since(&self, version: &[u8; 10]) -> bool {
        self.version >= ApiVersion::of(version)
    }

    pub(super) fn container(&self) -> ContainerPath {
        let container = self.target.container.as_deref().unwrap_or_default();
        ContainerPath {
            account: self.target.account.as_str().into(),
            container: container.into(),
        }
    }

    pub(super) fn blob(&self) -> BlobPath {
        let blob = self.target.blob.as_deref().unwrap_or_default();
        BlobPath {
            container: self.container(),
            blob: blob.into(),
        }
    }

    /// A header's value, if it is there and not empty.
    pub(super) fn header(&self, name: &HeaderName) -> Result<Option<&str>, Box<Refusal>> {
        let Some(value) = self.parts.headers.get(name) else {
            return Ok(None);
        };
        match value.to_str() {
            Ok(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Err(_) => {
                let shown = String::from_utf8_lossy(value.as_bytes());
                Err(Refusal::bad_header(name.as_str(), &shown))
            }
        }
    }

    /// A header that says `true` or `false`.
    pub(super) fn flag(&self, name: &HeaderName) -> Result<bool, Box<Refusal>> {
        match self.header(name)? {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(value) => Err(Refusal::bad_header(name.as_str(), value)),
        }
    }

    /// A header that holds a number, zero or above.
    pub(super) fn number(&self, name: &HeaderName) -> Result<Option<u64>, Box<Refusal>> {
        let Some(value) = self.header(name)? else {
            return Ok(None);
        };
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| value.parse::<i64>().ok()).flatten();
        match number.and_then(|number| u64::try_from(number).ok()) {
            Some(number) => Ok(Some(number)),
            None => Err(Refusal::bad_header(name.as_str(), value)),
        }
    }

    /// Whether the body is empty, as it has to be.
    pub(super) fn check_no_body(&self) -> Result<(), Box<Refusal>> {
        match self.content_length()? {
            0 => Ok(()),
            len => Err(Refusal::bad_header("Content-Length", &len.to_string())),
        }
    }

    /// Whether there is no body, whether or not the request says so.
    pub(super) fn check_bodiless(&self) -> Result<(), Box<Refusal>> {
        match self.header(&http::header::CONTENT_LENGTH)? {
            None => Ok(()),
            Some(_) => self.check_no_body(),
        }
    }

    /// How long the body says it is, in bytes.
    pub(super) fn content_length(&self) -> Result<u64, Box<Refusal>> {
        let Some(value) = self.header(&http::header::CONTENT_LENGTH)? else {
            return Err(ErrorCode::MissingContentLengthHeader.into());
        };
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        let length = digits.then(|| value.parse().ok()).flatten();
        length.ok_or_else(|| Refusal::bad_header("Content-Length", value))
    }

    /// How many entries a page of a list may have.
    pub(super) fn page_size(&self) -> Result<usize, Box<Refusal>> {
        self.page_size_within(usize::try_from(limits::LIST_PAGE).unwrap_or(usize::MAX))
    }

    /// How many entries a page may have of a list that has this many at most.
    pub(super) fn page_size_within(&self, largest: usize) -> Result<usize, Box<Refusal>> {
        const NAME: &str = "maxresults";
        let Some(value) = self.query.some(NAME) else {
            return Ok(largest);
        };
        let Some(wish) = value.parse::<i64>().ok() else {
            return Err(Refusal::bad_query(NAME, value, "Invalid integer value"));
        };
        if wish < 1 {
            return Err(Refusal::new(ErrorCode::OutOfRangeQueryParameterValue)
                .detail("QueryParameterName", NAME)
                .detail("QueryParameterValue", value)
                .detail("MinimumAllowed", "1")
                .detail("MaximumAllowed", i32::MAX.to_string()));
        }
        Ok(usize::try_from(wish).unwrap_or(largest).min(largest))
    }
}

//! What a server knows of a request when it verifies the SAS in it.

use std::net::IpAddr;

use http::request::Parts;
use time::OffsetDateTime;

use super::super::terms::{ResourceType, SasService};
use crate::account_name::AccountName;

/// A request that came with a SAS.
#[derive(Clone, Copy, Debug)]
pub struct SasRequest<'a> {
    /// The account that is addressed.
    pub account: &'a AccountName,
    /// The service that is addressed.
    pub service: SasService,
    /// What is addressed, decoded.
    pub resource: SasResource<'a>,
    /// The request itself: a SAS may ask for headers and query parameters, and the query says what is listed.
    pub parts: &'a Parts,
    /// Whether it came over TLS.
    pub secure: bool,
    /// Where it came from. A SAS that is bound to addresses is refused where this is not known.
    pub client: Option<IpAddr>,
    /// The server's time.
    pub now: OffsetDateTime,
}

/// What a request addresses, its names percent-decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SasResource<'a> {
    /// The service of the account.
    Service,
    /// A container.
    Container {
        /// Its name; `$root` is named too.
        container: &'a str,
    },
    /// A blob, or one of its snapshots or versions.
    Blob {
        /// The name of the container; `$root` is named too.
        container: &'a str,
        /// The name of the blob.
        blob: &'a str,
        /// The query parameter `snapshot`.
        snapshot: Option<&'a str>,
        /// The query parameter `versionid`.
        version: Option<&'a str>,
    },
    /// A share.
    Share {
        /// Its name.
        share: &'a str,
    },
    /// A file or a directory in a share.
    File {
        /// The name of the share.
        share: &'a str,
        /// The path below the share, without a slash at its beginning. The root directory has an empty one.
        path: &'a str,
    },
}

impl SasRequest<'_> {
    /// The level of the request, as an account SAS has to reach it. A list of what is in a directory counts as one
    /// of what is in its share; what kind of account it is may be asked on every level.
    pub(super) fn level(&self) -> Option<ResourceType> {
        let query = self.parts.uri.query().unwrap_or_default();
        let asks = |what: &str| query.split('&').any(|parameter| parameter == what);
        match self.resource {
            _ if asks("restype=account") => None,
            SasResource::Service => Some(ResourceType::Service),
            SasResource::Container { .. } | SasResource::Share { .. } => Some(ResourceType::Container),
            SasResource::File { .. } if asks("comp=list") => Some(ResourceType::Container),
            SasResource::Blob { .. } | SasResource::File { .. } => Some(ResourceType::Object),
        }
    }
}

/// A stored access policy of a container or a share: what a SAS that names it does not say itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessPolicy {
    /// From when on it lets in.
    pub start: Option<OffsetDateTime>,
    /// Until when it lets in.
    pub expiry: Option<OffsetDateTime>,
    /// The letters of what it permits.
    pub permissions: Option<String>,
}

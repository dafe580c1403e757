//! What a server knows of a request when it verifies the SAS in it.

use std::fmt;
use std::net::IpAddr;

use http::request::Parts;
use time::OffsetDateTime;

use super::super::terms::{ResourceType, SasService};
use crate::account_name::AccountName;

/// A request that came with a SAS. `Debug` shows neither its query nor its headers, which have the signature and more.
#[derive(Clone, Copy)]
pub struct SasRequest<'a> {
    /// The account that is addressed.
    pub account: &'a AccountName,
    /// The service that is addressed.
    pub service: SasService,
    /// What is addressed, decoded.
    pub resource: SasResource<'a>,
    /// The level that an account SAS must reach. The server knows it by the operation that it is going to do; nothing
    /// in the query is asked for it.
    pub level: SasLevel,
    /// The request itself: a SAS may ask for headers and query parameters.
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

impl fmt::Debug for SasRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SasRequest")
            .field("account", &self.account)
            .field("service", &self.service)
            .field("resource", &self.resource)
            .field("level", &self.level)
            .field("method", &self.parts.method)
            .field("secure", &self.secure)
            .field("client", &self.client)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// The level that an account SAS must reach, `srt`. It binds no SAS of another kind.
///
/// It goes by the operation rather than by what is addressed: a list of what is in a container, a share or a directory
/// of a share is on the level of [`Container`](ResourceType::Container), the list of the containers on that of
/// [`Service`](ResourceType::Service).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SasLevel {
    /// This one.
    Of(ResourceType),
    /// Whichever it reaches: Get Account Information may be asked with any account SAS.
    Any,
}

impl From<ResourceType> for SasLevel {
    fn from(level: ResourceType) -> Self {
        Self::Of(level)
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

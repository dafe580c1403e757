//! Small vocabularies of a SAS: protocols, services, resource types, and what `sr` may say.

use super::letters::Letters;
use super::version::SasVersion;

/// `spr`: what a SAS may be sent over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SasProtocol {
    /// HTTPS alone.
    Https,
    /// HTTPS, and HTTP in the clear.
    HttpsOrHttp,
}

impl SasProtocol {
    pub(super) fn read(text: &str) -> Option<Self> {
        match text {
            "https" => Some(Self::Https),
            "https,http" | "http,https" => Some(Self::HttpsOrHttp),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::HttpsOrHttp => "https,http",
        }
    }
}

/// A service of a storage account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SasService {
    /// Blobs.
    Blob,
    /// Files.
    File,
    /// Queues.
    Queue,
    /// Tables.
    Table,
}

impl SasService {
    /// Its letter in `ss` and `sks`.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Blob => 'b',
            Self::File => 'f',
            Self::Queue => 'q',
            Self::Table => 't',
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::File => "file",
            Self::Queue => "queue",
            Self::Table => "table",
        }
    }
}

/// `ss`: the order in which the letters of the services are written.
pub(super) const SERVICES: &str = "bqtf";

/// `srt`: the order in which the letters of the resource types are written.
pub(super) const RESOURCE_TYPES: &str = "sco";

/// `srt`: the levels that an account SAS reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// The service itself: its properties, the list of its containers or shares.
    Service,
    /// Containers and shares, and the lists of what is in them.
    Container,
    /// Blobs, files and directories.
    Object,
}

impl ResourceType {
    pub(super) fn letter(self) -> char {
        match self {
            Self::Service => 's',
            Self::Container => 'c',
            Self::Object => 'o',
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Container => "container",
            Self::Object => "object",
        }
    }
}

/// The levels that an account SAS reaches.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceTypes(pub(super) Letters);

impl ResourceTypes {
    /// Whether the SAS reaches a level.
    #[must_use]
    pub fn contains(self, level: ResourceType) -> bool {
        self.0.contains(level.letter())
    }
}

impl std::fmt::Debug for ResourceTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResourceTypes(")?;
        self.0.write(RESOURCE_TYPES, f)?;
        f.write_str(")")
    }
}

/// `sr`: what a service or user delegation SAS is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignedResource {
    Container,
    Blob,
    Snapshot,
    Version,
    Directory,
    Share,
    File,
}

impl SignedResource {
    const ALL: [Self; 7] = [
        Self::Container,
        Self::Blob,
        Self::Snapshot,
        Self::Version,
        Self::Directory,
        Self::Share,
        Self::File,
    ];

    pub(super) fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.code() == text)
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Container => "c",
            Self::Blob => "b",
            Self::Snapshot => "bs",
            Self::Version => "bv",
            Self::Directory => "d",
            Self::Share => "s",
            Self::File => "f",
        }
    }

    /// What it is, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Container => "a container",
            Self::Blob => "a blob",
            Self::Snapshot => "a snapshot of a blob",
            Self::Version => "a version of a blob",
            Self::Directory => "a directory of blobs",
            Self::Share => "a share",
            Self::File => "a file",
        }
    }

    /// The first version that has a SAS for it.
    pub(super) fn since(self) -> SasVersion {
        match self {
            Self::Container | Self::Blob => SasVersion::of(b"2012-02-12"),
            Self::Share | Self::File => SasVersion::of(b"2015-04-05"),
            Self::Snapshot => SasVersion::of(b"2018-11-09"),
            Self::Version => SasVersion::of(b"2019-10-10"),
            Self::Directory => SasVersion::of(b"2020-02-10"),
        }
    }

    pub(super) fn service(self) -> SasService {
        match self {
            Self::Share | Self::File => SasService::File,
            _ => SasService::Blob,
        }
    }
}

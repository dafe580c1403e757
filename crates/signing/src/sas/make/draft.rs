//! What a SAS will say, before anybody has checked or signed it.

use std::borrow::Cow;
use std::fmt;

use time::OffsetDateTime;

use super::super::field::Field;
use super::super::ip_range::IpRange;
use super::super::letters::Letters;
use super::super::permissions::Permissions;
use super::super::terms::{SasProtocol, SignedResource};
use super::super::version::SasVersion;

/// The terms of a SAS of any kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft<'a> {
    pub(super) version: SasVersion,
    /// What it is for. An account SAS has `services` and `types` in its stead.
    pub(super) place: Option<Place<'a>>,
    pub(super) services: Letters,
    pub(super) types: Letters,
    pub(super) permissions: Permissions,
    pub(super) starts: Option<OffsetDateTime>,
    pub(super) expires: Option<OffsetDateTime>,
    pub(super) addresses: Option<IpRange>,
    pub(super) protocol: Option<SasProtocol>,
    pub(super) policy: Option<Cow<'a, str>>,
    pub(super) encryption_scope: Cow<'a, str>,
    pub(super) overrides: Overrides<'a>,
    pub(super) agent: Option<Agent<'a>>,
    pub(super) correlation_id: Cow<'a, str>,
    pub(super) delegated_user_id: Cow<'a, str>,
    pub(super) headers: Pairs<'a>,
    pub(super) query: Pairs<'a>,
}

impl Draft<'_> {
    /// Every text that a caller has chosen, with what it is.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let place = self.place.as_ref();
        let overrides = &self.overrides;
        let pairs = self.headers.0.iter().chain(&self.query.0);
        let pairs = pairs.flat_map(|(name, value)| [&**name, &**value]);
        [
            (
                "name of the container or share",
                place.map_or("", |place| &place.root),
            ),
            ("path", place.map_or("", |place| &place.path)),
            ("snapshot or version", place.map_or("", |place| &place.instant)),
            (
                "id of the stored access policy",
                self.policy.as_deref().unwrap_or_default(),
            ),
            ("encryption scope", &self.encryption_scope),
            ("user", self.agent.as_ref().map_or("", Agent::id)),
            ("correlation id", &self.correlation_id),
            ("delegated user", &self.delegated_user_id),
            ("response header", &overrides.cache_control),
            ("response header", &overrides.content_disposition),
            ("response header", &overrides.content_encoding),
            ("response header", &overrides.content_language),
            ("response header", &overrides.content_type),
        ]
        .into_iter()
        .chain(pairs.map(|text| ("header or query parameter to sign", text)))
    }
}

// === impl Pairs ===

/// Names with their values. `Debug` shows the names only: the value of a header can be a lease id.
#[derive(Clone, Default)]
pub(super) struct Pairs<'a>(pub(super) Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl fmt::Debug for Pairs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

// === impl Place ===

/// What a service or user delegation SAS is for.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pub(super) resource: SignedResource,
    pub(super) root: Cow<'a, str>,
    pub(super) path: Cow<'a, str>,
    pub(super) instant: Cow<'a, str>,
}

impl<'a> Place<'a> {
    pub(super) fn of(resource: SignedResource, root: impl Into<Cow<'a, str>>) -> Self {
        Self {
            resource,
            root: root.into(),
            path: Cow::default(),
            instant: Cow::default(),
        }
    }

    pub(super) fn path(self, path: impl Into<Cow<'a, str>>) -> Self {
        let path = path.into();
        Self { path, ..self }
    }

    pub(super) fn instant(self, instant: impl Into<Cow<'a, str>>) -> Self {
        let instant = instant.into();
        Self { instant, ..self }
    }

    pub(super) fn without_outer_slashes(self) -> Self {
        let path = match self.path {
            Cow::Borrowed(path) => Cow::Borrowed(path.trim_matches('/')),
            Cow::Owned(path) => Cow::Owned(path.trim_matches('/').to_owned()),
        };
        Self { path, ..self }
    }

    /// How many segments the path has.
    pub(super) fn depth(&self) -> usize {
        let segments = self.path.split('/');
        segments.filter(|segment| !segment.is_empty()).count()
    }
}

// === impl Overrides ===

/// Headers of the answer to a read, in place of the stored ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Overrides<'a> {
    pub(super) cache_control: Cow<'a, str>,
    pub(super) content_disposition: Cow<'a, str>,
    pub(super) content_encoding: Cow<'a, str>,
    pub(super) content_language: Cow<'a, str>,
    pub(super) content_type: Cow<'a, str>,
}

impl Overrides<'_> {
    pub(super) fn get(&self, field: Field) -> &str {
        match field {
            Field::Rscc => &self.cache_control,
            Field::Rscd => &self.content_disposition,
            Field::Rsce => &self.content_encoding,
            Field::Rscl => &self.content_language,
            Field::Rsct => &self.content_type,
            _ => "",
        }
    }
}

// === impl Agent ===

/// The user, by object id, in whose name the holder of a user delegation SAS acts. For accounts with a hierarchical
/// namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agent<'a> {
    /// The owner of the key has checked that this user may act; the service checks no access control list (`saoid`).
    Authorized(Cow<'a, str>),
    /// The service checks the access control lists for this user (`suoid`).
    Unauthorized(Cow<'a, str>),
}

impl<'a> Agent<'a> {
    /// The user of [`Authorized`](Self::Authorized).
    #[must_use]
    pub fn authorized(object_id: impl Into<Cow<'a, str>>) -> Self {
        Self::Authorized(object_id.into())
    }

    /// The user of [`Unauthorized`](Self::Unauthorized).
    #[must_use]
    pub fn unauthorized(object_id: impl Into<Cow<'a, str>>) -> Self {
        Self::Unauthorized(object_id.into())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.id().is_empty()
    }

    fn id(&self) -> &str {
        match self {
            Self::Authorized(id) | Self::Unauthorized(id) => id,
        }
    }

    /// What stands in `saoid` or `suoid`.
    pub(super) fn get(&self, field: Field) -> &str {
        match (field, self) {
            (Field::Saoid, Self::Authorized(id)) | (Field::Suoid, Self::Unauthorized(id)) => id,
            _ => "",
        }
    }
}

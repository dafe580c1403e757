//! The two places of an account: which one a read asks, and which one answered.

use http::Extensions;

/// Where a read goes: an option of a [`SecondaryLayer`](crate::SecondaryLayer), or of one request, in its extensions. Whatever is no read goes to the
/// primary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReadFrom {
    /// To the primary alone.
    Primary,
    /// To the primary and, when that fails, to the secondary.
    #[default]
    PrimaryThenSecondary,
    /// To the secondary alone: what it answers is returned as it is, a 404 for what has not come there yet among it.
    Secondary,
}

/// Which place of an account answered. A [`SecondaryLayer`](crate::SecondaryLayer) leaves [`Secondary`](Self::Secondary) in the extensions of a response
/// that came from there, and nothing on others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServedBy {
    /// The primary: what was read is the latest.
    Primary,
    /// The secondary: what was read may be older than what the primary has.
    Secondary,
}

impl ServedBy {
    /// Which place answered, by a response's extensions.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or(Self::Primary)
    }
}

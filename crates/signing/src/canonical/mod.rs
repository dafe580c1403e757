//! The parts of a request in the one form that both ends sign: headers in the service's order, the resource with its
//! query. The schemes (Shared Key and Shared Key Lite) put them together.

mod collation;
mod headers;
mod resource;
mod rules;
mod text;
mod whitespace;

pub(crate) use headers::SortedHeaders;
pub(crate) use resource::{SignedQuery, push_resource};
pub(crate) use rules::VersionRules;
pub(crate) use text::Text;
pub(crate) use whitespace::Whitespace;

/// How a request is read where clients differ. A signer uses [`Reading::SIGNED`]; a verifier tries them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// What becomes of spaces and tabs inside the value of an `x-ms-` header.
    pub(crate) whitespace: Whitespace,
    /// Whether a path that begins with `/ACCOUNT-secondary` is read as if it began with `/ACCOUNT`.
    pub(crate) primary_path: bool,
    /// Whether a `+` in the query is read as a space, as forms write it.
    pub(crate) plus_is_space: bool,
}

impl Reading {
    /// What this crate signs. The REST documentation folds whitespace, but no SDK does it and no server is known to
    /// insist, while some refuse it; so values are signed as they are sent.
    pub(crate) const SIGNED: Self = Self {
        whitespace: Whitespace::AsSent,
        primary_path: true,
        plus_is_space: false,
    };

    /// What a verifier accepts, the likeliest first.
    pub(crate) const ACCEPTED: [Self; 8] = [
        Self::SIGNED,
        Self::SIGNED.of_secondary_path(),
        Self::SIGNED.folded(),
        Self::SIGNED.folded().of_secondary_path(),
        Self::SIGNED.of_form(),
        Self::SIGNED.of_form().of_secondary_path(),
        Self::SIGNED.of_form().folded(),
        Self::SIGNED.of_form().folded().of_secondary_path(),
    ];

    const fn of_secondary_path(self) -> Self {
        Self {
            primary_path: false,
            ..self
        }
    }

    const fn folded(self) -> Self {
        Self {
            whitespace: Whitespace::Folded,
            ..self
        }
    }

    const fn of_form(self) -> Self {
        Self {
            plus_is_space: true,
            ..self
        }
    }
}

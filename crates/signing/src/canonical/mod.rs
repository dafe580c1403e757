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
}

impl Reading {
    /// What this crate signs. The REST documentation folds whitespace, but no SDK does it and no server is known to
    /// insist, while some refuse it; so values are signed as they are sent.
    pub(crate) const SIGNED: Self = Self {
        whitespace: Whitespace::AsSent,
        primary_path: true,
    };

    /// What a verifier accepts, the likeliest first.
    pub(crate) const ACCEPTED: [Self; 4] = [
        Self::SIGNED,
        Self {
            primary_path: false,
            ..Self::SIGNED
        },
        Self {
            whitespace: Whitespace::Folded,
            ..Self::SIGNED
        },
        Self {
            whitespace: Whitespace::Folded,
            primary_path: false,
        },
    ];
}

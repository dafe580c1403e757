//! The texts that are signed: for each kind of SAS one table of lines, each with the version that brought it.
//!
//! The one who makes a SAS and the one who verifies it both write the text from these tables; they differ only in
//! where the values come from.

use std::fmt::{self, Write};

use super::field::Field;
use super::version::SasVersion;

/// What stands on a line of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The name of the account.
    Account,
    /// The value of a query parameter, exactly as it is sent, once it is decoded.
    Field(Field),
    /// `/blob/ACCOUNT/CONTAINER/BLOB` or `/file/ACCOUNT/SHARE/PATH`, not encoded.
    Resource,
    /// The snapshot or the version of the blob.
    Instant,
    /// `name:value` and a line feed for each signed header.
    Headers,
    /// A line feed and `name:value` for each signed query parameter.
    Query,
}

/// Where the values of the lines come from.
pub(super) trait Values {
    /// Writes the value of a line, or nothing when there is none.
    fn write(&self, line: Line, out: &mut impl Write) -> fmt::Result;
}

/// Whether a text would end the line that it stands on. Such a value could say what other lines should say.
pub(super) fn breaks_line(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, 0 | b'\n' | b'\r'))
}

/// The text that a kind of SAS signs, in all its versions.
#[derive(Debug)]
pub(super) struct Layout {
    /// What it is the text of, for messages.
    pub(super) name: &'static str,
    /// The first version that knows this kind.
    pub(super) since: SasVersion,
    rows: &'static [(Line, SasVersion)],
    /// Whether the last line ends with a line feed too.
    closed: bool,
}

impl Layout {
    /// Writes the text.
    pub(super) fn write(&self, version: SasVersion, values: &impl Values, out: &mut String) -> fmt::Result {
        let lines = self.rows.iter().filter(|(_, since)| *since <= version);
        for (at, (line, _)) in lines.enumerate() {
            if at > 0 {
                out.push('\n');
            }
            values.write(*line, out)?;
        }
        if self.closed {
            out.push('\n');
        }
        Ok(())
    }

    /// Whether a version of this text has such a line.
    pub(super) fn signs(&self, line: Line, version: SasVersion) -> bool {
        self.rows
            .iter()
            .any(|(known, since)| *known == line && *since <= version)
    }

    /// The lines that are newer than a version, and what they are newer by.
    pub(super) fn newer_than(&self, version: SasVersion) -> impl Iterator<Item = (Line, SasVersion)> {
        self.rows
            .iter()
            .copied()
            .filter(move |(_, since)| *since > version)
    }
}

/// The version that brought the prefix `/blob` of the resource.
pub(super) const PREFIXED: SasVersion = SasVersion::of(b"2015-02-21");

const FIRST: SasVersion = SasVersion::of(b"2012-02-12");
const OVERRIDES: SasVersion = SasVersion::of(b"2013-08-15");
const ADDRESSES: SasVersion = SasVersion::of(b"2015-04-05");
const RESOURCES: SasVersion = SasVersion::of(b"2018-11-09");
const AGENTS: SasVersion = SasVersion::of(b"2020-02-10");
const SCOPES: SasVersion = SasVersion::of(b"2020-12-06");
const USERS: SasVersion = SasVersion::of(b"2025-07-05");
const REQUESTS: SasVersion = SasVersion::of(b"2026-04-06");

pub(super) static ACCOUNT: Layout = Layout {
    name: "an account SAS",
    since: ADDRESSES,
    closed: true,
    rows: &[
        (Line::Account, FIRST),
        (Line::Field(Field::Sp), FIRST),
        (Line::Field(Field::Ss), FIRST),
        (Line::Field(Field::Srt), FIRST),
        (Line::Field(Field::St), FIRST),
        (Line::Field(Field::Se), FIRST),
        (Line::Field(Field::Sip), FIRST),
        (Line::Field(Field::Spr), FIRST),
        (Line::Field(Field::Sv), FIRST),
        (Line::Field(Field::Ses), SCOPES),
    ],
};

pub(super) static BLOB: Layout = Layout {
    name: "a service SAS for blobs",
    since: FIRST,
    closed: false,
    rows: &[
        (Line::Field(Field::Sp), FIRST),
        (Line::Field(Field::St), FIRST),
        (Line::Field(Field::Se), FIRST),
        (Line::Resource, FIRST),
        (Line::Field(Field::Si), FIRST),
        (Line::Field(Field::Sip), ADDRESSES),
        (Line::Field(Field::Spr), ADDRESSES),
        (Line::Field(Field::Sv), FIRST),
        (Line::Field(Field::Sr), RESOURCES),
        (Line::Instant, RESOURCES),
        (Line::Field(Field::Ses), SCOPES),
        (Line::Field(Field::Rscc), OVERRIDES),
        (Line::Field(Field::Rscd), OVERRIDES),
        (Line::Field(Field::Rsce), OVERRIDES),
        (Line::Field(Field::Rscl), OVERRIDES),
        (Line::Field(Field::Rsct), OVERRIDES),
    ],
};

pub(super) static FILE: Layout = Layout {
    name: "a service SAS for files",
    since: ADDRESSES,
    closed: false,
    rows: &[
        (Line::Field(Field::Sp), FIRST),
        (Line::Field(Field::St), FIRST),
        (Line::Field(Field::Se), FIRST),
        (Line::Resource, FIRST),
        (Line::Field(Field::Si), FIRST),
        (Line::Field(Field::Sip), FIRST),
        (Line::Field(Field::Spr), FIRST),
        (Line::Field(Field::Sv), FIRST),
        (Line::Field(Field::Rscc), FIRST),
        (Line::Field(Field::Rscd), FIRST),
        (Line::Field(Field::Rsce), FIRST),
        (Line::Field(Field::Rscl), FIRST),
        (Line::Field(Field::Rsct), FIRST),
    ],
};

pub(super) static DELEGATED_BLOB: Layout = Layout {
    name: "a user delegation SAS for blobs",
    since: RESOURCES,
    closed: false,
    rows: &[
        (Line::Field(Field::Sp), FIRST),
        (Line::Field(Field::St), FIRST),
        (Line::Field(Field::Se), FIRST),
        (Line::Resource, FIRST),
        (Line::Field(Field::Skoid), FIRST),
        (Line::Field(Field::Sktid), FIRST),
        (Line::Field(Field::Skt), FIRST),
        (Line::Field(Field::Ske), FIRST),
        (Line::Field(Field::Sks), FIRST),
        (Line::Field(Field::Skv), FIRST),
        (Line::Field(Field::Saoid), AGENTS),
        (Line::Field(Field::Suoid), AGENTS),
        (Line::Field(Field::Scid), AGENTS),
        (Line::Field(Field::Skdutid), USERS),
        (Line::Field(Field::Sduoid), USERS),
        (Line::Field(Field::Sip), FIRST),
        (Line::Field(Field::Spr), FIRST),
        (Line::Field(Field::Sv), FIRST),
        (Line::Field(Field::Sr), FIRST),
        (Line::Instant, FIRST),
        (Line::Field(Field::Ses), SCOPES),
        (Line::Headers, REQUESTS),
        (Line::Query, REQUESTS),
        (Line::Field(Field::Rscc), FIRST),
        (Line::Field(Field::Rscd), FIRST),
        (Line::Field(Field::Rsce), FIRST),
        (Line::Field(Field::Rscl), FIRST),
        (Line::Field(Field::Rsct), FIRST),
    ],
};

pub(super) static DELEGATED_FILE: Layout = Layout {
    name: "a user delegation SAS for files",
    since: USERS,
    closed: false,
    rows: &[
        (Line::Field(Field::Sp), FIRST),
        (Line::Field(Field::St), FIRST),
        (Line::Field(Field::Se), FIRST),
        (Line::Resource, FIRST),
        (Line::Field(Field::Skoid), FIRST),
        (Line::Field(Field::Sktid), FIRST),
        (Line::Field(Field::Skt), FIRST),
        (Line::Field(Field::Ske), FIRST),
        (Line::Field(Field::Sks), FIRST),
        (Line::Field(Field::Skv), FIRST),
        (Line::Field(Field::Skdutid), FIRST),
        (Line::Field(Field::Sduoid), FIRST),
        (Line::Field(Field::Sip), FIRST),
        (Line::Field(Field::Spr), FIRST),
        (Line::Field(Field::Sv), FIRST),
        (Line::Field(Field::Rscc), FIRST),
        (Line::Field(Field::Rscd), FIRST),
        (Line::Field(Field::Rsce), FIRST),
        (Line::Field(Field::Rscl), FIRST),
        (Line::Field(Field::Rsct), FIRST),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_stands_twice_and_every_text_names_its_version() {
        for layout in [&ACCOUNT, &BLOB, &FILE, &DELEGATED_BLOB, &DELEGATED_FILE] {
            for (at, (line, _)) in layout.rows.iter().enumerate() {
                let again = layout.rows.iter().skip(at + 1).any(|(other, _)| other == line);
                assert!(!again, "{}: {line:?}", layout.name);
            }
            assert!(
                layout.signs(Line::Field(Field::Sv), layout.since),
                "{}",
                layout.name
            );
        }
    }

    #[test]
    fn a_line_is_newer_until_its_version_comes() {
        let newer = |version| BLOB.newer_than(SasVersion::of(version)).map(|(line, _)| line);
        assert_eq!(
            newer(b"2020-12-05").collect::<Vec<_>>(),
            [Line::Field(Field::Ses)]
        );
        assert_eq!(newer(b"2020-12-06").count(), 0);
        assert!(!BLOB.signs(Line::Field(Field::Ses), SasVersion::of(b"2020-12-05")));
        assert!(!BLOB.signs(Line::Headers, SasVersion::LATEST));
    }
}

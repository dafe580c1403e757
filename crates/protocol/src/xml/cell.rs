//! What a list says of an entry, value by value: text out of XML or a typed cell of an Arrow table, read as the type of the field it is for.

use time::OffsetDateTime;

use super::XmlReader;
#[cfg(feature = "arrow")]
use super::iso8601::format_iso8601;
use super::iso8601::parse_iso8601;
use crate::{
    AccessTier, ArchiveStatus, BlobType, CopyStatus, Crc64, Error, Etag, GeoReplicationStatus,
    ImmutabilityPolicyMode, LeaseDuration, LeaseState, LeaseStatus, Md5, PublicAccess, RehydratePriority,
    parse_rfc1123,
};

/// A value as the service sent it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    /// All that XML has.
    Text(&'a str),
    #[cfg(feature = "arrow")]
    Number(u64),
    #[cfg(feature = "arrow")]
    Flag(bool),
    #[cfg(feature = "arrow")]
    Time(OffsetDateTime),
}

impl Cell<'_> {
    /// Reads the value into its place; whether it could be read. Empty text says nothing, and leaves the place as it is.
    pub(super) fn put<T: Value>(self, place: &mut Option<T>) -> bool {
        if matches!(self, Self::Text("")) {
            return true;
        }
        let value = T::read(self);
        let read = value.is_some();
        if read {
            *place = value;
        }
        read
    }

    /// The value as text.
    pub(crate) fn to_text(self) -> String {
        match self {
            Self::Text(text) => text.to_owned(),
            #[cfg(feature = "arrow")]
            Self::Number(number) => number.to_string(),
            #[cfg(feature = "arrow")]
            Self::Flag(flag) => flag.to_string(),
            #[cfg(feature = "arrow")]
            Self::Time(time) => format_iso8601(time),
        }
    }
}

/// The text of an element as a value; `None` where it is empty or nothing of the kind.
pub(super) fn read<T: Value>(reader: &mut XmlReader<'_>) -> Result<Option<T>, Error> {
    let mut value = None;
    Cell::Text(&reader.text()?).put(&mut value);
    Ok(value)
}

/// What can be the type of a field.
pub(super) trait Value: Sized {
    /// `None` when it is nothing of the kind.
    fn read(cell: Cell<'_>) -> Option<Self>;
}

impl Value for String {
    fn read(cell: Cell<'_>) -> Option<Self> {
        Some(cell.to_text())
    }
}

impl Value for bool {
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Cell::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            Cell::Text(_) => None,
            #[cfg(feature = "arrow")]
            Cell::Flag(flag) => Some(flag),
            #[cfg(feature = "arrow")]
            Cell::Number(_) | Cell::Time(_) => None,
        }
    }
}

impl Value for OffsetDateTime {
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => parse_rfc1123(text).or_else(|_| parse_iso8601(text)).ok(),
            #[cfg(feature = "arrow")]
            Cell::Time(time) => Some(time),
            #[cfg(feature = "arrow")]
            Cell::Flag(_) | Cell::Number(_) => None,
        }
    }
}

impl Value for u64 {
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Text(text) => text.parse().ok(),
            #[cfg(feature = "arrow")]
            Cell::Number(number) => Some(number),
            #[cfg(feature = "arrow")]
            Cell::Flag(_) | Cell::Time(_) => None,
        }
    }
}

impl Value for u32 {
    fn read(cell: Cell<'_>) -> Option<Self> {
        u64::read(cell)?.try_into().ok()
    }
}

// The service writes these in small letters in lists, and with a capital elsewhere.
impl Value for ImmutabilityPolicyMode {
    fn read(cell: Cell<'_>) -> Option<Self> {
        let text = cell.to_text();
        let known = Self::KNOWN
            .iter()
            .find(|mode| mode.as_str().eq_ignore_ascii_case(&text));
        Some(known.cloned().unwrap_or_else(|| text.as_str().into()))
    }
}

// Nothing but text: `Text(text)` is the only pattern of a cell unless there are Arrow tables.
macro_rules! from_text {
    ($read:expr; $($type:ty)*) => {$(
        impl Value for $type {
            fn read(cell: Cell<'_>) -> Option<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                match cell {
                    Cell::Text(text) => read(text),
                    #[cfg(feature = "arrow")]
                    other => read(&other.to_text()),
                }
            }
        }
    )*};
}

from_text! { |text| text.parse().ok(); Crc64 Etag Md5 }
from_text! { |text| Some(text.into()); AccessTier ArchiveStatus BlobType CopyStatus GeoReplicationStatus LeaseDuration LeaseState LeaseStatus PublicAccess RehydratePriority }

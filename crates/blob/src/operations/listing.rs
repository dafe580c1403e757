//! What the operations that list have in common: the page that is asked for, and what it is to include.

use lazuli_protocol::{Error, ErrorKind, UriBuilder, limits};

// 5,000 entries with names of 1,024 characters and 8 KiB of metadata each stay below it.
pub(super) const ANSWER_LIMIT: usize = 256 * 1024 * 1024;

/// Makes an enum of what a list can include, with the words of the wire.
macro_rules! includes {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value,)*
        }

        impl $name {
            /// All that there are.
            pub const ALL: &[Self] = &[$(Self::$value,)*];

            /// The word as it stands on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $wire,)*
                }
            }
        }
    };
}
pub(super) use includes;

/// Where a page of a list starts, how long it is, and what it includes.
pub(super) struct PageQuery<'a> {
    pub(super) marker: Option<&'a str>,
    pub(super) max_results: Option<u32>,
    pub(super) include: Vec<&'static str>,
}

impl PageQuery<'_> {
    /// Asks for the page.
    pub(super) fn ask(self, uri: UriBuilder) -> Result<UriBuilder, Error> {
        let max_results = self.max_results.map(page_size).transpose()?;
        let include = (!self.include.is_empty()).then(|| self.include.join(","));
        Ok(uri
            .query_if("marker", self.marker)
            .query_if("maxresults", max_results.as_deref())
            .query_if("include", include.as_deref()))
    }
}

/// Text that is worth a place in the query.
pub(super) fn some(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn page_size(size: u32) -> Result<String, Error> {
    if !(1..=limits::LIST_PAGE).contains(&size) {
        let message = format!("a page has 1 to {} entries, not {size}", limits::LIST_PAGE);
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(size.to_string())
}

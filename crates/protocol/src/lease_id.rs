//! The id of a lease: who knows it holds the lease, so it is never shown.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use uuid::Uuid;

use crate::{Error, ErrorKind};

/// The id of a lease, a GUID. It proves that a request comes from the lease's holder, so `Debug` does not show it.
///
/// ```
/// use lazuli_protocol::LeaseId;
///
/// let id: LeaseId = "00000000-aaaa-4bbb-8ccc-000000000001".parse()?;
/// assert_eq!(format!("{id:?}"), "LeaseId(..)");
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeaseId(Uuid);

impl LeaseId {
    /// The id as it is sent. It is a secret.
    #[must_use]
    pub fn expose(&self) -> String {
        self.0.hyphenated().to_string()
    }

    /// The id as a header's value, which is marked as sensitive.
    ///
    /// # Errors
    /// None that can happen: a GUID can always stand in a header.
    pub fn header_value(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::try_from(self.expose()).map_err(|source| {
            Error::new(ErrorKind::InvalidInput, "the lease id cannot be sent").with_source(source)
        })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl From<Uuid> for LeaseId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl FromStr for LeaseId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The source would show the text.
        Uuid::try_parse(text.trim())
            .map(Self)
            .map_err(|_| Error::new(ErrorKind::InvalidInput, "a lease id must be a GUID"))
    }
}

impl fmt::Debug for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeaseId(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_guid_is_read() {
        let plain: LeaseId = "00000000-aaaa-4bbb-8ccc-000000000001".parse().unwrap();
        let braced: LeaseId = "{00000000-AAAA-4BBB-8CCC-000000000001}".parse().unwrap();
        assert_eq!(plain, braced);
        assert_eq!(plain.expose(), "00000000-aaaa-4bbb-8ccc-000000000001");
    }

    #[test]
    fn what_is_no_guid_is_refused_and_not_repeated() {
        let error = "my secret lease".parse::<LeaseId>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}

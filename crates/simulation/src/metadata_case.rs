//! How the names of metadata were written: what the headers of a request and an answer cannot say.

use std::collections::BTreeMap;

/// The names of metadata, without `x-ms-meta-`, in the case in which they were written or are to be written.
///
/// An [`http::HeaderName`] is in lower case always, whereas the service keeps the case of a name. So a
/// [`BlobService`](crate::BlobService) looks for one of these among the extensions of a request, and puts one among those of an answer
/// whose headers have metadata in another case. A name that it lacks is in lower case, and a name that the headers lack means nothing.
///
/// A [`Server`](crate::serve::Server) makes it of what it reads, and writes what it says: only who calls the service without a socket has
/// to give one, and may look for one.
///
/// ```
/// use lazuli_simulation::MetadataCase;
///
/// let case: MetadataCase = ["UserId", "color"].into_iter().collect();
/// assert_eq!(case.written("userid"), Some("UserId"));
/// // In lower case already, so there is nothing to keep.
/// assert_eq!(case.written("color"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataCase {
    /// By their lower case. Names that are in it have nothing to tell.
    names: BTreeMap<String, Box<str>>,
}

impl MetadataCase {
    /// How a name is written, if that is not in lower case. It may be asked for in any case.
    #[must_use]
    pub fn written(&self, name: &str) -> Option<&str> {
        if self.is_empty() {
            return None;
        }
        self.names.get(&name.to_ascii_lowercase()).map(AsRef::as_ref)
    }

    /// Whether all names are in lower case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl<'a> FromIterator<&'a str> for MetadataCase {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let is_told = |name: &&str| name.bytes().any(|byte| byte.is_ascii_uppercase());
        let pair = |name: &str| (name.to_ascii_lowercase(), name.into());
        Self {
            names: names.into_iter().filter(is_told).map(pair).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_upper_case_has_anything_to_tell() {
        assert!(["a", "_b1", ""].into_iter().collect::<MetadataCase>().is_empty());
        let case: MetadataCase = ["a", "UserId", "_B"].into_iter().collect();
        assert!(!case.is_empty());
        for name in ["userid", "UserId", "USERID"] {
            assert_eq!(case.written(name), Some("UserId"));
        }
        assert_eq!(case.written("_b"), Some("_B"));
        assert_eq!((case.written("a"), case.written("other")), (None, None));
    }
}

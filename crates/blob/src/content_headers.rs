//! The headers that a blob keeps, and gives back to whoever reads it.

use http::HeaderMap;
use lazuli_protocol::{Error, Md5, header};

use crate::operations::set_header as set;

/// `Content-Type` and its siblings, kept with a blob. A write that replaces the blob, or sets its properties, clears what it does
/// not name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentHeaders {
    /// `Content-Type`; the service takes `application/octet-stream` when there is none.
    pub content_type: Option<String>,
    /// `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// `Content-Language`.
    pub content_language: Option<String>,
    /// `Content-Disposition`.
    pub content_disposition: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// The MD5 of the whole blob. The service checks it on Put Blob, and takes it as it is on Put Block List.
    pub content_md5: Option<Md5>,
}

impl ContentHeaders {
    pub(crate) fn apply(&self, headers: &mut HeaderMap) -> Result<(), Error> {
        let md5 = self.content_md5.map(|md5| md5.to_string());
        for (name, value) in [
            (header::BLOB_CONTENT_TYPE, &self.content_type),
            (header::BLOB_CONTENT_ENCODING, &self.content_encoding),
            (header::BLOB_CONTENT_LANGUAGE, &self.content_language),
            (header::BLOB_CONTENT_DISPOSITION, &self.content_disposition),
            (header::BLOB_CACHE_CONTROL, &self.cache_control),
            (header::BLOB_CONTENT_MD5, &md5),
        ] {
            if let Some(value) = value {
                set(headers, name, value)?;
            }
        }
        Ok(())
    }
}

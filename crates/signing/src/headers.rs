//! Names of the headers that signing itself reads or writes, beside those that [`http::header`] knows.

use http::HeaderName;

/// What every header of the storage services begins with.
pub(crate) const X_MS_PREFIX: &str = "x-ms-";

pub(crate) static X_MS_DATE: HeaderName = HeaderName::from_static("x-ms-date");
pub(crate) static X_MS_VERSION: HeaderName = HeaderName::from_static("x-ms-version");
pub(crate) const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

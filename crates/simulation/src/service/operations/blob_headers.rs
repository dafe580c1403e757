//! The headers that Get Blob and Get Blob Properties share.

use http::header;
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::state::Blob;

impl Call {
    /// Adds what a blob says of itself. `md5` is the checksum of the whole, where the answer holds it.
    pub(super) fn blob_headers(&self, answer: Answer, blob: &Blob, md5: Option<&str>) -> Answer {
        let headers = &blob.headers;
        // A shared access signature may say how the blob is to be read, whatever was kept with it.
        let given = self.caller.overrides().cloned().unwrap_or_default();
        let said = |given: Option<String>, kept: &Option<Box<str>>| {
            given.or_else(|| kept.as_deref().map(str::to_owned))
        };
        // Before 2011-08-18 tags had no quotes, and ranges were not spoken of.
        let old = !self.since(b"2011-08-18");
        let tag = if old {
            blob.tag.to_string()
        } else {
            blob.tag.quoted()
        };
        let answer = answer
            .some(
                header::CONTENT_TYPE,
                said(given.content_type, &headers.content_type),
            )
            .some(
                header::CONTENT_ENCODING,
                said(given.content_encoding, &headers.encoding),
            )
            .some(
                header::CONTENT_LANGUAGE,
                said(given.content_language, &headers.language),
            )
            .some(names::CONTENT_MD5, md5)
            .some(
                header::CACHE_CONTROL,
                said(given.cache_control, &headers.cache_control),
            )
            .header(header::LAST_MODIFIED, blob.modified.rfc1123())
            .some(header::ACCEPT_RANGES, (!old).then_some("bytes"))
            .header(header::ETAG, tag)
            .some(
                header::CONTENT_DISPOSITION,
                said(given.content_disposition, &headers.disposition),
            )
            .metadata(&blob.metadata)
            .header(names::CREATION_TIME, blob.created.rfc1123())
            .header(names::LEASE_STATUS, "unlocked");
        answer.some(names::LEASE_STATE, (!old).then_some("available"))
    }

    /// Adds the tier that a blob is in.
    pub(super) fn tier_headers(&self, answer: Answer, blob: &Blob) -> Answer {
        match &blob.tier {
            Some(tier) => answer
                .header(names::ACCESS_TIER, tier.tier.as_str())
                .header(names::ACCESS_TIER_CHANGE_TIME, tier.changed.rfc1123()),
            None => answer
                .header(names::ACCESS_TIER, "Hot")
                .header(names::ACCESS_TIER_INFERRED, "true"),
        }
    }
}

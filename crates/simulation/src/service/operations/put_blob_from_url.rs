//! Put Blob From URL: a block blob from all bytes of another blob, of whatever kind.

use http::{StatusCode, header};
use lazuli_protocol::{Md5, header as names, limits};

use super::copy_blob::source_too_large;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::copy_source::{Purpose, Source};
use crate::service::receive::{compare, md5_mismatch};
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Content, ContentHeaders, NewBlob, Piece, Pieces};

/// Put Blob From URL.
pub(in crate::service) async fn put_blob_from_url(call: &Call, _: Incoming) -> Outcome {
    match call.header(&names::BLOB_TYPE)? {
        Some("BlockBlob") => {}
        other => {
            return Err(Refusal::bad_header(
                names::BLOB_TYPE.as_str(),
                other.unwrap_or_default(),
            ));
        }
    }
    call.check_bodiless()?;
    let (access, checksum) = (call.write_access()?, call.source_checksum()?);
    let source = call.source(Purpose::Bytes).await?;
    let mut new = call.new_blob_from(&source)?;
    if source.found.blob.len > limits::PUT_BLOB_BYTES {
        return Err(source_too_large(limits::PUT_BLOB_BYTES));
    }
    call.note_read_of(&source).await;
    let blob = source.found.blob;
    // Pieces are shared, without the ids that they had as blocks; what pages hold is written anew.
    let shared: Option<Pieces> = match &blob.content {
        Content::Block(pieces) | Content::Append { pieces, .. } => Some(
            pieces
                .iter()
                .map(|piece| Piece {
                    id: None,
                    content: piece.content.clone(),
                })
                .collect(),
        ),
        Content::Page { .. } => None,
    };
    let len = blob.len;
    let taken = call.take(blob, 0, len, true, shared.is_none()).await?;
    compare(checksum, &taken)?;
    if let (Some(given), Some(found)) = (call.header(&names::BLOB_CONTENT_MD5)?, taken.md5) {
        match given.parse::<Md5>() {
            Ok(given) if given != found => return Err(md5_mismatch(given, Some(found))),
            _ => {}
        }
    }
    new.headers.md5 = taken.md5.map(|md5| md5.to_string().into());
    let written = || {
        let content = taken.content.map(|content| Piece { id: None, content });
        content.into_iter().collect()
    };
    let pieces = shared.unwrap_or_else(written);
    let put = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            state.put_blob(now, at, new, Content::Block(pieces), len, &access)
        })
        .await?;
    let answer = Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, put.modified.rfc1123())
        .header(header::ETAG, put.tag.quoted());
    Ok(call.tell_checksums(answer, checksum, taken.crc64).written(&put))
}

impl Call {
    /// What the request says of the blob, and what it takes over from the source.
    fn new_blob_from(&self, source: &Source) -> Result<NewBlob, Box<Refusal>> {
        let mut new = self.new_blob_with(self.copied_tags(source)?)?;
        let takes_over = match self.header(&names::COPY_SOURCE_BLOB_PROPERTIES)? {
            None => true,
            Some(_) => self.flag(&names::COPY_SOURCE_BLOB_PROPERTIES)?,
        };
        let blob = &source.found.blob;
        if takes_over {
            let given = self.content_headers(false)?;
            new.headers = ContentHeaders {
                content_type: given.content_type.or(blob.headers.content_type.clone()),
                encoding: given.encoding.or(blob.headers.encoding.clone()),
                language: given.language.or(blob.headers.language.clone()),
                cache_control: given.cache_control.or(blob.headers.cache_control.clone()),
                disposition: given.disposition.or(blob.headers.disposition.clone()),
                md5: None,
            };
        }
        if new.metadata.is_empty() {
            new.metadata = blob.metadata.clone();
        }
        Ok(new)
    }
}

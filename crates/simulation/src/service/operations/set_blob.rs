//! Set Blob Metadata and Set Blob Properties.

use http::{HeaderName, StatusCode, header};
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Blob, NewProperties, SequenceChange};

/// Set Blob Metadata.
pub(in crate::service) async fn set_blob_metadata(call: &Call, _: Incoming) -> Outcome {
    let metadata = call.metadata()?;
    let (access, encryption) = (call.write_access()?, call.encryption()?);
    let set = call
        .engine
        .change(|state, now| state.set_blob_metadata(now, call.blob(), metadata, &encryption, &access))
        .await?;
    Ok(changed(&set).written(&set))
}

/// Set Blob Properties.
pub(in crate::service) async fn set_blob_properties(call: &Call, _: Incoming) -> Outcome {
    const OWN: [HeaderName; 6] = [
        names::BLOB_CACHE_CONTROL,
        names::BLOB_CONTENT_DISPOSITION,
        names::BLOB_CONTENT_ENCODING,
        names::BLOB_CONTENT_LANGUAGE,
        names::BLOB_CONTENT_MD5,
        names::BLOB_CONTENT_TYPE,
    ];
    let access = call.write_access()?;
    let given = OWN.iter().any(|name| call.parts.headers.contains_key(name));
    let new = NewProperties {
        headers: if given {
            Some(call.content_headers(false)?)
        } else {
            None
        },
        len: call.page_blob_size()?,
        sequence: call.sequence_change()?,
        encryption: call.encryption()?,
    };
    let set = call
        .engine
        .change(|state, now| state.set_blob_properties(now, call.blob(), new, &access))
        .await?;
    let sequence = set.pages().ok().map(|(_, sequence)| sequence.to_string());
    Ok(changed(&set).some(names::BLOB_SEQUENCE_NUMBER, sequence))
}

impl Call {
    /// What is to become of a page blob's sequence number.
    fn sequence_change(&self) -> Result<Option<SequenceChange>, Box<Refusal>> {
        const NUMBER: HeaderName = names::BLOB_SEQUENCE_NUMBER;
        let Some(action) = self.header(&names::SEQUENCE_NUMBER_ACTION)? else {
            return Ok(None);
        };
        let number = self.number(&NUMBER)?;
        match (action.to_ascii_lowercase().as_str(), number) {
            ("update", Some(number)) => Ok(Some(SequenceChange::Update(number))),
            ("max", Some(number)) => Ok(Some(SequenceChange::Max(number))),
            ("increment", None) => Ok(Some(SequenceChange::Increment)),
            ("update" | "max", None) => Err(Refusal::missing_header(NUMBER.as_str())),
            ("increment", Some(number)) => Err(Refusal::bad_header(NUMBER.as_str(), &number.to_string())),
            _ => Err(Refusal::bad_header(
                names::SEQUENCE_NUMBER_ACTION.as_str(),
                action,
            )),
        }
    }
}

fn changed(blob: &Blob) -> Answer {
    Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, blob.modified.rfc1123())
        .header(header::ETAG, blob.tag.quoted())
}

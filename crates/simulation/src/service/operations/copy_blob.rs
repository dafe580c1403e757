//! Copy Blob, Copy Blob From URL, Incremental Copy Blob and Abort Copy Blob.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use http::{StatusCode, header};
use lazuli_protocol::{CopyStatus, ErrorCode, RehydratePriority, header as names, limits};
use uuid::Uuid;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::copy_source::{Purpose, Source};
use crate::service::receive::compare;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Blob, IncrementalCopy, NewCopy, Timestamp, Which};

/// Copy Blob: done when its answer comes, or later, as the account says.
pub(in crate::service) async fn copy_blob(call: &Call, _: Incoming) -> Outcome {
    call.check_bodiless()?;
    let source = call.source(Purpose::Copy).await?;
    let copied = call.copy(&source, call.copy_time()).await?;
    Ok(Answer::new(StatusCode::ACCEPTED).copying(&copied, call.engine.now()))
}

/// Copy Blob From URL: done when its answer comes.
pub(in crate::service) async fn copy_blob_from_url(call: &Call, body: Incoming) -> Outcome {
    if !call.flag(&names::REQUIRES_SYNC)? {
        return copy_blob(call, body).await;
    }
    call.check_bodiless()?;
    let checksum = call.source_checksum()?;
    let source = call.source(Purpose::Whole).await?;
    let blob = &source.found.blob;
    if blob.len > limits::SYNC_COPY_BYTES {
        return Err(source_too_large(limits::SYNC_COPY_BYTES));
    }
    // The bytes are shared: they are read for their checksum alone.
    let sums = call.take(blob.clone(), 0, blob.len, true, false).await?;
    compare(checksum, &sums)?;
    let copied = call.copy(&source, Duration::ZERO).await?;
    let answer = Answer::new(StatusCode::ACCEPTED).header(names::REQUEST_SERVER_ENCRYPTED, "true");
    let answer = call.tell_checksums(answer, checksum, sums.crc64);
    Ok(answer
        .copying(&copied, call.engine.now())
        .encrypted(&copied.encryption))
}

/// Incremental Copy Blob.
pub(in crate::service) async fn incremental_copy_blob(call: &Call, _: Incoming) -> Outcome {
    call.check_bodiless()?;
    let access = call.write_access()?;
    let source = call.source(Purpose::Copy).await?;
    if !matches!(source.which, Which::Snapshot(_)) {
        return Err(ErrorCode::IncrementalCopySourceMustBeSnapshot.into());
    }
    let copy = IncrementalCopy {
        id: call.engine.random.guid(),
        source: source.url.clone(),
    };
    let time = call.copy_time();
    let copied = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            state.copy_incrementally(now, at, &source.found.blob, copy, time, &access)
        })
        .await?;
    Ok(Answer::new(StatusCode::ACCEPTED)
        .about(&copied, &copied)
        .header(names::COPY_STATUS, CopyStatus::Pending.as_str()))
}

/// Abort Copy Blob.
pub(in crate::service) async fn abort_copy_blob(call: &Call, _: Incoming) -> Outcome {
    const ID: &str = "copyid";
    match call.header(&names::COPY_ACTION)? {
        None => return Err(Refusal::missing_header(names::COPY_ACTION.as_str())),
        Some(action) if action.eq_ignore_ascii_case("abort") => {}
        Some(other) => return Err(Refusal::bad_header(names::COPY_ACTION.as_str(), other)),
    }
    let Some(text) = call.query.some(ID) else {
        return Err(Refusal::new(ErrorCode::MissingRequiredQueryParameter).detail("QueryParameterName", ID));
    };
    let id =
        Uuid::try_parse(text).map_err(|_| Refusal::bad_query(ID, text, "copyid needs to be valid Guid."))?;
    let access = call.write_access()?;
    call.engine
        .change(|state, now| state.abort_copy(now, call.blob(), id, &access))
        .await?;
    Ok(Answer::new(StatusCode::NO_CONTENT))
}

/// A source that is there and cannot be taken.
pub(super) fn refused_source(message: impl Into<Cow<'static, str>>) -> Box<Refusal> {
    let mut refusal = Refusal::new(ErrorCode::CannotVerifyCopySource);
    refusal.status = StatusCode::CONFLICT;
    refusal.message(message)
}

/// A source that has more bytes than are taken of one. Nothing of it was read.
pub(super) fn source_too_large(most: u64) -> Box<Refusal> {
    let most = most / (1024 * 1024);
    refused_source(format!(
        "The source request body for copy source is too large and exceeds the maximum permissible limit ({most}MB)."
    ))
}

impl Call {
    /// How long a copy takes here that goes on after its answer.
    fn copy_time(&self) -> Duration {
        self.engine
            .read(|state| state.options(&self.target.account).copy_time)
    }

    async fn copy(&self, source: &Source, time: Duration) -> Result<Arc<Blob>, Box<Refusal>> {
        let access = self.write_access()?;
        let copy = NewCopy {
            blob: self.new_copy(source)?,
            id: self.engine.random.guid(),
            source: source.url.clone(),
            from: source.at.clone().filter(|_| source.which == Which::Current),
            priority: self.rehydrate_priority()?,
            seal: match self.header(&names::SEAL_BLOB)? {
                None => None,
                Some(_) => Some(self.flag(&names::SEAL_BLOB)?),
            },
        };
        let copied = self.engine.change(|state, now| {
            let at = self.blob();
            self.check_overwrite(state, now, &at)?;
            state.copy_blob(now, at, &source.found.blob, copy, time, &access)
        });
        let copied = copied.await?;
        self.note_read_of(source).await;
        Ok(copied)
    }

    /// How urgently a blob is to be brought out of the archive.
    pub(super) fn rehydrate_priority(&self) -> Result<RehydratePriority, Box<Refusal>> {
        let Some(text) = self.header(&names::REHYDRATE_PRIORITY)? else {
            return Ok(RehydratePriority::Standard);
        };
        match RehydratePriority::from(text) {
            RehydratePriority::Unknown(_) => {
                Err(Refusal::bad_header(names::REHYDRATE_PRIORITY.as_str(), text))
            }
            known => Ok(known),
        }
    }
}

impl Answer {
    /// Adds what becomes of a copy, as it stands now.
    fn copying(self, blob: &Arc<Blob>, now: Timestamp) -> Self {
        let seen = blob.seen(now);
        let status = seen.copy.as_ref().map(|copy| copy.status.clone());
        self.about(&seen, blob)
            .some(names::COPY_STATUS, status.as_ref().map(CopyStatus::as_str))
    }

    fn about(self, seen: &Blob, blob: &Blob) -> Self {
        self.header(header::LAST_MODIFIED, seen.modified.rfc1123())
            .header(header::ETAG, seen.tag.quoted())
            .some(names::VERSION_ID, blob.version.map(Timestamp::iso8601))
            .some(names::COPY_ID, seen.copy.as_ref().map(|copy| copy.id.clone()))
    }
}

//! Set Blob Expiry.

use std::time::Duration;

use http::{StatusCode, header};
use lazuli_protocol::{ErrorCode, ExpiryOption, header as names, parse_rfc1123};

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{Blob, State, Timestamp};

/// When a blob is to go by itself.
#[derive(Clone, Copy)]
enum Expiry {
    Never,
    AfterCreation(Duration),
    FromNow(Duration),
    At(Timestamp),
}

/// Set Blob Expiry.
pub(in crate::service) async fn set_blob_expiry(call: &Call, _: Incoming) -> Outcome {
    let expiry = call.expiry()?;
    let access = call.write_access()?;
    let set = call
        .engine
        .change(|state, now| {
            if !state.options(&call.target.account).hierarchical {
                return Err(ErrorCode::HierarchicalNamespaceNotEnabled.into());
            }
            state.set_blob(now, call.blob(), &access, |blob| {
                blob.expires = expiry.of(now, blob);
                Ok(())
            })
        })
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, set.modified.rfc1123())
        .header(header::ETAG, set.tag.quoted()))
}

impl Expiry {
    fn of(self, now: Timestamp, blob: &Blob) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::AfterCreation(time) => Some(blob.created.after(time)),
            Self::FromNow(time) => Some(now.after(time)),
            Self::At(at) => Some(at),
        }
    }
}

impl Call {
    /// When the blob that the request makes is to go by itself.
    pub(in crate::service) fn new_expiry(&self) -> Result<Option<Timestamp>, Box<Refusal>> {
        if self.header(&names::EXPIRY_OPTION)?.is_none() {
            return Ok(None);
        }
        let hierarchical = |state: &State| state.options(&self.target.account).hierarchical;
        if !self.engine.read(hierarchical) {
            return Err(ErrorCode::HierarchicalNamespaceNotEnabled.into());
        }
        Ok(match self.expiry()? {
            Expiry::Never => None,
            // It is made now.
            Expiry::AfterCreation(time) | Expiry::FromNow(time) => Some(self.engine.now().after(time)),
            Expiry::At(at) => Some(at),
        })
    }

    fn expiry(&self) -> Result<Expiry, Box<Refusal>> {
        const OPTION: &str = "x-ms-expiry-option";
        const TIME: &str = "x-ms-expiry-time";
        let option = self
            .header(&names::EXPIRY_OPTION)?
            .ok_or_else(|| Refusal::missing_header(OPTION))?;
        let time = self.header(&names::EXPIRY_TIME)?;
        let needed = || time.ok_or_else(|| Refusal::missing_header(TIME));
        let milliseconds = || -> Result<Duration, Box<Refusal>> {
            let text = needed()?;
            text.parse()
                .map(Duration::from_millis)
                .map_err(|_| Refusal::bad_header(TIME, text))
        };
        Ok(match ExpiryOption::from(option) {
            ExpiryOption::NeverExpire => match time {
                Some(text) => return Err(Refusal::bad_header(TIME, text)),
                None => Expiry::Never,
            },
            ExpiryOption::RelativeToCreation => Expiry::AfterCreation(milliseconds()?),
            ExpiryOption::RelativeToNow => Expiry::FromNow(milliseconds()?),
            ExpiryOption::Absolute => {
                let text = needed()?;
                let at = parse_rfc1123(text).map_err(|_| Refusal::bad_header(TIME, text))?;
                if Timestamp::from(at) <= self.engine.now() {
                    return Err(Refusal::bad_header(TIME, text));
                }
                Expiry::At(at.into())
            }
            _ => return Err(Refusal::bad_header(OPTION, option)),
        })
    }
}

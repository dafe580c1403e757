//! Restore Container and Rename Container.

use http::{HeaderName, StatusCode};
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;

/// Restore Container, under its own name or another.
pub(in crate::service) async fn restore_container(call: &Call, _: Incoming) -> Outcome {
    let name = call.required(&names::DELETED_CONTAINER_NAME)?;
    let version = call.required(&names::DELETED_CONTAINER_VERSION)?;
    call.engine
        .change(|state, now| Ok((state.restore_container(now, call.container(), name, version)?, ())))
        .await?;
    Ok(Answer::new(StatusCode::CREATED))
}

/// Rename Container.
pub(in crate::service) async fn rename_container(call: &Call, _: Incoming) -> Outcome {
    let source = call.required(&names::SOURCE_CONTAINER_NAME)?;
    let lease = call.guid(&names::SOURCE_LEASE_ID)?;
    call.engine
        .change(|state, now| Ok((state.rename_container(now, call.container(), source, lease)?, ())))
        .await?;
    Ok(Answer::new(StatusCode::OK))
}

impl Call {
    /// A header that an operation cannot do without.
    pub(super) fn required(&self, name: &HeaderName) -> Result<&str, Box<Refusal>> {
        self.header(name)?
            .ok_or_else(|| Refusal::missing_header(name.as_str()))
    }
}

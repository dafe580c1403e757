//! Create, Get and Delete Container, and its metadata.

use http::{StatusCode, header};
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::state::{AccessControl, ContainerProperties, Lease, Leased, NewContainer};

/// What blobs are encrypted with where no scope is named.
pub(super) const ACCOUNT_SCOPE: &str = "$account-encryption-key";

/// Create Container.
pub(in crate::service) async fn create_container(call: &Call, _: Incoming) -> Outcome {
    let metadata = call.metadata()?;
    let access = AccessControl {
        public_access: call.public_access()?,
        policies: Vec::new(),
    };
    let new = NewContainer {
        metadata,
        access,
        default_scope: call
            .header(&names::DEFAULT_ENCRYPTION_SCOPE)?
            .filter(|name| *name != ACCOUNT_SCOPE)
            .map(Into::into),
        scope_is_fixed: call.flag(&names::DENY_ENCRYPTION_SCOPE_OVERRIDE)?,
    };
    let created = call
        .engine
        .change(|state, now| state.create_container(now, call.container(), new))
        .await?;
    Ok(changed(StatusCode::CREATED, &created))
}

/// Get Container Properties.
pub(in crate::service) fn get_container_properties(call: &Call) -> Outcome {
    let properties = look(call)?;
    let answer = changed(StatusCode::OK, &properties).metadata(&properties.metadata);
    Ok(call
        .lease_headers(answer, properties.lease.as_ref())
        .some(
            names::BLOB_PUBLIC_ACCESS,
            properties.access.public_access.as_ref(),
        )
        .header(names::HAS_IMMUTABILITY_POLICY, "false")
        .header(names::HAS_LEGAL_HOLD, "false")
        .some(
            names::IMMUTABLE_STORAGE_WITH_VERSIONING_ENABLED,
            call.since(b"2020-10-02").then_some("false"),
        )
        .header(
            names::DEFAULT_ENCRYPTION_SCOPE,
            properties.default_scope.as_deref().unwrap_or(ACCOUNT_SCOPE),
        )
        .header(
            names::DENY_ENCRYPTION_SCOPE_OVERRIDE,
            properties.scope_is_fixed.to_string(),
        ))
}

/// Get Container Metadata.
pub(in crate::service) fn get_container_metadata(call: &Call) -> Outcome {
    let properties = look(call)?;
    Ok(changed(StatusCode::OK, &properties).metadata(&properties.metadata))
}

/// Set Container Metadata.
pub(in crate::service) async fn set_container_metadata(call: &Call, _: Incoming) -> Outcome {
    let metadata = call.metadata()?;
    let conditions = call.container_conditions()?;
    let lease = call.lease_id()?;
    let decide = |state: &crate::state::State, now| {
        state.set_container_metadata(now, call.container(), metadata, &conditions, lease)
    };
    let set = call.engine.change(decide).await?;
    Ok(changed(StatusCode::OK, &set))
}

/// Delete Container.
pub(in crate::service) async fn delete_container(call: &Call, _: Incoming) -> Outcome {
    let conditions = call.container_conditions()?;
    let lease = call.lease_id()?;
    call.engine
        .change(|state, now| {
            Ok((
                state.delete_container(now, call.container(), &conditions, lease)?,
                (),
            ))
        })
        .await?;
    Ok(Answer::new(StatusCode::ACCEPTED))
}

pub(super) fn look(call: &Call) -> Result<std::sync::Arc<ContainerProperties>, Box<Refusal>> {
    let (at, lease) = (call.container(), call.lease_id()?);
    let properties = call
        .engine
        .read(|state| state.container(&at).map(|container| container.properties.clone()))?;
    // Everybody may look, but who shows a lease must hold it.
    Lease::check_read(
        properties.lease.as_ref(),
        call.engine.now(),
        lease,
        Leased::Container,
    )?;
    Ok(properties)
}

fn changed(status: StatusCode, properties: &ContainerProperties) -> Answer {
    Answer::new(status)
        .header(header::LAST_MODIFIED, properties.modified.rfc1123())
        .header(header::ETAG, properties.tag.quoted())
}

//! Where request ids come from.

use std::fmt::Debug;

use uuid::Uuid;

/// A source of request ids, an input so that a test can foresee them.
pub trait RequestIds: Debug + Send + Sync + 'static {
    /// The id of the next request.
    fn next(&self) -> Uuid;
}

/// Random ids: UUIDs of version 4. They tell requests apart and guard no secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl RequestIds for RandomIds {
    fn next(&self) -> Uuid {
        uuid::Builder::from_random_bytes(fastrand::u128(..).to_ne_bytes()).into_uuid()
    }
}

//! Randomness as an input: the ids that the service makes up follow from one seed.

use std::sync::Mutex;
use std::sync::PoisonError;

use uuid::Uuid;

/// Makes ids. The same seed makes the same ids in the same order.
#[derive(Debug)]
pub(crate) struct Random(Mutex<fastrand::Rng>);

impl Random {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(Mutex::new(
            seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
        ))
    }

    /// An id for a request: a GUID that ends in six zeros, where the parts of a batch count.
    pub(crate) fn request_id(&self) -> Uuid {
        Uuid::from_u128(self.guid().as_u128() & !0xff_ffff)
    }

    /// Any GUID.
    pub(crate) fn guid(&self) -> Uuid {
        let number = self.0.lock().unwrap_or_else(PoisonError::into_inner).u128(..);
        uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_from_the_seed() {
        let ids = |seed| {
            let random = Random::new(Some(seed));
            [random.request_id(), random.request_id()]
        };
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1), ids(2));
        let [first, second] = ids(1);
        assert_ne!(first, second);
        assert!(first.to_string().ends_with("000000"));
    }
}

//! Why a lease is held no longer.

use std::fmt;
use std::sync::Arc;

use crate::Error;

/// Why a lease that was kept alive is held no longer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LeaseLost {
    /// The service does not renew it: somebody broke it, or acquired another after it ran out, or what it was on is gone.
    Refused(Arc<Error>),
    /// Its time ended before a renewal got through, with the last failure. Somebody else may hold one.
    RanOut(Option<Arc<Error>>),
}

impl LeaseLost {
    /// The failure that it comes from, if there was one.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) => Some(error),
            Self::RanOut(error) => error.as_deref(),
        }
    }
}

impl fmt::Display for LeaseLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "the lease is lost: {error}"),
            Self::RanOut(Some(error)) => write!(f, "the lease ran out before it could be renewed: {error}"),
            Self::RanOut(None) => f.write_str("the lease ran out before it could be renewed"),
        }
    }
}

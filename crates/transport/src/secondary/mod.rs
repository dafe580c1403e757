//! Reading from the secondary place of an account when the primary fails.

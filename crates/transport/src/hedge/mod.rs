//! Asking a second time when the first answer is later than most.

//! Keeping to a rate, a chosen one and the one that the service can bear.

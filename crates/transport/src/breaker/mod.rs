//! Not asking a host that has failed too often just now: a circuit breaker per host.

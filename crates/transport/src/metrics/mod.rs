//! Counts and times of calls, by the `metrics` façade.

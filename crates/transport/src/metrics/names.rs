//! What the metrics are called, and what they mean.

use lazuli_protocol::Service;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// The names of one service's metrics.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) operations: &'static str,
    pub(super) latency: &'static str,
    pub(super) bytes: &'static str,
    pub(super) errors: &'static str,
    pub(super) retries: &'static str,
    pub(super) breaker: &'static str,
    pub(super) leases: &'static str,
}

macro_rules! names {
    ($service:literal) => {
        Names {
            operations: concat!($service, "_operations_total"),
            latency: concat!($service, "_latency_seconds"),
            bytes: concat!($service, "_bytes_total"),
            errors: concat!($service, "_errors_total"),
            retries: concat!($service, "_retry_attempts"),
            breaker: concat!($service, "_circuit_breaker_state"),
            leases: concat!($service, "_active_leases"),
        }
    };
}

static BLOB: Names = names!("azure_blob");
static FILES: Names = names!("azure_files");
static ENTRA: Names = names!("azure_entra");

impl Names {
    pub(super) fn of(service: Service) -> &'static Self {
        match service {
            Service::Files => &FILES,
            Service::Entra => &ENTRA,
            _ => &BLOB,
        }
    }

    fn describe(&self) {
        describe_counter!(self.operations, Unit::Count, "Calls that have ended.");
        describe_histogram!(
            self.latency,
            Unit::Seconds,
            "The time from a call to the head of its answer, with all tries."
        );
        describe_counter!(self.bytes, Unit::Bytes, "Bytes of bodies that were sent or read.");
        describe_counter!(
            self.errors,
            Unit::Count,
            "Calls that were refused or had no answer, and bodies that broke off."
        );
        describe_counter!(self.retries, Unit::Count, "Requests that were sent again.");
        describe_gauge!(
            self.breaker,
            "The circuit breaker of a host: 0 closed, 1 half-open, 2 open."
        );
        describe_gauge!(self.leases, Unit::Count, "Leases that are held.");
    }
}

/// Tells the recorder what all metrics mean.
pub(super) fn describe() {
    for names in [&BLOB, &FILES, &ENTRA] {
        names.describe();
    }
}

//! The Instance Metadata Service of a virtual machine, and its rules of trying again.
//!
//! It is busy, restarted and updated with the machine, and says so with statuses that elsewhere are final. The transport knows other
//! rules, so it is told not to repeat these requests.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use lazuli_protocol::{Body, retry_after};
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use super::ask::{self, Answer};
use super::endpoint::Endpoint;
use super::identity::{ManagedIdentity, Parameters};
use crate::{AccessToken, Error, ErrorKind, Settings};

const VERSION: &str = "2018-02-01";

const NAMES: Parameters = Parameters {
    client_id: "client_id",
    object_id: "object_id",
    resource_id: "msi_res_id",
};

const FIRST_WAIT: Duration = Duration::from_millis(800);

/// Statuses that pass, and how long all waits for them may be: 404 while the service is updated, 410 for up to 70 s of a restart, 429 for too
/// many requests, 5xx for a failure. Five waits that double from 0.8 s are 24.8 s.
const PASSING: &[(RangeInclusive<u16>, Duration)] = &[
    (404..=404, Duration::from_millis(24_800)),
    (410..=410, Duration::from_secs(70)),
    (429..=429, Duration::from_millis(24_800)),
    (500..=599, Duration::from_millis(24_800)),
];

/// How long a chain waits for a sign of life.
const PROBE: Duration = Duration::from_millis(900);

/// Whether the service was found, which speaks JSON. It does not go away.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(Arc<AtomicBool>);

pub(super) async fn token(
    settings: &Settings,
    endpoint: &Endpoint,
    resource: &str,
    identity: &ManagedIdentity,
    found: Option<&Found>,
) -> Result<AccessToken, Error> {
    if found.is_some_and(|found| !found.0.load(Ordering::Relaxed)) {
        probe(settings, endpoint).await?;
    }
    let mut waited = Duration::ZERO;
    let mut wait = FIRST_WAIT;
    loop {
        let mut request = ask::get(endpoint, VERSION, resource, identity, NAMES)?;
        request.extensions_mut().insert(ask::INFO.sent_once());
        let answer = ask::send(settings, request).await;
        let answer = answer.map_err(|error| unreached(error, found.is_some()))?;
        if let Some(found) = found {
            if !answer.is_json() {
                return Err(something_else(&answer));
            }
            found.0.store(true, Ordering::Relaxed);
        }
        let left = patience(answer.status.as_u16()).saturating_sub(waited);
        let asked = retry_after(&answer.headers).unwrap_or_default();
        let next = wait.max(asked).min(left);
        if next.is_zero() {
            return read(&answer, found.is_some());
        }
        tracing::debug!(
            status = answer.status.as_u16(),
            ?next,
            "the metadata service is asked again"
        );
        sleep(next).await;
        waited = waited.saturating_add(next);
        wait = wait.saturating_mul(2);
    }
}

/// A service that the environment does not name, and that cannot be reached, is not there.
fn unreached(error: Error, in_chain: bool) -> Error {
    if !in_chain && !error.is_connect() && !error.is_timeout() {
        return error;
    }
    error
        .of_kind(ErrorKind::Unavailable)
        .after("does this run on a virtual machine of Azure? ")
}

/// A proxy, a router or a portal answers for every address, and with any status. The service itself speaks JSON.
fn something_else(answer: &Answer) -> Error {
    Error::unavailable(format!(
        "what answers at the address of the metadata service is something else (status {}, and no JSON); this is no virtual machine of Azure, \
         or a proxy stands before its service",
        answer.status.as_u16()
    ))
}

fn patience(status: u16) -> Duration {
    let row = PASSING.iter().find(|(statuses, _)| statuses.contains(&status));
    row.map_or(Duration::ZERO, |(_, longest)| *longest)
}

fn read(answer: &Answer, in_chain: bool) -> Result<AccessToken, Error> {
    let token = answer.token("the metadata service of this machine", &[]);
    let absent = match (&token, answer.status.as_u16()) {
        // The machine has no such identity.
        (Err(_), 400) => true,
        // A host of containers that answers for a network it cannot reach.
        (Err(_), 403) => answer.says("unreachable"),
        // Something else that listens there and speaks JSON too.
        (Err(error), _) => in_chain && error.kind() == ErrorKind::InvalidResponse,
        (Ok(_), _) => false,
    };
    match token {
        Err(error) if absent => Err(error.of_kind(ErrorKind::Unavailable)),
        token => token,
    }
}

/// Asks without the header that the service insists on: it says no at once, and where there is no service nothing is said.
async fn probe(settings: &Settings, endpoint: &Endpoint) -> Result<(), Error> {
    let request = Request::get(endpoint.as_str())
        .extension(ask::INFO.sent_once())
        .body(Body::empty())
        .map_err(|error| Error::input("the endpoint of the managed identity is no URL").with_source(error))?;
    let nobody = "no metadata service answers; this is no virtual machine of Azure, or its identity is kept from this program";
    match timeout(PROBE, settings.metadata().clone().oneshot(request)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Error::unavailable(nobody).with_source(error)),
        Err(_) => Err(Error::unavailable(nobody)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_patience() {
        for (status, seconds) in [
            (200, 0.0),
            (400, 0.0),
            (404, 24.8),
            (410, 70.0),
            (429, 24.8),
            (500, 24.8),
            (599, 24.8),
        ] {
            assert!(
                (patience(status).as_secs_f64() - seconds).abs() < 1e-9,
                "{status}"
            );
        }
    }
}

//! Lease Blob and Lease Container, both ways.

use http::Response;
use lazuli_blob::operations::{
    AcquireLease, BreakLease, ChangeLease, LeaseTarget, LeaseTime, LeasedBlob, LeasedContainer, ReleaseLease,
    RenewLease,
};
use lazuli_protocol::{Conditions, Error, ErrorKind, EtagMatch, LeaseId, Operation, OperationKind, Repeat};
use std::time::Duration;

use crate::{blob, container, sent, try_sent};

const ID: &str = "8a96d65e-29ea-401b-475e-9598bc634468";
const OTHER: &str = "a0e6c241-96ea-45a3-a44b-6ae868bc14d0";

fn id(text: &str) -> LeaseId {
    text.parse().unwrap()
}

fn of_blob() -> LeasedBlob {
    LeasedBlob {
        container: container(),
        blob: blob(),
    }
}

fn of_container() -> LeasedContainer {
    LeasedContainer {
        container: container(),
    }
}

/// What each action sends for `target`, below its URL.
fn all(target: impl LeaseTarget) -> [String; 6] {
    let mut acquire = AcquireLease::new(target.clone(), LeaseTime::Seconds(15));
    acquire.proposed_id = Some(id(ID));
    let mut cut = BreakLease::new(target.clone());
    cut.break_period = Some(0);
    [
        sent(&acquire),
        sent(&AcquireLease::new(target.clone(), LeaseTime::Infinite)),
        sent(&RenewLease::new(target.clone(), id(ID))),
        sent(&ChangeLease::new(target.clone(), id(ID), id(OTHER))),
        sent(&ReleaseLease::new(target.clone(), id(ID))),
        sent(&cut),
    ]
}

#[test]
fn every_action_on_a_blob_and_on_a_container() {
    let headers = [
        format!("x-ms-lease-action: acquire\nx-ms-lease-duration: 15\nx-ms-proposed-lease-id: {ID}\n\n"),
        "x-ms-lease-action: acquire\nx-ms-lease-duration: -1\n\n".to_owned(),
        format!("x-ms-lease-action: renew\nx-ms-lease-id: {ID}\n\n"),
        format!("x-ms-lease-action: change\nx-ms-lease-id: {ID}\nx-ms-proposed-lease-id: {OTHER}\n\n"),
        format!("x-ms-lease-action: release\nx-ms-lease-id: {ID}\n\n"),
        "x-ms-lease-action: break\nx-ms-lease-break-period: 0\n\n".to_owned(),
    ];
    let on_blob = headers
        .clone()
        .map(|headers| format!("PUT /a%20b/%C3%BC.txt?comp=lease\n{headers}"));
    assert_eq!(all(of_blob()), on_blob);
    let on_container = headers.map(|headers| format!("PUT ?restype=container&comp=lease\n{headers}"));
    assert_eq!(all(of_container()), on_container);
}

#[test]
fn conditions_stand_beside_the_action() {
    let mut renew = RenewLease::new(of_blob(), id(ID));
    renew.conditions = Conditions::new()
        .if_match(EtagMatch::Any)
        .if_tags("\"a\" = 'b'")
        .if_unmodified_since(time::macros::datetime!(2026-01-02 03:04:05 UTC));
    let text = sent(&renew);
    for line in [
        "if-match: *",
        "x-ms-if-tags: \"a\" = 'b'",
        "if-unmodified-since: Fri, 02 Jan 2026 03:04:05 GMT",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn times_that_no_lease_can_have_are_not_sent() {
    for seconds in [0, 14, 61, u32::MAX] {
        let acquire = AcquireLease::new(of_blob(), LeaseTime::Seconds(seconds));
        assert_eq!(try_sent(&acquire).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    let mut long = BreakLease::new(of_blob());
    long.break_period = Some(61);
    assert_eq!(try_sent(&long).unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[test]
fn only_an_acquisition_without_an_id_cannot_be_repeated() {
    let mut acquire = AcquireLease::new(of_container(), LeaseTime::Infinite);
    assert_eq!(acquire.info().repeat, Repeat::Unsafe);
    assert_eq!(acquire.info().kind, OperationKind::Lease);
    acquire.proposed_id = Some(id(ID));
    assert_eq!(acquire.info().repeat, Repeat::Safe);
    assert_eq!(acquire.info().name, "LeaseContainer");
    let request = try_sent(&acquire).unwrap();
    assert_eq!(request.extensions().get(), Some(&acquire.info()));
    assert_eq!(
        BreakLease::new(of_blob()).info(),
        RenewLease::new(of_blob(), id(ID)).info()
    );
    assert_eq!(BreakLease::new(of_blob()).info().name, "LeaseBlob");
}

#[test]
fn lease_ids_are_not_shown() {
    let mut acquire = AcquireLease::new(of_blob(), LeaseTime::Infinite);
    acquire.proposed_id = Some(id(ID));
    let shown = format!("{acquire:?} {:?}", try_sent(&acquire).unwrap());
    assert!(!shown.contains(ID), "{shown}");
}

async fn answered<O: Operation>(status: u16, headers: &[(&str, &str)]) -> Result<O::Output, Error> {
    let mut answer = Response::builder()
        .status(status)
        .header("etag", "\"0x8D9F43EF9F9166D\"")
        .header("last-modified", "Sun, 20 Feb 2022 07:02:36 GMT");
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    crate::answered::<O>(answer, "").await
}

#[tokio::test]
async fn answers() {
    let held = answered::<AcquireLease<LeasedBlob>>(201, &[("x-ms-lease-id", ID)])
        .await
        .unwrap();
    assert_eq!(held.lease_id, Some(id(ID)));
    assert_eq!(held.etag.as_str(), "0x8D9F43EF9F9166D");
    let held = answered::<ChangeLease<LeasedContainer>>(200, &[("x-ms-lease-id", OTHER)])
        .await
        .unwrap();
    assert_eq!(held.lease_id, Some(id(OTHER)));
    // Recorded answers to a renewal have no id here and there.
    let held = answered::<RenewLease<LeasedContainer>>(200, &[]).await.unwrap();
    assert_eq!(held.lease_id, None);
    let released = answered::<ReleaseLease<LeasedBlob>>(200, &[]).await.unwrap();
    assert_eq!(
        released.last_modified,
        time::macros::datetime!(2022-02-20 07:02:36 UTC)
    );
    let broken = answered::<BreakLease<LeasedBlob>>(202, &[("x-ms-lease-time", "59")])
        .await
        .unwrap();
    assert_eq!(broken.remaining, Some(Duration::from_secs(59)));
    let refused =
        answered::<RenewLease<LeasedBlob>>(409, &[("x-ms-error-code", "LeaseIdMismatchWithLeaseOperation")])
            .await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Service);
}

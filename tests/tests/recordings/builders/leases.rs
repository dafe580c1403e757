//! Leases, on blobs and on containers.

use lazuli_blob::operations::{
    AcquireLease, BreakLease, ChangeLease, LeaseTarget, LeaseTime, LeasedBlob, LeasedContainer, ReleaseLease,
    RenewLease,
};
use lazuli_protocol::{Error, LeaseId};

use crate::wanted::{Wanted, unusable};

/// Stands where a recording lost the headers: the ids of leases are not compared then.
const LOST: &str = "00000000-0000-0000-0000-000000000000";

/// What a recorded request leases.
pub(crate) trait Target: LeaseTarget {
    fn of(wanted: &Wanted) -> Result<Self, Error>;
}

impl Target for LeasedBlob {
    fn of(wanted: &Wanted) -> Result<Self, Error> {
        let (container, blob) = (wanted.container()?, wanted.blob()?);
        Ok(Self { container, blob })
    }
}

impl Target for LeasedContainer {
    fn of(wanted: &Wanted) -> Result<Self, Error> {
        let container = wanted.container()?;
        Ok(Self { container })
    }
}

pub(crate) fn acquire<T: Target>(wanted: &Wanted) -> Result<AcquireLease<T>, Error> {
    let time = match wanted.header("x-ms-lease-duration") {
        None | Some("-1") => LeaseTime::Infinite,
        Some(seconds) => LeaseTime::Seconds(
            seconds
                .parse()
                .map_err(|_| unusable("x-ms-lease-duration", seconds))?,
        ),
    };
    let mut acquire = AcquireLease::new(T::of(wanted)?, time);
    acquire.proposed_id = wanted
        .header("x-ms-proposed-lease-id")
        .map(str::parse)
        .transpose()?;
    acquire.conditions = wanted.conditions()?;
    Ok(acquire)
}

pub(crate) fn renew<T: Target>(wanted: &Wanted) -> Result<RenewLease<T>, Error> {
    let mut renew = RenewLease::new(T::of(wanted)?, id(wanted, "x-ms-lease-id")?);
    renew.conditions = wanted.conditions()?;
    Ok(renew)
}

pub(crate) fn change<T: Target>(wanted: &Wanted) -> Result<ChangeLease<T>, Error> {
    let (from, to) = (
        id(wanted, "x-ms-lease-id")?,
        id(wanted, "x-ms-proposed-lease-id")?,
    );
    let mut change = ChangeLease::new(T::of(wanted)?, from, to);
    change.conditions = wanted.conditions()?;
    Ok(change)
}

pub(crate) fn release<T: Target>(wanted: &Wanted) -> Result<ReleaseLease<T>, Error> {
    let mut release = ReleaseLease::new(T::of(wanted)?, id(wanted, "x-ms-lease-id")?);
    release.conditions = wanted.conditions()?;
    Ok(release)
}

pub(crate) fn broken<T: Target>(wanted: &Wanted) -> Result<BreakLease<T>, Error> {
    let mut broken = BreakLease::new(T::of(wanted)?);
    broken.break_period = wanted.parsed("x-ms-lease-break-period")?;
    broken.conditions = wanted.conditions()?;
    Ok(broken)
}

fn id(wanted: &Wanted, header: &str) -> Result<LeaseId, Error> {
    wanted.header(header).unwrap_or(LOST).parse()
}

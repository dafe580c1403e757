//! What the served accounts are like: versions, soft delete and the rest, from the command line.

use std::collections::BTreeMap;
use std::time::Duration;

use lazuli_protocol::{AccountKind, SkuName};
use lazuli_simulation::AccountOptions;

use crate::failure::Failure;

const DAY: u64 = 24 * 60 * 60;
/// The longest that the service keeps anything that was deleted, in days.
const MOST_DAYS: u64 = 365;

/// The options that can be named, and what each is.
const KNOWN: &str = "versioning, keep-deleted-blobs=DAYS, keep-deleted-containers=DAYS, hierarchical-namespace, \
    last-access-time-tracking, encryption-scope=NAME, sku=NAME, kind=NAME, rehydration=SECONDS, copy-time=SECONDS";

/// What each account is like that something is said of: from entries `NAME:OPTION`, several options with commas between them.
///
/// # Errors
/// An entry that cannot be read.
pub(super) fn gather(entries: &[String]) -> Result<BTreeMap<String, AccountOptions>, Failure> {
    let mut accounts: BTreeMap<String, AccountOptions> = BTreeMap::new();
    for entry in entries {
        let (name, options) = entry
            .split_once(':')
            .ok_or_else(|| refuse(entry, "it has no colon"))?;
        for option in options.split(',') {
            let account = accounts.remove(name).unwrap_or_default();
            let account = with(account, option).map_err(|why| refuse(entry, &why))?;
            accounts.insert(name.to_owned(), account);
        }
    }
    Ok(accounts)
}

fn with(account: AccountOptions, option: &str) -> Result<AccountOptions, String> {
    let (name, value) = match option.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (option.trim(), None),
    };
    let value = || value.ok_or_else(|| format!("{name} needs a value: {name}=…"));
    Ok(match name {
        "versioning" => account.versioning(true),
        "hierarchical-namespace" => account.hierarchical_namespace(true),
        "last-access-time-tracking" => account.last_access_time_tracking(true),
        "keep-deleted-blobs" => account.keep_deleted_blobs(days(value()?)?),
        "keep-deleted-containers" => account.keep_deleted_containers(days(value()?)?),
        "encryption-scope" => account.encryption_scope(value()?),
        "sku" => account.sku(known(SkuName::from(value()?), SkuName::KNOWN)?),
        "kind" => account.kind(known(AccountKind::from(value()?), AccountKind::KNOWN)?),
        "rehydration" => {
            let time = seconds(value()?)?;
            account.rehydration(time, time)
        }
        "copy-time" => account.copy_time(seconds(value()?)?),
        _ => return Err(format!("there is no option {name:?}")),
    })
}

fn days(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(days @ 1..=MOST_DAYS) => Ok(Duration::from_secs(days * DAY)),
        _ => Err(format!("{text:?} is no number of days from 1 to {MOST_DAYS}")),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .map(Duration::from_secs)
        .map_err(|_| format!("{text:?} is no number of seconds"))
}

fn known<T: PartialEq + AsRef<str>>(value: T, all: &[T]) -> Result<T, String> {
    if all.contains(&value) {
        return Ok(value);
    }
    let names: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
    Err(format!("{:?} is none of {}", value.as_ref(), names.join(", ")))
}

fn refuse(entry: &str, why: &str) -> Failure {
    Failure::usage(format!("--account-options {entry:?}: {why}")).help(format!(
        "write NAME:OPTION or NAME:OPTION,OPTION with the options {KNOWN}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(entries: &[&str]) -> Result<Vec<(String, AccountOptions)>, String> {
        let entries: Vec<_> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        match gather(&entries) {
            Ok(accounts) => Ok(accounts.into_iter().collect()),
            Err(failure) => Err(failure.message().to_owned()),
        }
    }

    #[test]
    fn options_of_an_account_add_up() {
        let week = Duration::from_secs(7 * DAY);
        let expected = AccountOptions::new()
            .versioning(true)
            .last_access_time_tracking(true)
            .keep_deleted_blobs(week)
            .encryption_scope("finance")
            .encryption_scope("legal");
        let entries = [
            "one:versioning,last-access-time-tracking,keep-deleted-blobs=7",
            "one:encryption-scope=finance,encryption-scope=legal",
            "two:sku=Premium_LRS",
        ];
        let two = AccountOptions::new().sku(SkuName::PremiumLrs);
        assert_eq!(
            said(&entries).unwrap(),
            [("one".to_owned(), expected), ("two".to_owned(), two)]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (entry, part) in [
            ("versioning", "no colon"),
            ("one:verions", "there is no option \"verions\""),
            ("one:keep-deleted-blobs", "needs a value"),
            ("one:keep-deleted-blobs=0", "from 1 to 365"),
            ("one:copy-time=soon", "no number of seconds"),
            ("one:sku=Gold", "none of Standard_LRS"),
        ] {
            let message = said(&[entry]).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }
}

//! With what a signature is made: the account's key, or a key that the service lends to whoever is logged in.

use lazuli_blob::delegation_key;
use lazuli_protocol::Endpoint;
use lazuli_protocol::xml::KeyInfo;
use lazuli_signing::{Credential, SharedKey, UserDelegationKey};
use time::{Duration, OffsetDateTime};

use super::Target;
use super::terms::{Terms, policy_needs_key};
use crate::account::{Access, Account};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::location::{Place, Remote};
use crate::session::Session;

/// The longest that the service lends a key for.
const LONGEST_LOAN: Duration = Duration::days(7);
/// What is to open for that long opens a little shorter: seven days count by the service's clock, which may be behind this machine's.
const SHY: Duration = Duration::minutes(15);
/// How far this machine's clock may be ahead of the service's.
const AHEAD: Duration = Duration::minutes(5);

/// A key that can sign.
pub(super) enum Key {
    Account(SharedKey),
    User(UserDelegationKey),
}

impl Key {
    /// The kind of signature that it makes, as it is called in JSON.
    pub(super) fn kind(&self, remote: &Remote) -> &'static str {
        match (self, Target::of(remote)) {
            (_, Target::Account) => "account",
            (Self::Account(_), _) => "service",
            (Self::User(_), _) => "user_delegation",
        }
    }
}

/// Finds the account, and a key of it.
pub(super) async fn find(
    session: &Session,
    remote: &Remote,
    terms: &mut Terms,
    now: OffsetDateTime,
) -> Result<(Endpoint, Key), Failure> {
    if let Place::Url { sas: Some(_), .. } = &remote.place {
        return Err(Failure::usage("a SAS cannot make another SAS")
            .help("leave it out of the URL, and set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY"));
    }
    let (endpoint, access) = match session.resolve(&remote.place)? {
        Account::Embedded => {
            return Err(Failure::usage(
                "the local account has no address for others, so there is nothing to sign",
            )
            .help("run `lazuli serve --location .lazuli`, and set AZURE_STORAGE_CONNECTION_STRING=UseDevelopmentStorage=true"));
        }
        Account::Service { endpoint, access, .. } => (endpoint, access),
    };
    let key = match access {
        Access::Credential(Credential::SharedKey(key)) => Key::Account(key),
        Access::Entra => Key::User(borrow(session, remote, &endpoint, terms, now).await?),
        Access::Credential(_) => {
            return Err(
                Failure::new(Exit::Denied, "only a key can sign, and there is none")
                    .help("set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY, or log in with `az login`"),
            );
        }
    };
    Ok((endpoint, key))
}

async fn borrow(
    session: &Session,
    remote: &Remote,
    endpoint: &Endpoint,
    terms: &mut Terms,
    now: OffsetDateTime,
) -> Result<UserDelegationKey, Failure> {
    let Some(expires) = terms.own_expiry() else {
        return Err(policy_needs_key());
    };
    if expires > now + LONGEST_LOAN {
        return Err(
            Failure::usage("without the account's key, a SAS opens for 7 days at most")
                .help("say --expires 7d or less, or set AZURE_STORAGE_KEY"),
        );
    }
    let account = endpoint
        .account()
        .and_then(|name| name.parse().ok())
        .ok_or_else(|| Failure::usage(format!("{endpoint} does not say which account it is")))?;
    let connection = session
        .connect(&remote.place, crate::session::Intent::Read)
        .await?;
    let expires = terms.end_by(expires.min(now + LONGEST_LOAN - SHY));
    let info = KeyInfo::new(now - AHEAD, expires);
    let asked = connection.service().user_delegation_key(info).await;
    let about = connection.about(format!("cannot sign {remote}"), remote);
    let answer = asked.map_err(|error| about.blob(&error))?;
    delegation_key(account, &answer).map_err(|error| about.blob(&error))
}

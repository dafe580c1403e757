//! Shared access signatures of every kind, made by the signing crate and judged by the simulation.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod account;
mod delegated_user;
mod delegation;
mod hostile;
mod origin;
mod overrides;
mod permissions;
mod policies;
mod refusals;
#[path = "../rig/mod.rs"]
mod rig;
mod service;
mod tampering;
mod versions;

use lazuli_signing::{Permissions, UserDelegationKey, UserDelegationKeyFields};
use rig::{ACCOUNT, Reply, Rig};
use secrecy::ExposeSecret as _;
use time::OffsetDateTime;
use time::macros::datetime;

const DETAIL: &str = "AuthenticationErrorDetail";
/// The user whom keys are lent to.
const OID: &str = "0f0f0f0f-0000-4000-8000-00000000000a";
/// Their tenant.
const TID: &str = "0f0f0f0f-0000-4000-8000-00000000000b";

/// An hour after the time at which the clock of a rig stands.
const LATER: OffsetDateTime = datetime!(2026-03-01 13:00 UTC);

/// A container `box` with the blobs `a` and `dir/sub/b`.
async fn filled() -> Rig {
    let rig = Rig::new();
    rig.make_container("box").await;
    rig.put_blob("/box/a", "content of a").await;
    rig.put_blob("/box/dir/sub/b", "content of b").await;
    rig
}

/// Has a key lent, as clients do.
async fn lend(rig: &Rig, start: &str, expiry: &str, tenant: &str) -> UserDelegationKey {
    let body = format!(
        "<KeyInfo><Start>{start}</Start><Expiry>{expiry}</Expiry><DelegatedUserTid>{tenant}</DelegatedUserTid></KeyInfo>"
    );
    let reply = rig
        .request("POST", "/?restype=service&comp=userdelegationkey")
        .body(body)
        .header("authorization", rig::bearer(OID, TID))
        .send_unsigned()
        .await
        .expect(200);
    let key = lazuli_protocol::xml::UserDelegationKey::parse(&reply.body).unwrap();
    let fields = UserDelegationKeyFields {
        object_id: &key.signed_oid,
        tenant_id: &key.signed_tid,
        start: key.signed_start,
        expiry: key.signed_expiry,
        service: &key.signed_service,
        version: &key.signed_version,
        delegated_tenant_id: key.signed_delegated_user_tid.as_deref(),
        value: key.value.expose_secret(),
    };
    UserDelegationKey::new(ACCOUNT.parse().unwrap(), fields).unwrap()
}

async fn lent(rig: &Rig) -> UserDelegationKey {
    lend(rig, "2026-03-01T11:00:00Z", "2026-03-02T12:00:00Z", "").await
}

fn letters(text: &str) -> Permissions {
    text.parse().unwrap()
}

impl Reply {
    /// Checks a refusal of somebody who could not be made sure of, by its detail.
    #[track_caller]
    fn expect_detail(self, detail: &str) {
        let reply = self.expect_error(403, "AuthenticationFailed");
        assert_eq!(reply.element(DETAIL), detail);
        assert_eq!(reply.header("server"), "Microsoft-HTTPAPI/2.0");
    }
}

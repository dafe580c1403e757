//! A service with two containers that hold blobs of the same names, and the keys that open it.

use std::process::Command;

use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey, UserDelegationKey, UserDelegationKeyFields};
use lazuli_simulation::entra::{CLIENT_ID, CLIENT_SECRET, TENANT};
use lazuli_tests::process::{Running, Served};
use lazuli_tests::tools;
use serde_json::{Value, json};
use tempfile::TempDir;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::folder;
use crate::official::Sdk;
use crate::plain;

/// The blobs of each container. Each holds its own URL path.
pub(super) const BLOBS: [&str; 4] = ["dir/a.txt", "dir/sub/ü &+.txt", "dirt/a.txt", "top.txt"];

pub(super) const CONTAINERS: [&str; 2] = ["box", "next"];

const SECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// The service, and a time that all tokens are made around.
pub(super) struct Stand {
    served: Served,
    front: Front,
    pub(super) now: OffsetDateTime,
}

impl Stand {
    pub(super) async fn new() -> Self {
        let served = Served::start_with_identities();
        for name in CONTAINERS {
            let container = served.blobs().container(name);
            container.create().await.unwrap();
            for blob in BLOBS {
                container.blob(blob).upload(content(name, blob)).await.unwrap();
            }
        }
        Self {
            front: Front::before(&served),
            now: SystemClock.now(),
            served,
        }
    }

    pub(super) fn shared_key(&self) -> SharedKey {
        self.served.shared_key()
    }

    /// The URL of something in the account, with a token.
    pub(super) fn url(&self, path: &str, token: &str) -> String {
        let base = self.served.account_url();
        match path {
            "" => format!("{base}?{token}"),
            path => format!("{base}/{path}?{token}"),
        }
    }

    /// The step of a script that sets the stored access policies of a container, with the account's key.
    pub(super) fn set_policies(&self, container: &str, policies: Value) -> Value {
        json!({
            "do": "set policies",
            "url": format!("{}/{container}", self.served.account_url()),
            "credential": { "account_name": EMULATOR_ACCOUNT, "account_key": EMULATOR_KEY },
            "policies": policies,
        })
    }

    /// A key that the service lends to whoever has a token of Entra. An SDK asks for it.
    pub(super) fn lent_key(&self, sdk: Sdk) -> LentKey {
        let step = json!({
            "do": "lend key",
            "url": format!("{}/{EMULATOR_ACCOUNT}", self.front.url),
            "certificate": self.front.certificate,
            "token": self.token_of_entra(),
            "start": text(self.now - Duration::minutes(2)),
            "expiry": text(self.now + Duration::DAY),
        });
        let ended = sdk.run("use_sas", &[step]).remove(0);
        assert!(ended["done"].is_object(), "{sdk:?}: {ended}");
        LentKey(ended["done"].clone())
    }

    /// A token for the development application, from the simulated Entra.
    fn token_of_entra(&self) -> String {
        let url = format!("{}/{TENANT}/oauth2/v2.0/token", self.served.identity_url());
        let form = format!(
            "grant_type=client_credentials&client_id={CLIENT_ID}&client_secret={CLIENT_SECRET}\
             &scope=https%3A%2F%2Fstorage.azure.com%2F.default"
        );
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = plain::send("POST", &url, &headers, &form);
        assert_eq!(answer.status, 200, "{answer:?}");
        let answer: Value = serde_json::from_str(&answer.body).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }
}

/// What a blob holds.
pub(super) fn content(container: &str, blob: &str) -> String {
    format!("this is {blob} of {container}")
}

/// A time as tokens have it.
pub(super) fn text(at: OffsetDateTime) -> String {
    at.format(SECONDS).unwrap()
}

/// What an SDK understood of the answer to Get User Delegation Key, by the names that a token gives it.
pub(super) struct LentKey(pub(super) Value);

impl LentKey {
    pub(super) fn field(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    pub(super) fn ours(&self) -> UserDelegationKey {
        let time = |name| {
            PrimitiveDateTime::parse(self.field(name), SECONDS)
                .unwrap()
                .assume_utc()
        };
        let fields = UserDelegationKeyFields {
            object_id: self.field("skoid"),
            tenant_id: self.field("sktid"),
            start: time("skt"),
            expiry: time("ske"),
            service: self.field("sks"),
            version: self.field("skv"),
            delegated_tenant_id: None,
            value: self.field("value"),
        };
        UserDelegationKey::new(EMULATOR_ACCOUNT.parse().unwrap(), fields).unwrap()
    }
}

/// HTTPS before the service, without which no SDK sends an access token.
struct Front {
    url: String,
    certificate: String,
    _running: Running,
    _folder: TempDir,
}

impl Front {
    fn before(served: &Served) -> Self {
        let folder = folder();
        let service: http::Uri = served.account_url().parse().unwrap();
        let mut command = Command::new(tools::python());
        command.arg(tools::script("https_front.py"));
        command
            .arg(service.authority().unwrap().as_str())
            .arg(folder.path());
        let (running, said) =
            Running::start_until(&mut command, |line| serde_json::from_str::<Value>(line).ok());
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Self {
            url: text("url"),
            certificate: text("certificate"),
            _running: running,
            _folder: folder,
        }
    }
}

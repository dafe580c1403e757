//! Where an account and its credential came from: messages name it, and help differs with it.

use crate::environment::{ACCOUNT, CONNECTION_STRING, KEY, SAS_TOKEN};

/// Where the account and the credential came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The SAS in the location's URL.
    Url,
    ConnectionString,
    Key,
    SasToken,
    /// A token of Microsoft Entra.
    Entra,
    /// The development account on this machine, with the key that everybody knows.
    DevelopmentAccount,
    /// Nothing lets in: only what is open to the public.
    Anonymous,
    /// The account in this folder.
    Embedded,
}

impl Source {
    /// The name in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::ConnectionString => "connection_string",
            Self::Key => "key",
            Self::SasToken => "sas_token",
            Self::Entra => "entra",
            Self::DevelopmentAccount => "development",
            Self::Anonymous => "anonymous",
            Self::Embedded => "embedded",
        }
    }

    /// What a person calls it.
    pub(crate) const fn shown(self) -> &'static str {
        match self {
            Self::Url => "the SAS in the URL",
            Self::ConnectionString => CONNECTION_STRING,
            Self::Key => KEY,
            Self::SasToken => SAS_TOKEN,
            Self::Entra => "Microsoft Entra",
            Self::DevelopmentAccount => "the well-known development key",
            Self::Anonymous => "no credential",
            Self::Embedded => "the local account",
        }
    }

    /// What to do when the service does not let in or does not allow.
    pub(crate) fn advice(self) -> String {
        match self {
            Self::Url => "check that the SAS in the URL has not expired and permits this".to_owned(),
            Self::SasToken => {
                format!("check that {SAS_TOKEN} belongs to the account, has not expired and permits this")
            }
            Self::ConnectionString => format!(
                "check the account and the key or SAS in {CONNECTION_STRING}, and this machine's clock"
            ),
            Self::Key => format!(
                "check that {KEY} is a key of the account that {ACCOUNT} names, and this machine's clock"
            ),
            Self::Entra => format!(
                "log in with `az login`, or set {KEY} or {SAS_TOKEN}; who is logged in needs a role for data in {ACCOUNT}, such as \
                 Storage Blob Data Contributor"
            ),
            Self::Anonymous => format!(
                "set {CONNECTION_STRING}, or {ACCOUNT} with {KEY} or {SAS_TOKEN}, for this account, or put a SAS in the URL"
            ),
            Self::DevelopmentAccount | Self::Embedded => {
                "check this machine's clock, and whether the service has the development account".to_owned()
            }
        }
    }
}

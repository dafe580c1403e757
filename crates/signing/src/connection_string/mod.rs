//! Connection strings: an account, a credential and the endpoints in one line, as the portal hands them out.

mod endpoint;
mod settings;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use self::endpoint::{Protocol, checked_endpoint};
use self::settings::{Setting, Settings};
use crate::account_key::AccountKey;
use crate::account_name::AccountName;
use crate::credential::Credential;
use crate::emulator::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use crate::error::{Error, ErrorKind};
use crate::sas::SasToken;
use crate::shared_key::SharedKey;

const PUBLIC_CLOUD: &str = "core.windows.net";
const EMULATOR_HOST: &str = "http://127.0.0.1";
const EMULATOR_BLOB_PORT: u16 = 10000;

/// A connection string, taken apart and checked. `Debug` shows no secret.
///
/// Names of settings are compared without regard to case; settings of other services and unknown ones are passed
/// over. Endpoints come without a `/` at their end.
///
/// ```
/// use lazuli_signing::ConnectionString;
///
/// let account = ConnectionString::parse(
///     "DefaultEndpointsProtocol=https;AccountName=example;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net",
/// )?;
/// assert_eq!(account.blob_endpoint(), Some("https://example.blob.core.windows.net"));
/// assert_eq!(account.blob_secondary_endpoint(), Some("https://example-secondary.blob.core.windows.net"));
/// assert_eq!(account.file_endpoint(), Some("https://example.file.core.windows.net"));
///
/// let emulator = ConnectionString::parse("UseDevelopmentStorage=true")?;
/// assert_eq!(emulator.blob_endpoint(), Some("http://127.0.0.1:10000/devstoreaccount1"));
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionString {
    account_name: Option<AccountName>,
    credential: Credential,
    blob: Endpoints,
    file: Endpoints,
}

/// Where one of the services is.
#[derive(Clone, Debug, Default)]
struct Endpoints {
    primary: Option<String>,
    secondary: Option<String>,
}

impl ConnectionString {
    /// Takes a connection string apart.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConnectionString`] with the setting that is missing, given twice, at odds with another or
    /// unusable. The message names settings, never values.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let settings = Settings::parse(text)?;
        match settings.get(Setting::UseDevelopmentStorage) {
            Some(_) => Self::emulator(&settings),
            None => Self::account(&settings),
        }
    }

    /// The account, which only a string with a SAS and with endpoints of its own may leave out.
    #[must_use]
    pub fn account_name(&self) -> Option<&AccountName> {
        self.account_name.as_ref()
    }

    /// The key or the SAS.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The URL of the Blob service. A string without an account name may be one for another service.
    #[must_use]
    pub fn blob_endpoint(&self) -> Option<&str> {
        self.blob.primary.as_deref()
    }

    /// The URL of the Blob service's read-only copy: the given one, or the derived one where the primary is derived
    /// too. Whether the account has such a copy is not known here.
    #[must_use]
    pub fn blob_secondary_endpoint(&self) -> Option<&str> {
        self.blob.secondary.as_deref()
    }

    /// The URL of the Files service. The emulator of `UseDevelopmentStorage` has none.
    #[must_use]
    pub fn file_endpoint(&self) -> Option<&str> {
        self.file.primary.as_deref()
    }

    /// The URL of the Files service's read-only copy, when one is given.
    #[must_use]
    pub fn file_secondary_endpoint(&self) -> Option<&str> {
        self.file.secondary.as_deref()
    }

    fn emulator(settings: &Settings<'_>) -> Result<Self, Error> {
        if !settings
            .get(Setting::UseDevelopmentStorage)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        {
            return Err(invalid(
                "UseDevelopmentStorage can only be `true`; leave it out to name an account",
            ));
        }
        let allowed = [
            Setting::UseDevelopmentStorage,
            Setting::DevelopmentStorageProxyUri,
        ];
        if let Some(other) = settings.keys().find(|setting| !allowed.contains(setting)) {
            return Err(invalid(format!(
                "UseDevelopmentStorage stands for a whole account, so {other} has no place beside it"
            )));
        }
        let host = match settings.get(Setting::DevelopmentStorageProxyUri) {
            Some(uri) => checked_endpoint(Setting::DevelopmentStorageProxyUri, uri)?,
            None => EMULATOR_HOST.to_owned(),
        };
        let account_name = AccountName::new(EMULATOR_ACCOUNT)?;
        let key = AccountKey::from_base64(EMULATOR_KEY)?;
        let primary = format!("{host}:{EMULATOR_BLOB_PORT}/{EMULATOR_ACCOUNT}");
        Ok(Self {
            blob: Endpoints {
                secondary: Some(format!("{primary}-secondary")),
                primary: Some(primary),
            },
            file: Endpoints::default(),
            credential: SharedKey::new(account_name.clone(), key).into(),
            account_name: Some(account_name),
        })
    }

    fn account(settings: &Settings<'_>) -> Result<Self, Error> {
        if settings.get(Setting::DevelopmentStorageProxyUri).is_some() {
            return Err(invalid(
                "DevelopmentStorageProxyUri needs UseDevelopmentStorage=true",
            ));
        }
        let protocol = settings
            .get(Setting::DefaultEndpointsProtocol)
            .map_or(Ok(Protocol::Https), Protocol::parse)?;
        let suffix = settings.get(Setting::EndpointSuffix).unwrap_or(PUBLIC_CLOUD);
        let account_name = settings
            .get(Setting::AccountName)
            .map(AccountName::new)
            .transpose();
        let account_name =
            account_name.map_err(|error| invalid(format!("AccountName cannot be used: {error}")))?;
        let credential = credential(settings, account_name.as_ref())?;

        // The suffix is checked even where every endpoint is given, so that a typing error is not hidden by them.
        let derived =
            |host: &str| checked_endpoint(Setting::EndpointSuffix, &format!("{protocol}://{host}.{suffix}"));
        derived("account.blob")?;
        let service = |name: &str, primary: Setting, secondary: Setting| -> Result<Endpoints, Error> {
            let given = |setting: Setting| {
                settings
                    .get(setting)
                    .map(|uri| checked_endpoint(setting, uri))
                    .transpose()
            };
            let mut endpoints = Endpoints {
                primary: given(primary)?,
                secondary: given(secondary)?,
            };
            match &account_name {
                Some(account) if endpoints.primary.is_none() && endpoints.secondary.is_none() => {
                    endpoints.primary = Some(derived(&format!("{account}.{name}"))?);
                    // Files has no copy to read from.
                    if primary == Setting::BlobEndpoint {
                        endpoints.secondary = Some(derived(&format!("{account}-secondary.{name}"))?);
                    }
                }
                _ if endpoints.primary.is_none() && endpoints.secondary.is_some() => {
                    return Err(invalid(format!("{secondary} needs {primary} beside it")));
                }
                _ => {}
            }
            Ok(endpoints)
        };
        let blob = service("blob", Setting::BlobEndpoint, Setting::BlobSecondaryEndpoint)?;
        let file = service("file", Setting::FileEndpoint, Setting::FileSecondaryEndpoint)?;
        if blob.primary.is_none() && file.primary.is_none() {
            return Err(invalid(
                "AccountName is missing; without it, BlobEndpoint or FileEndpoint must say where to go",
            ));
        }
        Ok(Self {
            account_name,
            credential,
            blob,
            file,
        })
    }
}

impl FromStr for ConnectionString {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

fn credential(settings: &Settings<'_>, account_name: Option<&AccountName>) -> Result<Credential, Error> {
    match (
        settings.get(Setting::AccountKey),
        settings.get(Setting::SharedAccessSignature),
    ) {
        (Some(_), Some(_)) => Err(invalid(
            "AccountKey and SharedAccessSignature are both given; keep one of them",
        )),
        (None, None) => Err(invalid("neither AccountKey nor SharedAccessSignature is given")),
        (Some(key), None) => {
            let account_name =
                account_name.ok_or_else(|| invalid("AccountName is missing; AccountKey needs it"))?;
            let key = AccountKey::from_base64(key)
                .map_err(|error| invalid(format!("AccountKey cannot be used: {error}")))?;
            Ok(SharedKey::new(account_name.clone(), key).into())
        }
        (None, Some(token)) => SasToken::parse(token)
            .map(Credential::from)
            .map_err(|error| invalid(format!("SharedAccessSignature cannot be used: {error}"))),
    }
}

fn invalid(why: impl Into<String>) -> Error {
    Error::new(
        ErrorKind::InvalidConnectionString,
        format!("invalid connection string: {}", why.into()),
    )
}

//! The `name=value;` pairs of a connection string, before anything is made of them.

use std::fmt;

use super::invalid;
use crate::error::Error;

/// The settings that are documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    DefaultEndpointsProtocol,
    AccountName,
    AccountKey,
    EndpointSuffix,
    BlobEndpoint,
    BlobSecondaryEndpoint,
    FileEndpoint,
    FileSecondaryEndpoint,
    QueueEndpoint,
    QueueSecondaryEndpoint,
    TableEndpoint,
    TableSecondaryEndpoint,
    SharedAccessSignature,
    UseDevelopmentStorage,
    DevelopmentStorageProxyUri,
}

impl Setting {
    const ALL: [Self; 15] = [
        Self::DefaultEndpointsProtocol,
        Self::AccountName,
        Self::AccountKey,
        Self::EndpointSuffix,
        Self::BlobEndpoint,
        Self::BlobSecondaryEndpoint,
        Self::FileEndpoint,
        Self::FileSecondaryEndpoint,
        Self::QueueEndpoint,
        Self::QueueSecondaryEndpoint,
        Self::TableEndpoint,
        Self::TableSecondaryEndpoint,
        Self::SharedAccessSignature,
        Self::UseDevelopmentStorage,
        Self::DevelopmentStorageProxyUri,
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|setting| setting.name().eq_ignore_ascii_case(name))
    }

    /// The name as it is documented; strings may write it in another case.
    fn name(self) -> &'static str {
        match self {
            Self::DefaultEndpointsProtocol => "DefaultEndpointsProtocol",
            Self::AccountName => "AccountName",
            Self::AccountKey => "AccountKey",
            Self::EndpointSuffix => "EndpointSuffix",
            Self::BlobEndpoint => "BlobEndpoint",
            Self::BlobSecondaryEndpoint => "BlobSecondaryEndpoint",
            Self::FileEndpoint => "FileEndpoint",
            Self::FileSecondaryEndpoint => "FileSecondaryEndpoint",
            Self::QueueEndpoint => "QueueEndpoint",
            Self::QueueSecondaryEndpoint => "QueueSecondaryEndpoint",
            Self::TableEndpoint => "TableEndpoint",
            Self::TableSecondaryEndpoint => "TableSecondaryEndpoint",
            Self::SharedAccessSignature => "SharedAccessSignature",
            Self::UseDevelopmentStorage => "UseDevelopmentStorage",
            Self::DevelopmentStorageProxyUri => "DevelopmentStorageProxyUri",
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The settings of one string. It borrows secrets, so it has no `Debug`.
pub(super) struct Settings<'a>(Vec<(Setting, &'a str)>);

impl<'a> Settings<'a> {
    /// Parts are told by their number in errors: where the syntax is broken, a "name" may be a piece of a secret.
    pub(super) fn parse(text: &'a str) -> Result<Self, Error> {
        let mut found = Vec::new();
        let parts = text
            .trim()
            .split(';')
            .map(str::trim)
            .enumerate()
            .filter(|(_, part)| !part.is_empty());
        let mut empty = true;
        for (at, part) in parts {
            empty = false;
            let number = at.saturating_add(1);
            let Some((name, value)) = part.split_once('=') else {
                return Err(invalid(format!(
                    "part {number} has no `=`; parts look like Name=value and end with `;`"
                )));
            };
            let (name, value) = (name.trim_end(), value.trim_start());
            if name.is_empty() {
                return Err(invalid(format!("part {number} has no name before its `=`")));
            }
            let Some(setting) = Setting::named(name) else {
                continue;
            };
            if value.is_empty() {
                return Err(invalid(format!("{setting} is empty")));
            }
            if found.iter().any(|(known, _)| *known == setting) {
                return Err(invalid(format!("{setting} is given more than once")));
            }
            found.push((setting, value));
        }
        if empty {
            return Err(invalid("it is empty"));
        }
        Ok(Self(found))
    }

    pub(super) fn get(&self, setting: Setting) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(known, _)| *known == setting)
            .map(|(_, value)| *value)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Setting> {
        self.0.iter().map(|(setting, _)| *setting)
    }
}

//! A key that is lent to a user of Microsoft Entra: what Get User Delegation Key sends, and what it answers.

use std::fmt;

use secrecy::SecretString;
use time::OffsetDateTime;

use super::iso8601::format_iso8601;
use super::list_blobs::{lacks, some_text};
use super::signed_identifiers::time;
use super::{XmlReader, escape};
use crate::Error;

/// For how long a key is asked for: the body of Get User Delegation Key.
///
/// ```
/// use lazuli_protocol::xml::KeyInfo;
/// use time::macros::datetime;
///
/// let info = KeyInfo::new(datetime!(2026-03-01 12:00 UTC), datetime!(2026-03-02 12:00 UTC));
/// assert!(info.to_xml().ends_with(
///     "<KeyInfo><Start>2026-03-01T12:00:00Z</Start><Expiry>2026-03-02T12:00:00Z</Expiry></KeyInfo>"
/// ));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyInfo {
    /// From when on. The service knows no fractions of a second here.
    pub start: OffsetDateTime,
    /// Until when: at most seven days from now.
    pub expiry: OffsetDateTime,
    /// The tenant of the user who alone may use what is signed with the key (`DelegatedUserTid`).
    pub delegated_user_tenant: Option<String>,
}

impl KeyInfo {
    /// For anybody who is given a signature made with the key.
    #[must_use]
    pub fn new(start: OffsetDateTime, expiry: OffsetDateTime) -> Self {
        Self {
            start,
            expiry,
            delegated_user_tenant: None,
        }
    }

    /// The XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let second = |at: OffsetDateTime| format_iso8601(at.replace_nanosecond(0).unwrap_or(at));
        let tenant = self.delegated_user_tenant.as_deref();
        let tenant = tenant.map(|tenant| format!("<DelegatedUserTid>{}</DelegatedUserTid>", escape(tenant)));
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>{}</Start><Expiry>{}</Expiry>{}</KeyInfo>",
            second(self.start),
            second(self.expiry),
            tenant.unwrap_or_default()
        )
    }
}

/// A key that signs for a user until it expires: what Get User Delegation Key answers. `Debug` does not show the key itself, which is
/// wiped from memory when it is dropped.
#[derive(Clone)]
#[non_exhaustive]
pub struct UserDelegationKey {
    /// The object id of whoever asked (`SignedOid`).
    pub signed_oid: String,
    /// Their tenant (`SignedTid`).
    pub signed_tid: String,
    /// From when on it is valid.
    pub signed_start: OffsetDateTime,
    /// Until when it is valid.
    pub signed_expiry: OffsetDateTime,
    /// The service that it is for: `b` or `f`.
    pub signed_service: String,
    /// The version of the service that made it.
    pub signed_version: String,
    /// The tenant that was asked for.
    pub signed_delegated_user_tid: Option<String>,
    /// The key, in base64.
    pub value: SecretString,
}

impl UserDelegationKey {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read, or lacks what a key cannot do without.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("UserDelegationKey")?;
        let (mut oid, mut tid, mut service, mut version) = (None, None, None, None);
        let (mut start, mut expiry, mut delegated, mut value) = (None, None, None, None);
        while let Some(element) = reader.child()? {
            match element.name() {
                "SignedOid" => oid = some_text(&mut reader)?,
                "SignedTid" => tid = some_text(&mut reader)?,
                "SignedStart" => start = time(&mut reader)?,
                "SignedExpiry" => expiry = time(&mut reader)?,
                "SignedService" => service = some_text(&mut reader)?,
                "SignedVersion" => version = some_text(&mut reader)?,
                "SignedDelegatedUserTid" => delegated = some_text(&mut reader)?,
                "Value" => value = some_text(&mut reader)?.map(SecretString::from),
                _ => reader.skip()?,
            }
        }
        let missing = |part| move || lacks("a user delegation key", part);
        Ok(Self {
            signed_oid: oid.ok_or_else(missing("object id"))?,
            signed_tid: tid.ok_or_else(missing("tenant"))?,
            signed_start: start.ok_or_else(missing("start"))?,
            signed_expiry: expiry.ok_or_else(missing("expiry"))?,
            signed_service: service.ok_or_else(missing("service"))?,
            signed_version: version.ok_or_else(missing("version"))?,
            signed_delegated_user_tid: delegated,
            value: value.ok_or_else(missing("value"))?,
        })
    }
}

impl fmt::Debug for UserDelegationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserDelegationKey")
            .field("signed_oid", &self.signed_oid)
            .field("signed_tid", &self.signed_tid)
            .field("signed_start", &self.signed_start)
            .field("signed_expiry", &self.signed_expiry)
            .field("signed_service", &self.signed_service)
            .field("signed_version", &self.signed_version)
            .field("signed_delegated_user_tid", &self.signed_delegated_user_tid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use time::macros::datetime;

    use super::*;

    const ANSWER: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey>\
        <SignedOid>abdd745a-b6de-4705-bc7b-2d59044f04b6</SignedOid><SignedTid>54826b22-38d6-4fb2-bad9-b7b93a3e9c5a</SignedTid>\
        <SignedStart>2023-04-04T09:20:12Z</SignedStart><SignedExpiry>2023-04-04T10:20:00Z</SignedExpiry>\
        <SignedService>b</SignedService><SignedVersion>2021-12-02</SignedVersion><Value>cGxhbnRlZA==</Value></UserDelegationKey>";

    #[test]
    fn an_answer_of_the_service_is_read_and_the_key_not_shown() {
        let key = UserDelegationKey::parse(ANSWER.as_bytes()).unwrap();
        assert_eq!(key.signed_oid, "abdd745a-b6de-4705-bc7b-2d59044f04b6");
        assert_eq!(key.signed_tid, "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a");
        assert_eq!(key.signed_start, datetime!(2023-04-04 9:20:12 UTC));
        assert_eq!(key.signed_expiry, datetime!(2023-04-04 10:20 UTC));
        assert_eq!((&*key.signed_service, &*key.signed_version), ("b", "2021-12-02"));
        assert_eq!(key.signed_delegated_user_tid, None);
        assert_eq!(key.value.expose_secret(), "cGxhbnRlZA==");
        assert!(!format!("{key:?}").contains("cGxhbnRlZA"));
        let delegated = ANSWER.replace(
            "<Value>",
            "<SignedDelegatedUserTid>tid</SignedDelegatedUserTid><Value>",
        );
        let key = UserDelegationKey::parse(delegated.as_bytes()).unwrap();
        assert_eq!(key.signed_delegated_user_tid.as_deref(), Some("tid"));
    }

    #[test]
    fn a_key_that_lacks_a_part_is_no_key() {
        for element in [
            "SignedOid",
            "SignedTid",
            "SignedStart",
            "SignedExpiry",
            "SignedService",
            "SignedVersion",
            "Value",
        ] {
            let other = ANSWER.replace(&format!("{element}>"), "Other>");
            let error = UserDelegationKey::parse(other.as_bytes()).unwrap_err();
            assert!(!error.to_string().contains("cGxhbnRlZA"), "{error}");
        }
    }

    #[test]
    fn a_request_asks_for_whole_seconds_and_perhaps_for_a_tenant() {
        let mut info = KeyInfo::new(
            datetime!(2026-03-01 12:00:00.5 UTC),
            datetime!(2026-03-02 14:00 +2),
        );
        info.delegated_user_tenant = Some("a<b".to_owned());
        assert_eq!(
            info.to_xml(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><KeyInfo><Start>2026-03-01T12:00:00Z</Start>\
             <Expiry>2026-03-02T12:00:00Z</Expiry><DelegatedUserTid>a&lt;b</DelegatedUserTid></KeyInfo>"
        );
    }
}

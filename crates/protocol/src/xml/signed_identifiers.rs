//! The stored access policies of a container or a share: what Set Container ACL sends, and what Get Container ACL answers.

use time::OffsetDateTime;

use super::iso8601::{format_iso8601, parse_iso8601};
use super::list_blobs::some_text;
use super::{XmlReader, escape};
use crate::{Error, ErrorKind, limits};

/// What a stored access policy allows, and when. Whatever it leaves out, a shared access signature that names it has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessPolicy {
    /// From when on.
    pub start: Option<OffsetDateTime>,
    /// Until when.
    pub expiry: Option<OffsetDateTime>,
    /// The letters of what is allowed, such as `rl`.
    pub permission: Option<String>,
}

/// A stored access policy with its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedIdentifier {
    /// The name that the `si` of a shared access signature gives: 1 to 64 characters, unique within the container.
    pub id: String,
    /// What it stands for.
    pub policy: AccessPolicy,
}

/// The stored access policies of a container or a share, at most five.
///
/// ```
/// use lazuli_protocol::xml::{AccessPolicy, SignedIdentifier, SignedIdentifiers};
///
/// let mut reader = SignedIdentifier { id: "reader".to_owned(), ..SignedIdentifier::default() };
/// reader.policy.permission = Some("rl".to_owned());
/// let xml = SignedIdentifiers::new(vec![reader])?.to_xml();
/// assert!(xml.ends_with(
///     "<SignedIdentifiers><SignedIdentifier><Id>reader</Id><AccessPolicy><Permission>rl</Permission></AccessPolicy>\
///      </SignedIdentifier></SignedIdentifiers>"
/// ));
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedIdentifiers(Vec<SignedIdentifier>);

impl SignedIdentifiers {
    /// Puts policies together, to be sent.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for what the service refuses: more than five, a name that is empty, longer than 64 characters or
    /// there twice.
    pub fn new(identifiers: Vec<SignedIdentifier>) -> Result<Self, Error> {
        let refuse = |why: String| Err(Error::new(ErrorKind::InvalidInput, why));
        let most = limits::STORED_POLICIES;
        if identifiers.len() > most {
            let given = identifiers.len();
            return refuse(format!(
                "a container has at most {most} stored access policies, not {given}"
            ));
        }
        for (at, SignedIdentifier { id, .. }) in identifiers.iter().enumerate() {
            let len = id.chars().count();
            if !(1..=limits::STORED_POLICY_ID_CHARS).contains(&len) {
                let longest = limits::STORED_POLICY_ID_CHARS;
                return refuse(format!(
                    "the name of a stored access policy has 1 to {longest} characters, not {len}"
                ));
            }
            if identifiers.iter().take(at).any(|other| other.id == *id) {
                return refuse(format!("the stored access policy {id:?} is given twice"));
            }
        }
        Ok(Self(identifiers))
    }

    /// The policies, in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[SignedIdentifier] {
        &self.0
    }

    /// The policies, in their order.
    #[must_use]
    pub fn into_vec(self) -> Vec<SignedIdentifier> {
        self.0
    }

    /// The XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers>".to_owned();
        for SignedIdentifier { id, policy } in &self.0 {
            let parts = [
                ("Start", policy.start.map(format_iso8601)),
                ("Expiry", policy.expiry.map(format_iso8601)),
                ("Permission", policy.permission.clone()),
            ];
            xml.push_str(&format!(
                "<SignedIdentifier><Id>{}</Id><AccessPolicy>",
                escape(id)
            ));
            for (element, text) in parts {
                if let Some(text) = text {
                    xml.push_str(&format!("<{element}>{}</{element}>", escape(&text)));
                }
            }
            xml.push_str("</AccessPolicy></SignedIdentifier>");
        }
        xml.push_str("</SignedIdentifiers>");
        xml
    }

    /// Reads the XML. What the service has sent is taken as it is, whatever its number and its names.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it cannot be read, or a time is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("SignedIdentifiers")?;
        let mut identifiers = Vec::new();
        while let Some(element) = reader.child()? {
            match element.name() {
                "SignedIdentifier" => identifiers.push(identifier(&mut reader)?),
                _ => reader.skip()?,
            }
        }
        Ok(Self(identifiers))
    }
}

fn identifier(reader: &mut XmlReader<'_>) -> Result<SignedIdentifier, Error> {
    let mut identifier = SignedIdentifier::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Id" => identifier.id = reader.text()?.into_owned(),
            "AccessPolicy" => identifier.policy = policy(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(identifier)
}

fn policy(reader: &mut XmlReader<'_>) -> Result<AccessPolicy, Error> {
    let mut policy = AccessPolicy::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Start" => policy.start = time(reader)?,
            "Expiry" => policy.expiry = time(reader)?,
            "Permission" => policy.permission = some_text(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(policy)
}

/// A time, where the element has one.
pub(super) fn time(reader: &mut XmlReader<'_>) -> Result<Option<OffsetDateTime>, Error> {
    let text = some_text(reader)?;
    text.map(|text| parse_iso8601(&text))
        .transpose()
        .map_err(|source| {
            Error::new(
                ErrorKind::InvalidResponse,
                "the XML cannot be read: a time is not in ISO 8601",
            )
            .with_source(source)
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_answer_of_the_service_is_read() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><SignedIdentifiers><SignedIdentifier><Id>testid</Id>\
            <AccessPolicy><Start>2016-01-01T00:00:00.0000000Z</Start><Expiry>2016-01-02T00:00:00.9990000Z</Expiry>\
            <Permission>rw</Permission></AccessPolicy></SignedIdentifier>\
            <SignedIdentifier><Id>empty</Id><AccessPolicy><Start/><Permission /></AccessPolicy></SignedIdentifier></SignedIdentifiers>";
        let identifiers = SignedIdentifiers::parse(xml.as_bytes()).unwrap().into_vec();
        let policy = AccessPolicy {
            start: Some(datetime!(2016-01-01 0:00 UTC)),
            expiry: Some(datetime!(2016-01-02 0:00:00.999 UTC)),
            permission: Some("rw".to_owned()),
        };
        let expected = [("testid", policy), ("empty", AccessPolicy::default())];
        let expected = expected.map(|(id, policy)| SignedIdentifier {
            id: id.to_owned(),
            policy,
        });
        assert_eq!(identifiers, expected);
        assert_eq!(
            SignedIdentifiers::parse(b"<SignedIdentifiers />").unwrap(),
            SignedIdentifiers::default()
        );
    }

    #[test]
    fn what_the_service_refuses_is_refused_before_it_is_sent() {
        let named = |ids: &[&str]| {
            let with = |id: &&str| SignedIdentifier {
                id: (*id).to_owned(),
                ..SignedIdentifier::default()
            };
            SignedIdentifiers::new(ids.iter().map(with).collect())
        };
        let (longest, longer) = ("ä".repeat(64), "ä".repeat(65));
        assert!(named(&["1", "2", "3", "4", &longest]).is_ok());
        for (ids, message) in [
            (
                vec!["1", "2", "3", "4", "5", "6"],
                "a container has at most 5 stored access policies, not 6",
            ),
            (
                vec![""],
                "the name of a stored access policy has 1 to 64 characters, not 0",
            ),
            (
                vec![&*longer],
                "the name of a stored access policy has 1 to 64 characters, not 65",
            ),
            (vec!["a", "a"], "the stored access policy \"a\" is given twice"),
        ] {
            assert!(named(&ids).unwrap_err().to_string().contains(message));
        }
    }

    #[test]
    fn hostile_documents_are_errors_and_never_panics() {
        let deep = format!("<SignedIdentifiers>{}", "<SignedIdentifier>".repeat(100_000));
        for bad in [
            "",
            "<SignedIdentifiers>",
            "<Other/>",
            "<SignedIdentifiers><SignedIdentifier><Id><X/></Id></SignedIdentifier></SignedIdentifiers>",
            "<SignedIdentifiers><SignedIdentifier><AccessPolicy><Start>soon</Start></AccessPolicy></SignedIdentifier></SignedIdentifiers>",
            &deep,
        ] {
            let error = SignedIdentifiers::parse(bad.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{bad:.60}");
        }
    }

    proptest! {
        #[test]
        fn policies_survive_the_wire(
            parts in proptest::collection::vec(
                ("[a-z <&>\"'é]{0,20}", proptest::option::of(0_i64..4_000_000_000), proptest::option::of("[racwdl]{1,6}")),
                0..6,
            )
        ) {
            let identifiers = parts.into_iter().enumerate().map(|(at, (id, start, permission))| SignedIdentifier {
                id: format!("{at}{id}"),
                policy: AccessPolicy {
                    start: start.map(|at| OffsetDateTime::from_unix_timestamp(at).unwrap()),
                    expiry: start.map(|at| OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000_100).unwrap()),
                    permission,
                },
            });
            let identifiers = SignedIdentifiers::new(identifiers.take(5).collect()).unwrap();
            prop_assert_eq!(SignedIdentifiers::parse(identifiers.to_xml().as_bytes()).unwrap(), identifiers);
        }
    }
}

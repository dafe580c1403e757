//! Get and Set Container ACL: public access, and the stored access policies.

use http::{StatusCode, header};
use lazuli_protocol::xml::{XmlReader, parse_iso8601};
use lazuli_protocol::{PublicAccess, header as names, limits};

use super::containers::look;
use super::document::malformed;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{AccessControl, StoredPolicy, Timestamp};

/// The longest document: five policies take less than 2 KiB, and the rest is room for white space, in bytes.
const LONGEST: u64 = 64 * 1024;
/// What can be allowed on a container, in the service's order.
const LETTERS: &str = "racwdxyltfmei";

/// Get Container ACL.
pub(in crate::service) fn get_container_acl(call: &Call) -> Outcome {
    let properties = look(call)?;
    let access = &properties.access;
    let mut xml = Xml::new();
    xml.list("SignedIdentifiers", &access.policies, |xml, policy| {
        xml.open("SignedIdentifier");
        xml.text("Id", &policy.id);
        let time = |at: Option<Timestamp>| at.map(Timestamp::iso8601);
        let parts = [
            ("Start", time(policy.start)),
            ("Expiry", time(policy.expiry)),
            ("Permission", policy.permission.as_ref().map(ToString::to_string)),
        ];
        let mut parts = parts
            .iter()
            .filter_map(|(element, text)| Some((element, text.as_deref()?)))
            .peekable();
        // The service leaves the element of an empty policy out.
        if parts.peek().is_some() {
            xml.list("AccessPolicy", parts, |xml, (element, text)| {
                xml.text(element, text)
            });
        }
        xml.close("SignedIdentifier");
    });
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, properties.modified.rfc1123())
        .header(header::ETAG, properties.tag.quoted())
        .some(names::BLOB_PUBLIC_ACCESS, access.public_access.as_ref())
        .xml(xml))
}

/// Set Container ACL.
pub(in crate::service) async fn set_container_acl(call: &Call, body: Incoming) -> Outcome {
    let public_access = call.public_access()?;
    let conditions = call.container_conditions()?;
    let lease = call.lease_id()?;
    let checksum = call.checksum()?;
    let (document, _) = call.receive_document(body, LONGEST, checksum).await?;
    let access = AccessControl {
        public_access,
        policies: parse(&document)?,
    };
    let set = call
        .engine
        .change(|state, now| state.set_container_access(now, call.container(), access, &conditions, lease))
        .await?;
    Ok(Answer::new(StatusCode::OK)
        .header(header::LAST_MODIFIED, set.modified.rfc1123())
        .header(header::ETAG, set.tag.quoted()))
}

impl Call {
    /// Who may read without a key, as the request sets it.
    pub(super) fn public_access(&self) -> Result<Option<PublicAccess>, Box<Refusal>> {
        match self.header(&names::BLOB_PUBLIC_ACCESS)? {
            None => Ok(None),
            Some("container") => Ok(Some(PublicAccess::Container)),
            Some("blob") => Ok(Some(PublicAccess::Blob)),
            Some(other) => Err(Refusal::bad_header(names::BLOB_PUBLIC_ACCESS.as_str(), other)),
        }
    }
}

/// Reads the policies, in their order. No document stands for none.
fn parse(document: &[u8]) -> Result<Vec<StoredPolicy>, Box<Refusal>> {
    if document.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = XmlReader::new(document).map_err(|_| malformed((1, 1), ""))?;
    let policies = match read(&mut reader) {
        Ok(policies) => policies,
        Err(reason) => {
            // The service's reader is within the next tag when it finds out.
            let (line, column) = reader.position();
            return Err(malformed((line, column.saturating_add(1)), reason.0));
        }
    };
    let end = reader.position();
    reader.finish().map_err(|_| malformed(end, ""))?;
    Ok(policies)
}

/// Why the document is refused, in the service's words where there are any.
struct Reason(&'static str);

impl From<lazuli_protocol::Error> for Reason {
    fn from(_: lazuli_protocol::Error) -> Self {
        Self("")
    }
}

fn read(reader: &mut XmlReader<'_>) -> Result<Vec<StoredPolicy>, Reason> {
    reader.root("SignedIdentifiers")?;
    let mut policies: Vec<StoredPolicy> = Vec::new();
    while let Some(element) = reader.child()? {
        if element.name() != "SignedIdentifier" {
            return Err(Reason("Element is not expected."));
        }
        if policies.len() == limits::STORED_POLICIES {
            return Err(Reason("There are more than 5 signed identifiers"));
        }
        let policy = read_identifier(reader)?;
        if !(1..=limits::STORED_POLICY_ID_CHARS).contains(&policy.id.chars().count()) {
            return Err(Reason(
                "Signed identifier ID cannot be empty or over 64 characters in length",
            ));
        }
        if policies.iter().any(|other| other.id == policy.id) {
            return Err(Reason("Signed identifier IDs are not unique"));
        }
        policies.push(policy);
    }
    Ok(policies)
}

fn read_identifier(reader: &mut XmlReader<'_>) -> Result<StoredPolicy, Reason> {
    let mut policy = StoredPolicy::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Id" => policy.id = reader.text()?.into(),
            "AccessPolicy" => read_policy(reader, &mut policy)?,
            _ => return Err(Reason("Element is not expected.")),
        }
    }
    Ok(policy)
}

fn read_policy(reader: &mut XmlReader<'_>, policy: &mut StoredPolicy) -> Result<(), Reason> {
    while let Some(element) = reader.child()? {
        match element.name() {
            "Start" => policy.start = read_time(reader)?,
            "Expiry" => policy.expiry = read_time(reader)?,
            "Permission" => {
                let letters = reader.text()?;
                let letters = letters.trim();
                if !letters.chars().all(|letter| LETTERS.contains(letter)) {
                    return Err(Reason("Permission has a letter that is not one of racwdxyltfmei"));
                }
                policy.permission = (!letters.is_empty()).then(|| letters.into());
            }
            _ => return Err(Reason("Element is not expected.")),
        }
    }
    Ok(())
}

fn read_time(reader: &mut XmlReader<'_>) -> Result<Option<Timestamp>, Reason> {
    let text = reader.text()?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let at = parse_iso8601(&text).map_err(|_| Reason("A time is not in ISO 8601"))?;
    Ok(Some(at.into()))
}

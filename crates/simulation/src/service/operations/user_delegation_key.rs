//! Get User Delegation Key: a key that is lent to whoever has a token.

use http::StatusCode;
use lazuli_protocol::xml::{XmlReader, format_iso8601, parse_iso8601};
use lazuli_protocol::{ErrorCode, limits};
use time::{Duration, OffsetDateTime};

use super::document::{bad_node, malformed};
use crate::service::answer::Answer;
use crate::service::auth::{Caller, DelegatedKey, failed};
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;

/// The longest document, in bytes.
const LONGEST: u64 = 16 * 1024;
/// The service that keys are for: this one.
const SERVICE: &str = "b";

/// Get User Delegation Key.
pub(in crate::service) async fn get_user_delegation_key(call: &Call, body: Incoming) -> Outcome {
    let Caller::Token(identity) = &call.caller else {
        return Err(failed("Only authentication scheme Bearer is supported"));
    };
    let checksum = call.checksum()?;
    let (document, _) = call.receive_document(body, LONGEST, checksum).await?;
    let info = parse(&document)?;
    let (start, expiry) = info.life(call.engine.clock.now())?;
    let (start, expiry) = (format_iso8601(start), format_iso8601(expiry));
    let key = DelegatedKey {
        oid: &identity.object_id,
        tid: &identity.tenant_id,
        start: &start,
        expiry: &expiry,
        service: SERVICE,
        version: call.version.as_str(),
        delegated_user_tid: info.tenant.as_deref().unwrap_or_default(),
    };
    let value = call.account.delegated_key(&key);
    let mut xml = Xml::new();
    xml.open("UserDelegationKey");
    xml.text("SignedOid", key.oid);
    xml.text("SignedTid", key.tid);
    xml.text("SignedStart", key.start);
    xml.text("SignedExpiry", key.expiry);
    xml.text("SignedService", key.service);
    xml.text("SignedVersion", key.version);
    xml.some("SignedDelegatedUserTid", Some(key.delegated_user_tid));
    xml.text("Value", &value);
    xml.close("UserDelegationKey");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

/// What was asked for, as it was written.
#[derive(Debug, Default)]
struct Info {
    start: Option<String>,
    expiry: Option<String>,
    tenant: Option<String>,
}

impl Info {
    /// From when until when the key is valid, in whole seconds. Both are within seven days from now.
    fn life(&self, now: OffsetDateTime) -> Result<(OffsetDateTime, OffsetDateTime), Box<Refusal>> {
        let furthest = Duration::seconds(limits::USER_DELEGATION_KEY_SECONDS);
        let read = |name: &str, text: &str| {
            let at = parse_iso8601(text)
                .ok()
                .and_then(|at| at.replace_nanosecond(0).ok());
            at.filter(|at| (*at - now).abs() <= furthest)
                .ok_or_else(|| bad_node(name, text))
        };
        let Some(expiry) = self.expiry.as_deref() else {
            return Err(Refusal::new(ErrorCode::MissingRequiredXmlNode).detail("XmlNodeName", "Expiry"));
        };
        let until = read("Expiry", expiry)?;
        let from = match self.start.as_deref() {
            Some(start) => read("Start", start)?,
            None => now.replace_nanosecond(0).unwrap_or(now),
        };
        if until <= from || until <= now {
            return Err(bad_node("Expiry", expiry));
        }
        Ok((from, until))
    }
}

fn parse(document: &[u8]) -> Result<Info, Box<Refusal>> {
    let mut reader = XmlReader::new(document).map_err(|_| malformed((1, 1), ""))?;
    let info = read(&mut reader).map_err(|_| malformed(reader.position(), ""))?;
    let end = reader.position();
    reader.finish().map_err(|_| malformed(end, ""))?;
    Ok(info)
}

fn read(reader: &mut XmlReader<'_>) -> Result<Info, lazuli_protocol::Error> {
    reader.root("KeyInfo")?;
    let mut info = Info::default();
    while let Some(element) = reader.child()? {
        let place = match element.name() {
            "Start" => &mut info.start,
            "Expiry" => &mut info.expiry,
            "DelegatedUserTid" => &mut info.tenant,
            _ => {
                reader.skip()?;
                continue;
            }
        };
        *place = Some(reader.text()?.trim().to_owned()).filter(|text| !text.is_empty());
    }
    Ok(info)
}

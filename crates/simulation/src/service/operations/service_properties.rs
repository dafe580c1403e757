//! Set and Get Blob Service Properties, Get Blob Service Stats.

use http::StatusCode;
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::{
    BlobServiceProperties, Logging, Metrics, RetentionPolicy, StaticWebsite, XmlReader,
};

use super::document::malformed;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::router::Outcome;
use crate::service::xml::Xml;

/// The longest document: five rules of the longest, with room for white space, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Set Blob Service Properties. What the document does not name stays as it is.
pub(in crate::service) async fn set_service_properties(call: &Call, body: Incoming) -> Outcome {
    let checksum = call.checksum()?;
    let (document, _) = call.receive_document(body, LONGEST, checksum).await?;
    let given = match BlobServiceProperties::parse(&document) {
        Ok(given) if given.check().is_ok() => given,
        Ok(given) => return Err(malformed(place_of_fault(&document), reason(&given))),
        Err(_) => return Err(malformed(place_of_fault(&document), "")),
    };
    if let Some(place) = place_of_unsaid(&document) {
        return Err(malformed(place, "Element is missing: Enabled."));
    }
    call.engine
        .change(|state, _| {
            let account = call.target.account.as_str();
            let kept = state
                .account(account)
                .and_then(|account| account.service.as_deref());
            let properties = merged(kept.cloned().unwrap_or_default(), given);
            Ok((state.set_service(account, &properties), ()))
        })
        .await?;
    Ok(Answer::new(StatusCode::ACCEPTED))
}

/// Get Blob Service Properties.
pub(in crate::service) fn get_service_properties(call: &Call) -> Outcome {
    let account = call.target.account.as_str();
    let (kept, retention) = call.engine.read(|state| {
        let account = state.account(account);
        (
            account.and_then(|account| account.service.as_deref().cloned()),
            account.map(|account| account.options.blob_retention.as_secs() / DAY),
        )
    });
    let days = retention
        .filter(|days| *days > 0)
        .and_then(|days| u32::try_from(days).ok());
    let mut properties = merged(never_set(days), kept.unwrap_or_default());
    if let Some(policy) = &mut properties.delete_retention_policy {
        // As recorded: told always since this version, and never before.
        let allowed = policy.allow_permanent_delete.unwrap_or(false);
        policy.allow_permanent_delete = call.since(b"2020-02-10").then_some(allowed);
    }
    Ok(Answer::new(StatusCode::OK).xml(Xml::whole(properties.to_xml())))
}

/// Get Blob Service Stats: of the secondary alone, whose account says how its copy stands.
pub(in crate::service) fn get_service_stats(call: &Call) -> Outcome {
    if !call.target.secondary {
        return Err(ErrorCode::InvalidQueryParameterValue.into());
    }
    let mut xml = Xml::new();
    xml.open("StorageServiceStats");
    xml.open("GeoReplication");
    xml.text("Status", "live");
    xml.text("LastSyncTime", &call.engine.now().rfc1123());
    xml.close("GeoReplication");
    xml.close("StorageServiceStats");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

const DAY: u64 = 24 * 60 * 60;

/// What a service says of itself that nobody ever set anything of.
fn never_set(days_kept: Option<u32>) -> BlobServiceProperties {
    let mut properties = BlobServiceProperties::default();
    let mut logging = Logging::default();
    logging.version = "1.0".to_owned();
    let mut metrics = Metrics::default();
    metrics.version = Some("1.0".to_owned());
    metrics.retention_policy = Some(RetentionPolicy::off());
    properties.logging = Some(logging);
    properties.hour_metrics = Some(metrics.clone());
    properties.minute_metrics = Some(metrics);
    properties.cors = Some(Vec::new());
    properties.delete_retention_policy =
        Some(days_kept.map_or_else(RetentionPolicy::off, RetentionPolicy::for_days));
    properties.static_website = Some(StaticWebsite::off());
    properties
}

fn merged(mut kept: BlobServiceProperties, given: BlobServiceProperties) -> BlobServiceProperties {
    kept.logging = given.logging.or(kept.logging);
    kept.hour_metrics = given.hour_metrics.or(kept.hour_metrics);
    kept.minute_metrics = given.minute_metrics.or(kept.minute_metrics);
    kept.cors = given.cors.or(kept.cors);
    kept.default_service_version = given.default_service_version.or(kept.default_service_version);
    kept.delete_retention_policy = given.delete_retention_policy.or(kept.delete_retention_policy);
    kept.static_website = given.static_website.or(kept.static_website);
    kept
}

/// Why properties that can be read cannot be set, in the service's words where there are any.
fn reason(given: &BlobServiceProperties) -> &'static str {
    let policy = given.delete_retention_policy.as_ref();
    match policy.filter(|policy| policy.enabled).map(|policy| policy.days) {
        Some(None) => "Element is missing: Days.",
        Some(Some(0 | 366..)) => "Retention days must be greater than 0 and less than or equal to 365 days.",
        _ => "",
    }
}

/// Where an element ends that turns something on or off, and does not say which. The service does not guess, as recorded: what deleted
/// blobs are kept by must not be turned off by leaving it out.
fn place_of_unsaid(document: &[u8]) -> Option<(usize, usize)> {
    const SWITCHES: [&str; 4] = [
        "DeleteRetentionPolicy",
        "HourMetrics",
        "MinuteMetrics",
        "StaticWebsite",
    ];
    let mut reader = XmlReader::new(document).ok()?;
    reader.root("StorageServiceProperties").ok()?;
    while let Some(element) = reader.child().ok()? {
        if !SWITCHES.contains(&element.name()) {
            reader.skip().ok()?;
            continue;
        }
        let mut said = false;
        while let Some(inner) = reader.child().ok()? {
            said |= inner.name() == "Enabled";
            reader.skip().ok()?;
        }
        if !said {
            // The service's reader is within the closing tag when it finds out.
            return Some(reader.position());
        }
    }
    None
}

/// Where a document stops being one; its beginning, where it is one of another kind.
fn place_of_fault(document: &[u8]) -> (usize, usize) {
    let Ok(mut reader) = XmlReader::new(document) else {
        return (1, 1);
    };
    loop {
        match reader.child() {
            Ok(Some(_)) => {
                if reader.skip().is_err() {
                    return reader.position();
                }
            }
            Ok(None) => return (1, 1),
            Err(_) => return reader.position(),
        }
    }
}

//! List Containers.

use http::StatusCode;

use super::containers::ACCOUNT_SCOPE;
use super::marker;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{ContainerQuery, LeaseShown, ListedContainer};

/// What can be included.
const INCLUDE: [&str; 3] = ["metadata", "deleted", "system"];

/// List Containers.
pub(in crate::service) fn list_containers(call: &Call) -> Outcome {
    let include = call.include(&INCLUDE)?;
    let account = call.target.account.as_str();
    let from = match call.query.some("marker") {
        None => String::new(),
        Some(marker) => marker::container(account, marker)
            .ok_or_else(|| Refusal::bad_query("marker", marker, ""))?
            .to_owned(),
    };
    let prefix = call.query.some("prefix").unwrap_or_default().to_owned();
    let query = ContainerQuery {
        prefix,
        from,
        limit: call.page_size()?,
        deleted: include.contains(&"deleted"),
        system: include.contains(&"system"),
    };
    let now = call.engine.now();
    let page = call
        .engine
        .read(|state| state.list_containers(now, account, &query));

    let mut xml = Xml::new();
    xml.open_with(
        "EnumerationResults",
        &[("ServiceEndpoint", &call.target.endpoint)],
    );
    xml.some("Prefix", call.query.get("prefix"));
    xml.some("Marker", call.query.get("marker"));
    xml.some("MaxResults", call.query.get("maxresults"));
    xml.list("Containers", &page.containers, |xml, listed| {
        xml.open("Container");
        xml.text("Name", &listed.name);
        if let Some((version, _)) = &listed.deleted {
            xml.text("Deleted", "true");
            xml.text("Version", version);
        }
        put_properties(xml, call, listed);
        if include.contains(&"metadata") {
            xml.list(
                "Metadata",
                listed.properties.metadata.iter(),
                |xml, (key, value)| xml.text(key, value),
            );
        }
        xml.close("Container");
    });
    let next = page.next.map(|name| marker::of_container(account, &name));
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

fn put_properties(xml: &mut Xml, call: &Call, listed: &ListedContainer) {
    let properties = &listed.properties;
    let now = call.engine.now();
    xml.open("Properties");
    xml.text("Last-Modified", &properties.modified.rfc1123());
    xml.text("Etag", &properties.tag.quoted());
    let lease = LeaseShown::of(properties.lease.as_ref(), now);
    xml.text("LeaseStatus", lease.status.as_str());
    xml.text("LeaseState", lease.state.as_str());
    xml.some(
        "PublicAccess",
        properties.access.public_access.as_ref().map(AsRef::as_ref),
    );
    xml.some("LeaseDuration", lease.duration.as_ref().map(AsRef::as_ref));
    xml.text(
        "DefaultEncryptionScope",
        properties.default_scope.as_deref().unwrap_or(ACCOUNT_SCOPE),
    );
    xml.text(
        "DenyEncryptionScopeOverride",
        &properties.scope_is_fixed.to_string(),
    );
    xml.text("HasImmutabilityPolicy", "false");
    xml.text("HasLegalHold", "false");
    if call.since(b"2020-10-02") {
        xml.text("ImmutableStorageWithVersioningEnabled", "false");
    }
    if let Some((_, deletion)) = &listed.deleted {
        xml.text("DeletedTime", &deletion.at.rfc1123());
        xml.text("RemainingRetentionDays", &deletion.days_left(now).to_string());
    }
    xml.close("Properties");
}

impl Call {
    /// The words of `include`, which must be among these.
    pub(super) fn include(&self, known: &[&'static str]) -> Result<Vec<&'static str>, Box<Refusal>> {
        let Some(include) = self.query.some("include") else {
            return Ok(Vec::new());
        };
        let words = include.split(',').filter(|word| !word.is_empty()).map(|word| {
            let found = known.iter().find(|known| known.eq_ignore_ascii_case(word));
            found
                .copied()
                .ok_or_else(|| Refusal::bad_query("include", include, "Invalid query parameter value."))
        });
        words.collect()
    }
}

//! Find Blobs by Tags, in an account or in one container.

use http::StatusCode;
use lazuli_protocol::BlobTags;

use super::marker;
use super::tags::put_tag_set;
use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{Search, Timestamp};
use crate::tag_query::{Dialect, Malformed, TagQuery};

const INCLUDE: [&str; 2] = ["none", "versions"];
const WHERE: &str = "where";
/// How many names are looked at for one page. A page may be empty and not the last, so that nobody waits long for it.
const LOOKS: usize = 50_000;

/// Find Blobs by Tags, and Find Blobs by Tags in Container.
pub(in crate::service) fn find_blobs(call: &Call) -> Outcome {
    let Some(text) = call.query.some(WHERE) else {
        return Err(
            Refusal::new(lazuli_protocol::ErrorCode::MissingRequiredQueryParameter)
                .detail("QueryParameterName", WHERE),
        );
    };
    let refuse = |malformed: Malformed| Refusal::bad_query(WHERE, text, "").message(malformed.to_string());
    let query = TagQuery::parse(text, Dialect::Find).map_err(refuse)?;
    let container = call.target.container.as_deref();
    if container.is_some() && query.container().is_some() {
        return Err(refuse(Malformed::ContainerTwice));
    }
    let given = call.query.some("marker");
    let from = match given {
        None => None,
        Some(marker) => Some(marker::found(marker).ok_or_else(|| Refusal::bad_query("marker", marker, ""))?),
    };
    let include = call.include(&INCLUDE)?;
    let search = Search {
        account: &call.target.account,
        container,
        query: &query,
        from: from
            .as_ref()
            .map(|(container, name)| (container.as_str(), name.as_str())),
        limit: call.page_size()?,
        looks: LOOKS,
        versions: include.contains(&"versions"),
    };
    let (at, now) = (call.container(), call.engine.now());
    let page = call.engine.read(|state| {
        if container.is_some() {
            state.container(&at)?;
        }
        Ok::<_, crate::state::Denied>(state.find_blobs(now, &search))
    })?;

    let keys = query.keys();
    let mut xml = Xml::newer();
    xml.open_with(
        "EnumerationResults",
        &[("ServiceEndpoint", &call.target.endpoint)],
    );
    xml.some("Marker", given);
    xml.text("Where", text);
    xml.some("MaxResults", call.query.get("maxresults"));
    xml.list("Blobs", &page.blobs, |xml, (container, listed)| {
        xml.open("Blob");
        xml.name("Name", &listed.name);
        xml.text("ContainerName", container);
        if search.versions {
            xml.some("VersionId", listed.version().map(Timestamp::iso8601).as_deref());
            if listed.id.is_none() {
                xml.text("IsCurrentVersion", "true");
            }
        }
        xml.open("Tags");
        put_tag_set(xml, &asked_for(&listed.blob.tags, &keys));
        xml.close("Tags");
        xml.close("Blob");
    });
    let next = page
        .next
        .map(|(container, name)| marker::of_found(&container, &name));
    xml.text("NextMarker", next.as_deref().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(Answer::new(StatusCode::OK).xml(xml))
}

/// Those of a blob's tags that a query speaks of.
fn asked_for(tags: &BlobTags, keys: &[&str]) -> BlobTags {
    let mut some = BlobTags::new();
    for (key, value) in tags.iter().filter(|(key, _)| keys.contains(key)) {
        // They were a blob's, and so they can be again.
        let _ = some.insert(key, value);
    }
    some
}

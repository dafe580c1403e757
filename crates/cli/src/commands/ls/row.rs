//! A line of a list: for people in columns, for programs as JSON.

use lazuli_blob::BlobProperties;
use lazuli_protocol::xml::{BlobItem, ContainerItem};
use lazuli_protocol::{BlobType, Etag};
use serde::Serialize;
use time::OffsetDateTime;

use crate::commands::date;
use crate::location::Remote;
use crate::output::printable;
use crate::size::size;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Container,
    Folder,
    Blob,
}

/// A container, a folder or a blob.
#[derive(Clone, Debug)]
pub(super) struct Row {
    kind: Kind,
    name: String,
    bytes: Option<u64>,
    last_modified: Option<OffsetDateTime>,
    etag: Option<Etag>,
    blob_type: Option<String>,
    content_type: Option<String>,
    access_tier: Option<String>,
    content_md5: Option<String>,
}

/// The same for programs. What the service left out is left out.
#[derive(Serialize)]
pub(super) struct Json<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    name: &'a str,
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blob_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_md5: Option<&'a str>,
}

impl Row {
    fn new(kind: Kind, name: String) -> Self {
        Self {
            kind,
            name,
            bytes: None,
            last_modified: None,
            etag: None,
            blob_type: None,
            content_type: None,
            access_tier: None,
            content_md5: None,
        }
    }

    pub(super) fn container(item: ContainerItem) -> Self {
        Self {
            last_modified: item.last_modified,
            etag: item.etag,
            ..Self::new(Kind::Container, item.name)
        }
    }

    pub(super) fn prefix(name: String) -> Self {
        Self::new(Kind::Folder, name)
    }

    pub(super) fn blob(item: BlobItem) -> Self {
        Self {
            bytes: Some(item.content_length),
            last_modified: item.last_modified,
            etag: item.etag,
            blob_type: item.blob_type.as_ref().map(ToString::to_string),
            content_type: item.content_type,
            access_tier: item.access_tier.as_ref().map(ToString::to_string),
            content_md5: item.content_md5.as_ref().map(ToString::to_string),
            ..Self::new(Kind::Blob, item.name)
        }
    }

    pub(super) fn single(name: &str, properties: &BlobProperties) -> Self {
        Self {
            bytes: Some(properties.content_length),
            last_modified: Some(properties.last_modified),
            etag: Some(properties.etag.clone()),
            blob_type: properties.blob_type.as_ref().map(ToString::to_string),
            content_type: properties.content_type.clone(),
            access_tier: properties.access_tier.as_ref().map(ToString::to_string),
            content_md5: properties.content_md5.as_ref().map(ToString::to_string),
            ..Self::new(Kind::Blob, name.to_owned())
        }
    }

    fn shown_name(&self, folder: &str) -> String {
        match self.name.strip_prefix(folder) {
            // A blob that stands for the folder itself has no name in it.
            Some("") | None => printable(&self.name),
            Some(name) => printable(name),
        }
    }

    /// The name alone, without `folder` before it.
    pub(super) fn short(&self, folder: &str) -> String {
        format!("{}\n", self.shown_name(folder))
    }

    /// Size, date, kind and ETag in columns, then the name.
    pub(super) fn long(&self, folder: &str) -> String {
        let bytes = self.bytes.map_or_else(|| "-".to_owned(), size);
        let kind = match self.kind {
            Kind::Container => "container",
            Kind::Folder => "folder",
            Kind::Blob => self.blob_type.as_deref().map_or("blob", short_type),
        };
        let etag = self.etag.as_ref().map_or("-", Etag::as_str);
        let (date, name) = (date::text(self.last_modified), self.shown_name(folder));
        format!("{bytes:>8}  {date:<19}  {kind:<9}  {etag:<17}  {name}\n")
    }

    pub(super) fn json(&self, place: &Remote) -> Json<'_> {
        let mut location = place.with_path(self.name.as_str());
        if self.kind == Kind::Container {
            location = place.with_path("");
            location.container = self.name.parse().ok();
        }
        Json {
            kind: self.kind,
            name: &self.name,
            location: location.to_string(),
            bytes: self.bytes,
            last_modified: date::json(self.last_modified),
            etag: self.etag.as_ref().map(Etag::as_str),
            blob_type: self.blob_type.as_deref(),
            content_type: self.content_type.as_deref(),
            access_tier: self.access_tier.as_deref(),
            content_md5: self.content_md5.as_deref(),
        }
    }
}

fn short_type(blob_type: &str) -> &str {
    match BlobType::from(blob_type) {
        BlobType::Block => "block",
        BlobType::Page => "page",
        BlobType::Append => "append",
        _ => blob_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;
    use time::macros::datetime;

    fn blob(name: &str) -> Row {
        let mut item = BlobItem::default();
        item.name = name.to_owned();
        item.content_length = 1536;
        item.last_modified = Some(datetime!(2026-06-26 23:39:12 UTC));
        item.etag = "0x8DB00B5ABC38BAA".parse().ok();
        item.blob_type = Some(BlobType::Block);
        Row::blob(item)
    }

    #[test]
    fn lines_for_people() {
        assert_eq!(blob("docs/a\n.md").short("docs/"), "a\\n.md\n");
        assert_eq!(Row::prefix("docs/sub/".to_owned()).short("docs/"), "sub/\n");
        assert_eq!(blob("docs/").short("docs/"), "docs/\n");
        assert_eq!(
            blob("docs/a.md").long("docs/"),
            " 1.5 KiB  2026-06-26 23:39:12  block      0x8DB00B5ABC38BAA  a.md\n"
        );
        assert_eq!(
            Row::prefix("docs/".to_owned()).long(""),
            "       -  -                    folder     -                  docs/\n"
        );
    }

    #[test]
    fn lines_for_programs() {
        let place = Location::parse_remote("az://box/docs").unwrap();
        assert_eq!(
            serde_json::to_value(blob("docs/a.md").json(&place)).unwrap(),
            serde_json::json!({
                "type": "blob",
                "name": "docs/a.md",
                "location": "az://box/docs/a.md",
                "bytes": 1536,
                "last_modified": "2026-06-26T23:39:12Z",
                "etag": "0x8DB00B5ABC38BAA",
                "blob_type": "BlockBlob",
            })
        );
        let mut item = ContainerItem::default();
        item.name = "other".to_owned();
        assert_eq!(
            serde_json::to_value(Row::container(item).json(&place)).unwrap(),
            serde_json::json!({"type": "container", "name": "other", "location": "az://other"})
        );
    }
}

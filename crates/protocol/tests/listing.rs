//! What a container holds survives a list: a small writer, in the words of the service, against the parser.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is not as it must be"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lazuli_protocol::xml::{ListBlobsEntry, ListBlobsPage, escape};
use lazuli_protocol::{BlobTags, Etag, Metadata, encode_path, format_rfc1123};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use time::OffsetDateTime;

/// A blob, or a prefix when there is nothing but a name.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    blob: Option<Blob>,
}

#[derive(Clone, Debug)]
struct Blob {
    length: u64,
    modified: i64,
    tag: u64,
    snapshot: Option<String>,
    content_type: String,
    metadata: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
    unknown: Option<String>,
}

/// A name: of all of Unicode, and of what XML cannot hold rather often.
fn name() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        '\0',
        '\u{1}',
        '\t',
        '\n',
        '\r',
        '\u{1f}',
        '\u{7f}',
        '\u{fffe}',
        '\u{ffff}',
        '&',
        '<',
        '>',
        '"',
        '\'',
        ']',
        '%',
        '+',
        '/',
        ' ',
        '\u{feff}',
        '\u{10ffff}',
    ]);
    let any_char = prop_oneof![any::<char>(), odd, prop::char::range('a', 'z')];
    vec(any_char, 1..24).prop_map(String::from_iter)
}

fn blob() -> impl Strategy<Value = Blob> {
    let pairs = btree_map("[a-z_][a-z0-9_]{0,8}", "([!-~]([ -~]{0,12}[!-~])?)?", 0..4);
    let tags = btree_map("[A-Za-z0-9+./:=_ -]{1,12}", "[A-Za-z0-9+./:=_ -]{0,12}", 0..10);
    let times = (
        -62_167_219_200_i64..253_402_300_800,
        option::of("20[0-9]{2}-[01][0-9]"),
    );
    let texts = ("([!-~]([ -~]{0,12}[!-~])?)?", option::of("\\PC{1,12}"));
    (any::<(u64, u64)>(), times, texts, pairs, tags).prop_map(
        |((length, tag), (modified, snapshot), (content_type, unknown), metadata, tags)| Blob {
            length,
            modified,
            tag,
            snapshot,
            content_type,
            metadata,
            tags,
            unknown,
        },
    )
}

/// Text as XML holds it. An end of a line that is no `\n` would become one.
fn text(text: &str) -> String {
    escape(text).replace('\r', "&#xD;")
}

fn write_name(xml: &mut String, name: &str) {
    let holds = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    if name.chars().all(holds) {
        write!(xml, "<Name>{}</Name>", text(name)).unwrap();
    } else {
        write!(xml, "<Name Encoded=\"true\">{}</Name>", encode_path(name)).unwrap();
    }
}

fn write_leaf(xml: &mut String, name: &str, value: &str) {
    if value.is_empty() {
        write!(xml, "<{name} />").unwrap();
    } else {
        write!(xml, "<{name}>{}</{name}>", text(value)).unwrap();
    }
}

fn write(entries: &[Entry]) -> String {
    let mut xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"https://a/\"><Blobs>".to_owned();
    for entry in entries {
        let Some(blob) = &entry.blob else {
            xml.push_str("<BlobPrefix>");
            write_name(&mut xml, &entry.name);
            xml.push_str("</BlobPrefix>");
            continue;
        };
        xml.push_str("<Blob>");
        write_name(&mut xml, &entry.name);
        if let Some(snapshot) = &blob.snapshot {
            write_leaf(&mut xml, "Snapshot", snapshot);
        }
        xml.push_str("<Properties>");
        let modified = OffsetDateTime::from_unix_timestamp(blob.modified).unwrap();
        write_leaf(&mut xml, "Last-Modified", &format_rfc1123(modified));
        let quote = if blob.tag % 2 == 0 { "\"" } else { "" };
        write_leaf(&mut xml, "Etag", &format!("{quote}0x{:X}{quote}", blob.tag));
        write_leaf(&mut xml, "Content-Length", &blob.length.to_string());
        write_leaf(&mut xml, "Content-Type", &blob.content_type);
        if let Some(unknown) = &blob.unknown {
            write_leaf(&mut xml, "MadeTomorrow", unknown);
        }
        xml.push_str("</Properties><Metadata>");
        for (key, value) in &blob.metadata {
            write_leaf(&mut xml, key, value);
        }
        xml.push_str("</Metadata><Tags><TagSet>");
        for (key, value) in &blob.tags {
            xml.push_str("<Tag>");
            write_leaf(&mut xml, "Key", key);
            write_leaf(&mut xml, "Value", value);
            xml.push_str("</Tag>");
        }
        xml.push_str("</TagSet></Tags><OrMetadata /></Blob>");
    }
    xml.push_str("</Blobs><NextMarker /></EnumerationResults>");
    xml
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in vec((name(), option::weighted(0.8, blob())), 0..8)) {
        let entries: Vec<_> = entries.into_iter().map(|(name, blob)| Entry { name, blob }).collect();
        let page = ListBlobsPage::parse(write(&entries).as_bytes()).unwrap();
        prop_assert_eq!(page.entries.len(), entries.len());
        for (read, written) in page.entries.iter().zip(&entries) {
            prop_assert_eq!(read.name(), &written.name);
            match (read, &written.blob) {
                (ListBlobsEntry::Prefix(prefix), None) => prop_assert_eq!(&prefix.folder, &None),
                (ListBlobsEntry::Blob(read), Some(blob)) => {
                    prop_assert_eq!(&read.snapshot, &blob.snapshot);
                    prop_assert_eq!(read.content_length, blob.length);
                    prop_assert_eq!(read.last_modified.unwrap().unix_timestamp(), blob.modified);
                    prop_assert_eq!(read.etag.as_ref().map(Etag::as_str), Some(&*format!("0x{:X}", blob.tag)));
                    prop_assert_eq!(read.content_type.as_deref().unwrap_or_default(), &blob.content_type);
                    let unknown: Vec<_> = blob.unknown.iter().map(|text| ("MadeTomorrow".to_owned(), text.clone())).collect();
                    prop_assert_eq!(&read.other, &unknown);
                    let mut metadata = Metadata::new();
                    for (key, value) in &blob.metadata {
                        metadata.insert(key, value).unwrap();
                    }
                    prop_assert_eq!(&read.metadata, &metadata);
                    let mut tags = BlobTags::new();
                    for (key, value) in &blob.tags {
                        tags.insert(key, value).unwrap();
                    }
                    prop_assert_eq!(&read.tags, &tags);
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

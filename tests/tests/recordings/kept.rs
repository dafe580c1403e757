//! Whether anything of an answer is lost: each header and each element of it is given another value, and the output must tell.
//!
//! Once is enough for a header or an element of an operation; where a change does not show in one recording, others are tried.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderValue, response};

use crate::document;
use crate::legal;
use crate::reference::Reference;
use crate::served::{Served, Shown};

/// So many recordings are tried before something counts as lost.
const TRIES: u32 = 25;

/// What tells of the exchange and not of what the operation gives: a call with its head has these.
const OF_THE_EXCHANGE: &[&str] = &[
    "date",
    "x-ms-client-request-id",
    "x-ms-request-id",
    "x-ms-version",
    // always `bytes`
    "accept-ranges",
];

/// Of a document these describe the document; only where a blob is read they are the blob's.
const OF_THE_DOCUMENT: &[&str] = &["content-length", "content-type"];
const READS: &[&str] = &["blob.download", "blob.get_properties"];

/// A read of a snapshot says which one was asked for.
const OF_A_READ: &[&str] = &["x-ms-snapshot"];

/// What accounts of Data Lake tell besides, which is not of the operation.
const OF_DATA_LAKE: &[(&str, &str)] = &[("blob.undelete", "x-ms-creation-time")];

/// Elements that repeat what was asked, by their ends.
const OF_THE_REQUEST: &[&str] = &[
    "/Delimiter",
    "/Marker",
    "/MaxResults",
    "/Prefix",
    "/StartFrom",
    "/Where",
];

/// What the older service said of a list's place in every entry: the request's own URL.
const OF_THE_PLACE: &[&str] = &[
    "@AccountName",
    "@ContainerName",
    "@ServiceEndpoint",
    "/Blob/Url",
    "/Container/Url",
];

/// Elements that nobody knows.
const TOMORROW: &[&str] = &[
    "<VeryNew>1</VeryNew>",
    "<Tomorrow a=\"1\"><VeryNew>1</VeryNew><VeryNew/></Tomorrow>",
];

#[derive(Default)]
pub(crate) struct Kept {
    known: BTreeMap<(&'static str, String), Verdict>,
    /// Operations whose outputs were shown what nobody knows.
    surprised: BTreeMap<&'static str, u32>,
}

#[derive(Default)]
struct Verdict {
    kept: bool,
    tries: u32,
    example: String,
}

impl Kept {
    /// Looks at an answer that was read into `shown`.
    pub(crate) fn look(
        &mut self,
        served: &'static Served,
        reference: &Reference,
        (parts, body): (&response::Parts, &Bytes),
        shown: &Shown,
    ) {
        self.headers(served, reference, (parts, body), shown);
        if served.row != "blob.download" {
            self.elements(served, (parts, body), shown);
        }
        self.surprise(served, (parts, body), shown);
    }

    fn headers(
        &mut self,
        served: &'static Served,
        reference: &Reference,
        (parts, body): (&response::Parts, &Bytes),
        shown: &Shown,
    ) {
        // What an output does not name is kept by a call with its head.
        assert_eq!(shown.headers, parts.headers, "{}: headers are lost", served.row);
        for (header, value) in &parts.headers {
            let name = header.as_str();
            let of_the_document = OF_THE_DOCUMENT.contains(&name) && !READS.contains(&served.row);
            let Some(known) = reference.known(name).filter(|_| !of_the_document) else {
                continue;
            };
            let Ok(text) = value.to_str() else { continue };
            let repeats = OF_A_READ.contains(&name) && READS.contains(&served.row);
            let besides = OF_DATA_LAKE.contains(&(served.row, name));
            if OF_THE_EXCHANGE.contains(&name) || repeats || besides {
                continue;
            }
            self.change(served, &known, text, shown, |other| {
                let mut parts = parts.clone();
                parts.headers.insert(header, HeaderValue::from_str(other).ok()?);
                (served.read)(parts, body.clone()).ok()
            });
        }
    }

    fn elements(
        &mut self,
        served: &'static Served,
        (parts, body): (&response::Parts, &Bytes),
        shown: &Shown,
    ) {
        let Some(xml) = document::text(body) else { return };
        let Some(found) = document::parse(xml) else { return };
        for leaf in found.leaves {
            let path = general(&leaf.path);
            let repeats = OF_THE_REQUEST
                .iter()
                .chain(OF_THE_PLACE)
                .any(|end| path.ends_with(end));
            // The prefix of a folder in a list is its name.
            if leaf.span.is_empty() || (repeats && !path.contains("/BlobPrefix/")) {
                continue;
            }
            self.change(served, &path, &xml[leaf.span.clone()], shown, |other| {
                let mut changed = xml.to_owned();
                changed.replace_range(leaf.span.clone(), other);
                (served.read)(parts.clone(), changed.into()).ok()
            });
        }
    }

    fn change(
        &mut self,
        served: &'static Served,
        what: &str,
        value: &str,
        shown: &Shown,
        read: impl Fn(&str) -> Option<Shown>,
    ) {
        let verdict = self.known.entry((served.row, what.to_owned())).or_default();
        if verdict.kept || verdict.tries >= TRIES {
            return;
        }
        verdict.tries += 1;
        value.clone_into(&mut verdict.example);
        verdict.kept = legal::others(value)
            .iter()
            .any(|other| read(other).is_some_and(|other| other.text != shown.text));
    }

    /// A header and elements that nobody knows change nothing.
    fn surprise(
        &mut self,
        served: &'static Served,
        (parts, body): (&response::Parts, &Bytes),
        shown: &Shown,
    ) {
        let times = self.surprised.entry(served.row).or_default();
        if *times >= 3 {
            return;
        }
        *times += 1;
        let mut parts = parts.clone();
        parts
            .headers
            .insert("x-ms-made-tomorrow", HeaderValue::from_static("yes"));
        let again = (served.read)(parts.clone(), body.clone()).unwrap();
        assert_eq!(again.text, shown.text, "{}: a header of tomorrow", served.row);
        assert_eq!(again.headers["x-ms-made-tomorrow"], "yes");
        let Some(xml) = document::text(body) else { return };
        for (path, at) in document::parse(xml)
            .map(|found| found.insides)
            .unwrap_or_default()
        {
            if path.contains("etadata") {
                // Any name is a pair there.
                continue;
            }
            for tomorrow in TOMORROW {
                let mut changed = xml.to_owned();
                changed.insert_str(at, tomorrow);
                let again = (served.read)(parts.clone(), changed.into());
                let again =
                    again.unwrap_or_else(|error| panic!("{}: {tomorrow} in {path}: {error}", served.row));
                // It is passed over, or kept as it came.
                assert!(
                    again.text == shown.text || again.text.contains("VeryNew"),
                    "{}: {tomorrow} in {path}:\n{}\n{}",
                    served.row,
                    again.text,
                    shown.text
                );
            }
        }
    }

    /// What no output shows, with a value that it had.
    pub(crate) fn lost(&self) -> Vec<String> {
        let lost = self.known.iter().filter(|(_, verdict)| !verdict.kept);
        lost.map(|((row, what), verdict)| format!("{row}: {what} ({:?})", verdict.example))
            .collect()
    }

    pub(crate) fn found(&self) -> usize {
        self.known.len()
    }
}

/// The way to an element, where a caller's own names are all the same.
fn general(path: &str) -> String {
    for family in ["/Metadata/", "/OrMetadata/"] {
        if let Some((before, _)) = path.split_once(family) {
            return format!("{before}{family}*");
        }
    }
    path.to_owned()
}

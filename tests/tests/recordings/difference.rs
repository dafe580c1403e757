//! What tells a request that the client made from the one that was recorded.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use futures_util::{FutureExt as _, TryStreamExt as _};
use http::Request;
use lazuli_protocol::{Body, BodyKind, percent_decode};

use crate::wanted::Wanted;
use crate::{document, multipart};

/// A part of a request that is not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Method,
    Path,
    Query,
    Header,
    Body,
    /// All of it: types do not let it through.
    Refused,
}

/// One difference.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    pub(crate) part: Part,
    /// Of a parameter or header.
    pub(crate) name: String,
    pub(crate) ours: Option<String>,
    pub(crate) theirs: Option<String>,
}

impl Difference {
    /// The request was not made at all.
    pub(crate) fn refused(error: &lazuli_protocol::Error) -> Self {
        Self {
            part: Part::Refused,
            name: String::new(),
            ours: Some(error.to_string()),
            theirs: None,
        }
    }
}

/// Headers that layers below add, or that say who asks and how, not what.
const NOT_COMPARED: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "commandname",
    "connection",
    "content-length",
    // Of the body's own kind; what is kept with a blob has headers of its own, which are compared.
    "content-type",
    "date",
    "expect",
    "host",
    "origin",
    "parametersetname",
    "referer",
    "transfer-encoding",
    "user-agent",
    "x-custom-header",
    "x-ms-client-request-id",
    "x-ms-date",
    "x-ms-useragent",
    "x-ms-version",
];

/// The parameters of a shared access signature, which the transport adds.
const SIGNATURE: &[&str] = &[
    "rscc", "rscd", "rsce", "rscl", "rsct", "saoid", "scid", "sdd", "se", "ses", "si", "sig", "sip", "ske",
    "skoid", "sks", "skt", "sktid", "skv", "sp", "spr", "sr", "srt", "ss", "st", "suoid", "sv",
];

/// All differences.
pub(crate) fn between(made: &Request<Body>, wanted: &Wanted) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |part, name: &str, ours: Option<String>, theirs: Option<String>| {
        if ours != theirs {
            found.push(Difference {
                part,
                name: name.to_owned(),
                ours,
                theirs,
            });
        }
    };
    note(
        Part::Method,
        "",
        Some(made.method().to_string()),
        Some(wanted.method.clone()),
    );
    let path = percent_decode(made.uri().path()).unwrap().into_owned();
    note(Part::Path, "", Some(path), Some(wanted.path.clone()));
    let (ours, theirs) = (our_query(made), their_query(wanted));
    for name in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        note(
            Part::Query,
            name,
            ours.get(name).cloned(),
            theirs.get(name).cloned(),
        );
    }
    let (ours, theirs) = (headers(made.headers()), headers(&wanted.headers));
    for name in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        // Where a recording lost headers, those that are left still count.
        if wanted.has_headers || theirs.contains_key(name) {
            note(
                Part::Header,
                name,
                ours.get(name).cloned(),
                theirs.get(name).cloned(),
            );
        }
    }
    let Some(body) = &wanted.body else {
        return found;
    };
    let made = content(made.body());
    if let (Some(ours), Ok(theirs)) = (multipart::parts(&made), wanted.parts()) {
        note(
            Part::Body,
            "",
            Some(ours.len().to_string()),
            Some(theirs.len().to_string()),
        );
        for (ours, theirs) in ours.iter().zip(&theirs) {
            found.extend(between(&request(ours), theirs));
        }
    } else if made != *body && !same_document(&made, body) {
        note(Part::Body, "", Some(readable(&made)), Some(readable(body)));
    }
    found
}

/// A request within a batch, as one of its own.
fn request(part: &multipart::Part) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = part.method.parse().unwrap();
    *request.uri_mut() = part.target.parse().unwrap();
    *request.headers_mut() = part.headers.clone();
    request
}

fn our_query(made: &Request<Body>) -> BTreeMap<String, String> {
    let pairs = made.uri().query().unwrap_or_default().split('&');
    let pairs = pairs.filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode(value).unwrap();
        (name.to_ascii_lowercase(), value.into_owned())
    });
    pairs.collect()
}

fn their_query(wanted: &Wanted) -> BTreeMap<String, String> {
    let pairs = wanted
        .query
        .iter()
        .filter(|(name, _)| !SIGNATURE.contains(&name.as_str()));
    pairs
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .collect()
}

fn headers(headers: &http::HeaderMap) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for (name, value) in headers {
        let name = match name.as_str() {
            // The older name of the same.
            "range" => "x-ms-range",
            name => name,
        };
        if !NOT_COMPARED.contains(&name) && !name.starts_with("sec-") {
            let value = String::from_utf8_lossy(value.as_bytes());
            named.insert(name.to_owned(), meaning(name, value.trim()));
        }
    }
    named
}

/// A value without the liberties that its kind allows.
fn meaning(name: &str, value: &str) -> String {
    match name {
        "if-match" | "if-none-match" | "x-ms-source-if-match" | "x-ms-source-if-none-match" => {
            value.trim_matches('"').to_owned()
        }
        "x-ms-tags" => {
            let mut pairs: Vec<String> = value.split('&').map(plain).collect();
            pairs.sort();
            pairs.join("&")
        }
        "x-ms-copy-source" => plain(value),
        "x-ms-lease-id" | "x-ms-proposed-lease-id" | "x-ms-source-lease-id" => {
            value.replace('-', "").to_ascii_lowercase()
        }
        _ if value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false") => {
            value.to_ascii_lowercase()
        }
        _ => value.to_owned(),
    }
}

fn plain(value: &str) -> String {
    let spaced = value.replace('+', "%20");
    percent_decode(&spaced).map_or_else(|| value.to_owned(), |decoded| decoded.into_owned())
}

/// What a body sends.
fn content(body: &Body) -> Bytes {
    match body.open() {
        BodyKind::Empty => Bytes::new(),
        BodyKind::Bytes(bytes) => bytes,
        BodyKind::Stream(stream) => {
            let pieces: Vec<Bytes> = stream.try_collect().now_or_never().unwrap().unwrap();
            pieces.concat().into()
        }
        BodyKind::InSegments {
            content: body,
            mut encoder,
        } => {
            let mut rest = content(&body);
            let mut pieces: Vec<Bytes> = std::iter::from_fn(|| encoder.encode(&mut rest)).collect();
            pieces.push(encoder.finish().unwrap());
            pieces.concat().into()
        }
        _ => panic!("no builder makes such a body"),
    }
}

fn same_document(one: &[u8], other: &[u8]) -> bool {
    let tree = |body| document::tree(document::text(body)?);
    tree(one).is_some_and(|one| Some(one) == tree(other))
}

fn readable(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

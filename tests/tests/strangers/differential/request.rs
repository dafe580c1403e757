//! Requests as an SDK could send them, and as hardly anybody would.

use std::collections::BTreeSet;

use http::request::Parts;
use lazuli_signing::{AccountKey, SharedKey};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::draw::{self, Rng, chance, one_of};

const RFC_1123: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

const METHODS: &[&str] = &["GET", "PUT", "HEAD", "POST", "DELETE", "PATCH", "OPTIONS"];

/// Some of these had rules of their own.
const VERSIONS: &[&str] = &[
    "2026-10-06",
    "2026-10-06",
    "2025-07-05",
    "2021-12-02",
    "2016-05-31",
    "2015-12-11",
    "2015-02-21",
    "2014-02-14",
];

/// Parameters of the services, and names that sort in odd places.
const PARAMETERS: &[&str] = &[
    "comp",
    "restype",
    "timeout",
    "prefix",
    "delimiter",
    "marker",
    "include",
    "maxresults",
    "snapshot",
    "sharesnapshot",
    "versionid",
    "blockid",
    "where",
    "Include",
    "a1",
    "a_1",
    "a-1",
    "a.1",
    "a$1",
    "a",
];

/// The headers with a slot of their own but for the date, what they usually say, and in how many of a hundred requests.
const STANDARD: &[(&str, u8, &[&str])] = &[
    ("content-encoding", 10, &["gzip", "br, gzip", ""]),
    ("content-language", 10, &["de-AT", "en", ""]),
    ("content-length", 60, &["0", "0", "1", "4194304", "11"]),
    ("content-md5", 25, &["1B2M2Y8AsgTpgAmY7PhCfg==", ""]),
    (
        "content-type",
        50,
        &["application/xml", "text/plain; charset=\"utf-8\"", ""],
    ),
    ("if-modified-since", 10, &["Fri, 26 Jun 2026 23:39:12 GMT"]),
    ("if-match", 15, &["\"0x8DEF\"", "*"]),
    ("if-none-match", 15, &["*", "\"0x8DEF\", \"0x8DE0\"", ""]),
    ("if-unmodified-since", 10, &["Fri, 26 Jun 2026 23:39:12 GMT"]),
    ("range", 8, &["bytes=0-511", "bytes=5-"]),
];

/// Headers of the services. An empty list of values is for words of all kinds.
const X_MS: &[(&str, u8, &[&str])] = &[
    (
        "x-ms-client-request-id",
        50,
        &["a6f7e9de-2c1f-4d5a-9d43-0d2a4a8f8e01", ""],
    ),
    ("x-ms-range", 15, &["bytes=0-511"]),
    ("x-ms-blob-type", 25, &["BlockBlob", "PageBlob"]),
    ("x-ms-lease-id", 15, &["5d3c3ca5-6d43-4a8f-8f6f-3f0a2ec0b9c4"]),
    (
        "x-ms-blob-content-disposition",
        15,
        &["inline; filename=\"a b.txt\"", ""],
    ),
    ("x-ms-blob-cache-control", 10, &["no-cache", ""]),
    (
        "x-ms-copy-source",
        10,
        &["https://a.example/c/%C3%BC?sv=1&sig=a%2Bb%3D"],
    ),
    ("x-ms-tags", 10, &["a=1&b=%20two", ""]),
    ("x-ms-file-attributes", 10, &["None", "ReadOnly|Archive"]),
    ("x-ms-file-creation-time", 10, &["2026-06-26T23:39:12.1234567Z"]),
    (
        "x-ms-file-permission-key",
        10,
        &["4010187179898695473*11459378189709739967"],
    ),
    ("x-ms-file-request-intent", 10, &["backup"]),
    ("x-ms-if-tags", 10, &["\"stage\" = 'two'"]),
    ("x-ms", 2, &["is no such header"]),
    ("x-ms-", 5, &[]),
    ("x-other", 10, &[]),
];

/// One request, and who signs it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Request {
    pub(super) service: &'static str,
    pub(super) account: String,
    pub(super) key: String,
    pub(super) method: &'static str,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    /// What the date in the headers says.
    #[serde(skip)]
    pub(super) now: OffsetDateTime,
    /// Whether the path has the account's name with `-secondary`.
    #[serde(skip)]
    pub(super) secondary_path: bool,
}

impl Request {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let account = draw::account(rng);
        let service = one_of(rng, &["blob", "file"]);
        let secondary_path = chance(rng, 5);
        let base = match rng.u8(..10) {
            _ if secondary_path => format!("http://127.0.0.1:10000/{account}-secondary"),
            0..2 => format!("http://127.0.0.1:10000/{account}"),
            2 => format!("https://{account}-secondary.{service}.core.windows.net"),
            3 => "https://files.example.com".to_owned(),
            _ => format!("https://{account}.{service}.core.windows.net"),
        };
        let url = format!("{base}{}{}", path(rng), query(rng));
        let now = draw::time(rng);
        Self {
            service,
            account,
            key: draw::key(rng),
            method: one_of(rng, METHODS),
            url,
            headers: headers(rng, now),
            now,
            secondary_path,
        }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let mut named = self
            .headers
            .iter()
            .filter(|(each, _)| each.eq_ignore_ascii_case(name));
        named.next().map_or("", |(_, value)| value)
    }

    /// The parameters as they stand in the URL. One without `=` has an empty value.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let parameters = query.split('&').filter(|parameter| !parameter.is_empty());
        parameters.map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
    }

    pub(super) fn path(&self) -> &str {
        self.url.split('?').next().unwrap()
    }

    pub(super) fn parts(&self) -> Parts {
        let mut request = http::Request::builder().method(self.method).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(()).unwrap().into_parts().0
    }

    pub(super) fn shared_key(&self) -> SharedKey {
        SharedKey::new(
            self.account.parse().unwrap(),
            AccountKey::from_base64(&self.key).unwrap(),
        )
    }
}

/// What follows the account. It has no segments of dots, which clients resolve.
fn path(rng: &mut Rng) -> String {
    let mut path = "/".to_owned();
    if chance(rng, 10) {
        return path;
    }
    path += match rng.u8(..10) {
        0 => "$root",
        1 => "$web",
        _ => "models-01",
    };
    for _ in 0..rng.usize(..4) {
        let name = draw::text(rng, 1..12);
        path.push('/');
        path += &draw::encoded(rng, &format!("x{name}x"), "!$&'()*+,;=:@");
    }
    if chance(rng, 5) {
        path.push('/');
    }
    path
}

fn query(rng: &mut Rng) -> String {
    let mut seen = BTreeSet::new();
    let mut parameters = Vec::new();
    for _ in 0..rng.usize(..6) {
        let name = one_of(rng, PARAMETERS);
        if !seen.insert(name.to_ascii_lowercase()) {
            continue;
        }
        let name = match chance(rng, 2) {
            true => draw::encoded(rng, &format!("{name} é"), ""),
            false => name.to_owned(),
        };
        let value = draw::text(rng, 1..16);
        parameters.push(match rng.u8(..40) {
            0 => name,
            1 => format!("{name}="),
            2 => format!("{name}={}", draw::encoded(rng, &value, "!$'()*+,;:@/?=")),
            _ => format!("{name}={}", draw::encoded(rng, &value, "!$'()*+,;:@/?")),
        });
    }
    match parameters.is_empty() {
        true => one_of(rng, &["", "", "?"]).to_owned(),
        false => format!("?{}", parameters.join("&")),
    }
}

fn headers(rng: &mut Rng, now: OffsetDateTime) -> Vec<(String, String)> {
    let date = now.format(RFC_1123).unwrap();
    let mut headers = Vec::new();
    // Not both: the SDKs would sign both, and the service looks at one.
    let dated_by = if chance(rng, 3) { "date" } else { "x-ms-date" };
    headers.push((dated_by.to_owned(), date));
    if chance(rng, 95) {
        headers.push(("x-ms-version".to_owned(), one_of(rng, VERSIONS).to_owned()));
    }
    for (name, percent, values) in STANDARD.iter().chain(X_MS) {
        if chance(rng, *percent) {
            let value = match values {
                [] => value(rng),
                values => one_of(rng, values).to_owned(),
            };
            headers.push(((*name).to_owned(), value));
        }
    }
    let mut seen = BTreeSet::new();
    for _ in 0..rng.usize(..6) {
        let name = metadata_name(rng);
        if seen.insert(name.to_ascii_lowercase()) {
            let prefix = if chance(rng, 2) {
                "X-Ms-Meta-"
            } else {
                "x-ms-meta-"
            };
            headers.push((format!("{prefix}{name}"), value(rng)));
        }
    }
    rng.shuffle(&mut headers);
    headers
}

/// Mostly names that are close to each other: it is their order that is hard.
fn metadata_name(rng: &mut Rng) -> String {
    match rng.u8(..10) {
        0..5 => draw::word(rng, "ab1_", 1..5),
        5..7 => draw::word(rng, "aAbB12_-", 1..6),
        7 => draw::word(rng, "aA1_-'!#$%&*+.^`|~", 1..6),
        _ => draw::word(rng, "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_", 1..20),
    }
}

fn value(rng: &mut Rng) -> String {
    let printable: String = (' '..='~').collect();
    match rng.u8(..10) {
        0..2 => String::new(),
        2 => "two  spaces \"and  quotes\"".to_owned(),
        3 if chance(rng, 20) => " around \t".to_owned(),
        _ => draw::word(rng, &printable, 1..24).trim().to_owned(),
    }
}

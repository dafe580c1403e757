//! A log of changes in memory, and a service that lists its files and gives ranges of them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use lazuli_blob::BlobServiceClient;
use lazuli_protocol::xml::format_iso8601;
use lazuli_protocol::{Crc64, Endpoint, ResponseBody, percent_decode};
use lazuli_transport::{Deadline, OutgoingBody, Transport};
use proptest::sample::Index;
use time::OffsetDateTime;
use time::macros::{datetime, format_description};

use crate::avro::{file, long, text};

const SCHEMA: &str = r#"{"type": "record", "name": "BlobChangeEvent", "namespace": "com.microsoft.azure.storage.blobs", "fields": [
    {"name": "schemaVersion", "type": "int"}, {"name": "topic", "type": "string"}, {"name": "subject", "type": "string"},
    {"name": "eventType", "type": {"type": "enum", "name": "EventType", "symbols": ["BlobCreated", "BlobTierChanged"]}},
    {"name": "eventTime", "type": "string"}, {"name": "id", "type": "string"}, {"name": "metadataVersion", "type": ["null", "string"]},
    {"name": "data", "type": ["null", {"type": "record", "name": "BlobChangeEventData", "fields": [
        {"name": "api", "type": "string"}, {"name": "etag", "type": "string"}, {"name": "contentLength", "type": "long"},
        {"name": "blobType", "type": "string"}, {"name": "blobTier", "type": "string"}, {"name": "snapshot", "type": ["null", "string"]},
        {"name": "sequencer", "type": ["string", "long"]},
        {"name": "previousInfo", "type": {"type": "map", "values": "string"}},
        {"name": "blobPropertiesUpdated", "type": {"type": "map", "values": {"type": "record", "name": "Change", "fields": [
            {"name": "current", "type": ["null", "string"]}, {"name": "previous", "type": ["null", "string"]}]}}},
        {"name": "asyncOperationInfo", "type": {"type": "record", "name": "Async", "fields": [
            {"name": "DestinationTier", "type": "string"}, {"name": "WasAsyncOperation", "type": "boolean"}]}},
        {"name": "blobTagsUpdated", "type": {"type": "map", "values": {"type": "map", "values": "string"}}},
        {"name": "restorePointMarker", "type": ["null", {"type": "map", "values": "string"}]},
        {"name": "storageDiagnostics", "type": {"type": "map", "values": "string"}},
        {"name": "news", "type": {"type": "array", "items": ["long", "double", "null", "boolean", "bytes"]}}]}]}]}"#;

/// An event that is to be written.
#[derive(Clone)]
pub(crate) struct Change {
    at: OffsetDateTime,
    kind: i64,
    rest: Vec<u8>,
    subject: String,
}

/// The making of a blob.
pub(crate) fn change(blob: &str) -> Change {
    Change {
        at: datetime!(2026-03-01 18:30 UTC),
        kind: 0,
        rest: [text("id"), long(0), long(0)].concat(),
        subject: format!("/blobServices/default/containers/box/blobs/{blob}"),
    }
}

/// An event with all that there is.
pub(crate) fn everything() -> Change {
    let pair = |name: &str, value: Vec<u8>| [text(name), value].concat();
    let map = |pairs: &[Vec<u8>]| [long(pairs.len().try_into().unwrap()), pairs.concat(), long(0)].concat();
    let some = |value: &str| [long(1), text(value)].concat();
    let data = [
        [
            text("SetBlobTier"),
            text("0x8D9F2171BE32588"),
            long(128),
            text("BlockBlob"),
            text("Archive"),
            long(0),
        ]
        .concat(),
        [long(1), long(7)].concat(),
        map(&[
            pair("WasBlobSoftDeleted", text("true")),
            pair("PreviousTier", text("Hot")),
            pair("Later", text("kept")),
        ]),
        map(&[pair("ContentType", [some("text/plain"), long(0)].concat())]),
        [text("Hot"), vec![1]].concat(),
        map(&[pair("current", map(&[pair("Tag1", text("new"))]))]),
        long(0),
        map(&[pair("bid", text("9d726db1")), pair("seq", text("(2,29)"))]),
        [
            long(5),
            long(0),
            long(1),
            long(1),
            2.5_f64.to_le_bytes().to_vec(),
            long(2),
            long(3),
            vec![1],
            long(4),
            text([0xFF]),
            long(0),
        ]
        .concat(),
    ];
    Change {
        kind: 1,
        rest: [text("id-1"), some("1"), long(1), data.concat()].concat(),
        ..change("a/blobs/b")
    }
    .at(datetime!(2026-03-01 18:05:11.5746587 UTC))
}

impl Change {
    pub(crate) fn at(self, at: OffsetDateTime) -> Self {
        Self { at, ..self }
    }

    fn encoded(&self) -> Vec<u8> {
        let head = [
            long(5),
            text("/subscriptions/s"),
            text(&self.subject),
            long(self.kind),
        ];
        [head.concat(), text(format_iso8601(self.at)), self.rest.clone()].concat()
    }
}

/// The files of a log. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    files: BTreeMap<String, Bytes>,
    urls: Vec<String>,
    deadlines: Vec<Option<Deadline>>,
    ranges: Vec<String>,
}

impl Log {
    /// A log that may be read up to a segment.
    pub(crate) fn new(last: OffsetDateTime) -> Self {
        let log = Self::default();
        log.last_consumable(last);
        log
    }

    pub(crate) fn put(&self, name: &str, content: &[u8]) {
        let content = Bytes::copy_from_slice(content);
        self.0.lock().unwrap().files.insert(name.to_owned(), content);
    }

    pub(crate) fn remove(&self, prefix: &str) {
        self.0
            .lock()
            .unwrap()
            .files
            .retain(|name, _| !name.starts_with(prefix));
    }

    pub(crate) fn last_consumable(&self, last: OffsetDateTime) {
        let json = format!(
            r#"{{"version": 0, "lastConsumable": "{}", "storageDiagnostics": {{}}}}"#,
            format_iso8601(last)
        );
        self.put("meta/segments.json", json.as_bytes());
    }

    pub(crate) fn segment(&self, begin: OffsetDateTime, status: &str, shards: &[&str]) {
        let path = path(begin);
        let shards = shards
            .iter()
            .map(|shard| format!(r#""$blobchangefeed/log/{shard}/{path}/""#));
        let shards = shards.collect::<Vec<_>>().join(", ");
        let json = format!(
            r#"{{"version": 0, "begin": "{}", "intervalSecs": 3600, "status": "{status}", "chunkFilePaths": [{shards}]}}"#,
            format_iso8601(begin)
        );
        self.put(&format!("idx/segments/{path}/meta.json"), json.as_bytes());
    }

    pub(crate) fn put_empty_segment(&self, path: &str) {
        let json = br#"{"status": "Finalized", "chunkFilePaths": []}"#;
        self.put(&format!("idx/segments/{path}/meta.json"), json);
    }

    pub(crate) fn file(&self, begin: OffsetDateTime, shard: &str, number: usize, blocks: &[Vec<Change>]) {
        let encoded = |block: &Vec<Change>| block.iter().map(Change::encoded).collect();
        let content = file(SCHEMA, &blocks.iter().map(encoded).collect::<Vec<_>>());
        self.put(&format!("log/{shard}/{}/{number:05}.avro", path(begin)), &content);
    }

    pub(crate) fn append_nothing(&self, begin: OffsetDateTime, shard: &str, number: usize) {
        self.put(&format!("log/{shard}/{}/{number:05}.avro", path(begin)), b"");
    }

    /// All files, with their names.
    pub(crate) fn files(&self) -> BTreeMap<String, Bytes> {
        self.0.lock().unwrap().files.clone()
    }

    /// The URLs that were asked for.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.0.lock().unwrap().urls.clone()
    }

    /// The times that the requests were given.
    pub(crate) fn deadlines(&self) -> Vec<Option<Deadline>> {
        self.0.lock().unwrap().deadlines.clone()
    }

    /// Puts bytes in place of others in a file.
    pub(crate) fn damage(&self, name: &str, damage: &[(Index, u8)]) {
        let mut content = self.0.lock().unwrap().files[name].to_vec();
        for (at, byte) in damage {
            let at = at.index(content.len());
            content[at] = *byte;
        }
        self.put(name, &content);
    }

    /// The ranges that were asked for.
    pub(crate) fn ranges(&self) -> Vec<String> {
        self.0.lock().unwrap().ranges.clone()
    }

    pub(crate) fn forget_requests(&self) {
        let mut inner = self.0.lock().unwrap();
        inner.urls.clear();
        inner.ranges.clear();
    }

    /// A client of the account that has the log.
    pub(crate) fn blobs(&self) -> BlobServiceClient {
        let log = self.clone();
        let service = tower::service_fn(move |request: Request<OutgoingBody>| {
            let deadline = request.extensions().get().copied();
            log.0.lock().unwrap().deadlines.push(deadline);
            let answer = log.answer(request.uri(), request.headers());
            async move { Ok::<_, Infallible>(answer.map(ResponseBody::from)) }
        });
        let transport = Transport::builder().build_on(service).unwrap();
        BlobServiceClient::new(Endpoint::parse("http://127.0.0.1:10000/dev").unwrap(), transport)
    }

    fn answer(&self, uri: &http::Uri, headers: &http::HeaderMap) -> Response<Bytes> {
        let mut inner = self.0.lock().unwrap();
        inner.urls.push(uri.to_string());
        let path = percent_decode(uri.path()).unwrap().into_owned();
        let path = path.strip_prefix("/dev/$blobchangefeed").unwrap();
        if inner.files.is_empty() {
            return refusal("ContainerNotFound");
        }
        let Some(name) = path.strip_prefix('/').filter(|name| !name.is_empty()) else {
            return inner.page(uri.query().unwrap());
        };
        let range = headers
            .get("x-ms-range")
            .map(|range| range.to_str().unwrap().to_owned());
        inner.ranges.extend(range.clone());
        let Some(content) = inner.files.get(name) else {
            return refusal("BlobNotFound");
        };
        let head = Response::builder()
            .header("etag", "\"0x1\"")
            .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT");
        let Some(range) = range else {
            return head
                .header("content-length", content.len())
                .body(content.clone())
                .unwrap();
        };
        let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        let part = content.slice(first.parse::<usize>().unwrap()..=last.parse().unwrap());
        head.status(206)
            .header("content-length", part.len())
            .header("content-range", format!("bytes {first}-{last}/{}", content.len()))
            .header("x-ms-content-crc64", Crc64::of(&part).to_string())
            .body(part)
            .unwrap()
    }
}

impl Inner {
    /// A page of two files. Like some servers, this one does not know where to start.
    fn page(&self, query: &str) -> Response<Bytes> {
        let asked = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name));
            value
                .map(|value| percent_decode(value).unwrap().into_owned())
                .unwrap_or_default()
        };
        let (prefix, marker) = (asked("prefix="), asked("marker="));
        let mut found = self
            .files
            .iter()
            .filter(|(name, _)| name.starts_with(&prefix) && **name >= marker);
        let blobs: String = found
            .by_ref()
            .take(2)
            .map(|(name, content)| {
                let length = content.len();
                format!("<Blob><Name>{name}</Name><Properties><Content-Length>{length}</Content-Length></Properties></Blob>")
            })
            .collect();
        let next = found.next().map_or("", |(name, _)| name);
        let page = format!(
            "<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{next}</NextMarker></EnumerationResults>"
        );
        Response::new(page.into())
    }
}

fn refusal(code: &str) -> Response<Bytes> {
    Response::builder()
        .status(404)
        .header("x-ms-error-code", code)
        .body(Bytes::new())
        .unwrap()
}

fn path(begin: OffsetDateTime) -> String {
    begin
        .format(format_description!("[year]/[month]/[day]/[hour][minute]"))
        .unwrap()
}

//! A recorded request, taken apart: what a builder asks for to make the same request from types.

use bytes::Bytes;
use futures_util::stream;
use http::HeaderMap;
use lazuli_protocol::{
    BlobName, Body, ByteRange, Conditions, ContainerName, Endpoint, Error, ErrorKind, EtagMatch, Metadata,
    StructuredDecoder, parse_rfc1123, percent_decode,
};

use crate::exchange::Exchange;
use crate::{multipart, rows};

pub(crate) struct Wanted {
    pub(crate) endpoint: Endpoint,
    pub(crate) method: String,
    /// Decoded, with the slash at its start.
    pub(crate) path: String,
    /// Decoded, in the order of the request.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    /// `None` when the recording does not have it.
    pub(crate) body: Option<Bytes>,
    /// Whether the recording has the headers.
    pub(crate) has_headers: bool,
    container: String,
    blob: String,
}

impl Wanted {
    /// Takes a request apart; `None` when its URL is none.
    pub(crate) fn of(row: &str, exchange: &Exchange) -> Option<Self> {
        let request = &exchange.request;
        let of_a_blob = rows::is_of_a_blob(row);
        let mut wanted = Self::new(&request.method, &request.uri, request.headers(), of_a_blob)?;
        wanted.body = request.body().filter(|_| !exchange.is("no_req_body"));
        // Where even the operation is a guess, what tells it was lost; and a recorder that drops bodies keeps only some headers.
        wanted.has_headers = !["no_req_headers", "no_req_body"]
            .iter()
            .any(|flag| exchange.is(flag))
            && !exchange.op.contains('?');
        Some(wanted)
    }

    fn new(method: &str, uri: &str, headers: HeaderMap, of_a_blob: bool) -> Option<Self> {
        let (base, query) = uri.split_once('?').unwrap_or((uri, ""));
        let slash = base.match_indices('/').nth(2).map_or(base.len(), |(at, _)| at);
        let (endpoint, path) = base.split_at(slash);
        let path = match percent_decode(path)? {
            path if path.is_empty() => "/".to_owned(),
            path => path.into_owned(),
        };
        let names = path.trim_start_matches('/');
        let (container, blob) = match names.split_once('/') {
            Some(names) => names,
            // A blob without a container is in the root container.
            None if of_a_blob => ("$root", names),
            None => (names, ""),
        };
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = value.replace('+', "%20");
            Some((
                percent_decode(name)?.into_owned(),
                percent_decode(&value)?.into_owned(),
            ))
        });
        let (container, blob) = (container.to_owned(), blob.to_owned());
        Some(Self {
            endpoint: Endpoint::parse(endpoint).ok()?,
            method: method.to_owned(),
            path,
            query: query.collect::<Option<_>>()?,
            headers,
            body: Some(Bytes::new()),
            has_headers: true,
            container,
            blob,
        })
    }

    /// The requests within a batch.
    pub(crate) fn parts(&self) -> Result<Vec<Self>, Error> {
        let body = self.body.clone().unwrap_or_default();
        let parts = multipart::parts(&body).ok_or_else(|| unusable("body", "no batch"))?;
        let parts = parts
            .into_iter()
            .map(|part| self.part(&part.method, &part.target, part.headers));
        parts.collect()
    }

    /// A request within a batch.
    pub(crate) fn part(&self, method: &str, target: &str, headers: HeaderMap) -> Result<Self, Error> {
        let uri = format!("{}{target}", self.endpoint.as_str());
        Self::new(method, &uri, headers, true).ok_or_else(|| unusable("a part of a batch", target))
    }

    pub(crate) fn container(&self) -> Result<ContainerName, Error> {
        ContainerName::new(&self.container)
    }

    pub(crate) fn blob(&self) -> Result<BlobName, Error> {
        BlobName::new(&self.blob)
    }

    /// A parameter of the query, whatever the case of its name.
    pub(crate) fn asks(&self, name: &str) -> Option<&str> {
        let mut named = self
            .query
            .iter()
            .filter(|(each, _)| each.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.as_str())
    }

    /// The same, owned and only if it says something.
    pub(crate) fn asked(&self, name: &str) -> Option<String> {
        self.asks(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// The same as a number, say.
    pub(crate) fn asked_as<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.asks(name).map(|value| parsed(name, value)).transpose()
    }

    /// The words of a list in the query.
    pub(crate) fn asked_list(&self, name: &str) -> Vec<String> {
        let words = self.asks(name).unwrap_or_default().split(',');
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header, owned and only if it says something.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.header(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A header as a number, a checksum or anything else that is parsed from text.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.header(name).map(|value| parsed(name, value)).transpose()
    }

    /// A header as a value of one of the open vocabularies.
    pub(crate) fn value<T: for<'a> From<&'a str>>(&self, name: &str) -> Option<T> {
        self.header(name).map(T::from)
    }

    /// A header as a yes or no.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.header(name)?.to_ascii_lowercase().parse().ok()
    }

    pub(crate) fn range(&self) -> Result<Option<ByteRange>, Error> {
        match self.range_named("x-ms-range")? {
            // The older name of the same.
            None => self.range_named("range"),
            range => Ok(range),
        }
    }

    /// The range in a header.
    pub(crate) fn range_named(&self, name: &str) -> Result<Option<ByteRange>, Error> {
        let Some(text) = self.header(name) else {
            return Ok(None);
        };
        let (first, last) = text
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
            .ok_or_else(|| unusable("range", text))?;
        let first: u64 = parsed("range", first)?;
        if last.is_empty() {
            return Ok(Some(ByteRange::from(first..)));
        }
        let last: u64 = parsed("range", last)?;
        let end = last.checked_add(1).filter(|end| *end > first);
        let end = end.ok_or_else(|| unusable("range", text))?;
        Ok(Some(ByteRange::from(first..end)))
    }

    pub(crate) fn metadata(&self) -> Result<Metadata, Error> {
        let mut metadata = Metadata::new();
        for (name, value) in &self.headers {
            if let Some(name) = name.as_str().strip_prefix("x-ms-meta-") {
                metadata.insert(name, String::from_utf8_lossy(value.as_bytes()))?;
            }
        }
        Ok(metadata)
    }

    pub(crate) fn conditions(&self) -> Result<Conditions, Error> {
        self.conditions_named("")
    }

    /// Conditions whose headers' names begin so: `x-ms-source-`.
    pub(crate) fn conditions_named(&self, prefix: &str) -> Result<Conditions, Error> {
        let header = |name: &str| self.header(&format!("{prefix}{name}"));
        let mut conditions = Conditions::new();
        if let Some(tag) = header("if-match") {
            conditions = conditions.if_match(etag(tag)?);
        }
        if let Some(tag) = header("if-none-match") {
            conditions = conditions.if_none_match(etag(tag)?);
        }
        if let Some(date) = header("if-modified-since") {
            conditions = conditions.if_modified_since(parse_rfc1123(date)?);
        }
        if let Some(date) = header("if-unmodified-since") {
            conditions = conditions.if_unmodified_since(parse_rfc1123(date)?);
        }
        if let Some(expression) = header("x-ms-if-tags").or_else(|| header("if-tags")) {
            conditions = conditions.if_tags(expression);
        }
        Ok(conditions)
    }

    /// Whether the body has its content in segments.
    pub(crate) fn is_in_segments(&self) -> bool {
        self.headers.contains_key("x-ms-structured-body")
    }

    /// The body as content that is streamed: of such a body no checksum is sent that the request did not have. A byte stands for what was lost.
    pub(crate) fn content(&self) -> Result<Body, Error> {
        self.content_or(1)
    }

    /// The same, where content that was lost had so many bytes.
    pub(crate) fn content_or(&self, length: usize) -> Result<Body, Error> {
        let bytes = match &self.body {
            Some(body) if self.is_in_segments() => self.out_of_segments(body.clone())?,
            Some(body) => body.clone(),
            None => vec![0; length].into(),
        };
        Ok(Body::stream(bytes.len() as u64, move || {
            Box::pin(stream::iter([Ok(bytes.clone())]))
        }))
    }

    fn out_of_segments(&self, mut body: Bytes) -> Result<Bytes, Error> {
        let length = self.parsed("x-ms-structured-content-length")?;
        let mut decoder = StructuredDecoder::new(length.unwrap_or_default());
        let mut content = Vec::new();
        while let Some(piece) = decoder.decode(&mut body)? {
            content.extend_from_slice(&piece);
        }
        decoder.finish()?;
        Ok(content.into())
    }

    /// The body as a document's text, or what stands for one that was lost.
    pub(crate) fn document(&self, lost: &'static str) -> &[u8] {
        self.body.as_deref().unwrap_or(lost.as_bytes())
    }
}

/// A value that types do not let through.
pub(crate) fn unusable(name: &str, value: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, format!("{name} cannot be {value:?}"))
}

fn parsed<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, Error> {
    value.trim().parse().map_err(|_| unusable(name, value))
}

fn etag(text: &str) -> Result<EtagMatch, Error> {
    match text {
        "*" => Ok(EtagMatch::Any),
        tag => Ok(EtagMatch::Tag(tag.parse()?)),
    }
}

//! An answer in the making, and the headers that every answer has.

use bytes::Bytes;
use http::response::Builder;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header};
use lazuli_protocol::{ApiVersion, header as names};
use uuid::Uuid;

use super::body::SimulationBody;
use super::download::Download;
use super::query_answer::QueryAnswer;
use super::refusal::{Refusal, Stage};
use super::xml::Xml;
use crate::MetadataCase;
use crate::state::Timestamp;

const SERVER: HeaderValue = HeaderValue::from_static("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
const FRONT: HeaderValue = HeaderValue::from_static("Microsoft-HTTPAPI/2.0");
const XML: HeaderValue = HeaderValue::from_static("application/xml");

/// The first version whose errors say their code in a header, too.
const SAYS_CODE: ApiVersion = ApiVersion::of(b"2017-07-29");

/// What an operation answers when it succeeds.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    // The standard headers come before those that every answer has, and the service's own after them.
    standard: Vec<(HeaderName, HeaderValue)>,
    own: Vec<(HeaderName, HeaderValue)>,
    case: MetadataCase,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Empty,
    /// Nothing follows, but the headers speak of something.
    HeadOf(u64),
    Xml(String),
    /// With its type.
    Sized(HeaderValue, Bytes),
    Blob(Download),
    /// Bytes whose length is not said.
    Chunked(Bytes),
    Query(Box<QueryAnswer>),
}

impl Answer {
    pub(super) fn new(status: StatusCode) -> Self {
        Self {
            status,
            standard: Vec::new(),
            own: Vec::new(),
            case: MetadataCase::default(),
            body: Body::Empty,
        }
    }

    /// Adds a header. A value that no header can hold is left out: nothing that came in by a header is one.
    pub(super) fn header(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            let list = if name.as_str().starts_with("x-ms-") {
                &mut self.own
            } else {
                &mut self.standard
            };
            list.push((name, value));
        }
        self
    }

    /// Adds a header, if there is a value for it.
    pub(super) fn some(self, name: HeaderName, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    /// Says how the names of metadata are written.
    pub(super) fn case(mut self, case: MetadataCase) -> Self {
        self.case = case;
        self
    }

    pub(super) fn xml(mut self, xml: Xml) -> Self {
        self.body = Body::Xml(xml.finish());
        self
    }

    /// A document whose length is said.
    pub(super) fn xml_sized(self, xml: Xml) -> Self {
        self.sized(XML, xml.finish())
    }

    /// Something of this type, whose length is said.
    pub(super) fn sized(mut self, kind: HeaderValue, content: impl Into<Bytes>) -> Self {
        self.body = Body::Sized(kind, content.into());
        self
    }

    pub(super) fn blob(mut self, download: Download) -> Self {
        self.body = Body::Blob(download);
        self
    }

    /// Some bytes, their length unsaid.
    pub(super) fn chunked(mut self, bytes: impl Into<Bytes>) -> Self {
        self.body = Body::Chunked(bytes.into());
        self
    }

    pub(super) fn query(mut self, query: QueryAnswer) -> Self {
        self.body = Body::Query(Box::new(query));
        self
    }

    pub(super) fn head_of(mut self, len: u64) -> Self {
        self.body = Body::HeadOf(len);
        self
    }
}

/// What every answer to one request says.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) method: Method,
    pub(super) request_id: Uuid,
    pub(super) client_request_id: Option<HeaderValue>,
    pub(super) version: ApiVersion,
    pub(super) now: Timestamp,
}

impl Envelope {
    pub(super) fn answer(&self, answer: Answer) -> Response<SimulationBody> {
        let mut builder = Response::builder().status(answer.status);
        let body = match answer.body {
            Body::Empty => {
                builder = builder.header(header::CONTENT_LENGTH, 0);
                SimulationBody::empty()
            }
            Body::HeadOf(len) => {
                builder = builder.header(header::CONTENT_LENGTH, len);
                SimulationBody::empty()
            }
            Body::Xml(xml) => {
                builder = builder.header(header::CONTENT_TYPE, XML);
                // Lists are sent in chunks, their length unsaid.
                if self.method == Method::HEAD {
                    SimulationBody::unsized_empty()
                } else {
                    SimulationBody::chunked(xml)
                }
            }
            Body::Sized(kind, content) => {
                builder = builder
                    .header(header::CONTENT_LENGTH, content.len())
                    .header(header::CONTENT_TYPE, kind);
                SimulationBody::full(content)
            }
            Body::Blob(download) => {
                builder = builder.header(header::CONTENT_LENGTH, download.len());
                SimulationBody::download(download)
            }
            Body::Chunked(bytes) => SimulationBody::chunked(bytes),
            Body::Query(query) => SimulationBody::query(*query),
        };
        builder = put(builder, answer.standard);
        builder = self.common(builder, Stage::Operation);
        builder = put(builder, answer.own);
        if !answer.case.is_empty() {
            builder = builder.extension(answer.case);
        }
        self.finish(builder, body)
    }

    pub(super) fn refuse(&self, refusal: Refusal) -> Response<SimulationBody> {
        let mut builder = Response::builder().status(refusal.status);
        let body = if refusal.status == StatusCode::NOT_MODIFIED {
            builder = builder.header(header::CONTENT_LENGTH, 0);
            SimulationBody::empty()
        } else if self.method == Method::HEAD {
            SimulationBody::unsized_empty()
        } else {
            let xml = self.error_body(&refusal);
            builder = builder
                .header(header::CONTENT_LENGTH, xml.len())
                .header(header::CONTENT_TYPE, XML);
            SimulationBody::full(Bytes::from(xml))
        };
        let (own, standard): (Vec<_>, Vec<_>) = refusal
            .headers
            .into_iter()
            .partition(|(name, _)| name.as_str().starts_with("x-ms-"));
        builder = put(builder, standard);
        builder = self.common(builder, refusal.stage);
        if refusal.stage != Stage::Version && self.version >= SAYS_CODE {
            builder = builder.header(names::ERROR_CODE, refusal.code.as_str());
        }
        builder = put(builder, own);
        #[cfg(feature = "serve")]
        if let Ok(phrase) = hyper::ext::ReasonPhrase::try_from(refusal.message.as_bytes()) {
            // The service says its text in the status line, too.
            builder = builder.extension(phrase);
        }
        self.finish(builder, body)
    }

    fn common(&self, mut builder: Builder, stage: Stage) -> Builder {
        builder = builder.header(header::SERVER, if stage == Stage::Front { FRONT } else { SERVER });
        builder = builder.header(names::REQUEST_ID, self.request_id.to_string());
        if let Some(id) = &self.client_request_id {
            builder = builder.header(names::CLIENT_REQUEST_ID, id);
        }
        if stage == Stage::Operation {
            builder = builder.header(names::VERSION, self.version.as_str());
        }
        builder
    }

    fn finish(&self, builder: Builder, body: SimulationBody) -> Response<SimulationBody> {
        let built = builder.header(header::DATE, self.now.rfc1123()).body(body);
        // Every part was a header already; a builder that fails would have no better answer than none.
        built.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be written");
            let mut bare = Response::new(SimulationBody::empty());
            *bare.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            bare
        })
    }

    fn error_body(&self, refusal: &Refusal) -> String {
        let mut xml = Xml::new();
        xml.open("Error");
        xml.text("Code", refusal.code.as_str());
        let (id, time) = (self.request_id, self.now.iso8601());
        xml.text(
            "Message",
            &format!("{}\nRequestId:{id}\nTime:{time}", refusal.message),
        );
        for (element, text) in &refusal.details {
            xml.text(element, text);
        }
        xml.close("Error");
        xml.finish()
    }
}

fn put(builder: Builder, headers: Vec<(HeaderName, HeaderValue)>) -> Builder {
    headers
        .into_iter()
        .fold(builder, |builder, (name, value)| builder.header(name, value))
}

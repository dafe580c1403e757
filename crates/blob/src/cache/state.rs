//! What is known of a blob: one state of it, and when that was last found to be the current one.

use std::time::Duration;

use futures_util::FutureExt as _;
use http::header::{CACHE_CONTROL, HeaderName};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use lazuli_protocol::{Answer, ResponseBody, header, redacted_uri};
use time::OffsetDateTime;

use crate::{BlobProperties, CopiedFrom};

/// Headers that are about one answer and not about the blob, and those that would be wrong beside another range.
const OF_THE_ANSWER: [&str; 13] = [
    "accept-ranges",
    "connection",
    "content-length",
    "content-range",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "x-ms-client-request-id",
    "x-ms-content-crc64",
    "x-ms-request-id",
    "x-ms-request-server-encrypted",
    "x-ms-version",
];

/// The headers of an answer that are about the blob.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    /// Whether the answer was to a range: the MD5 in it is not that of the blob then.
    pub(super) partial: bool,
    pub(super) headers: HeaderMap,
}

/// Whether content may be kept, by what the service says with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// For the time to live.
    Keep,
    /// But ask before each use: `Cache-Control: no-cache`.
    Ask,
    /// Not at all: `Cache-Control: no-store`, or the content is encrypted with a key that only its reader has.
    Forget,
}

/// A state of a blob.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) properties: BlobProperties,
    pub(super) kept: Kept,
    pub(super) rule: Rule,
    /// When the request was sent that last found the blob in this state.
    pub(super) found: OffsetDateTime,
    /// When the request was sent that the properties came with.
    pub(super) told: OffsetDateTime,
}

// === impl Kept ===

impl Kept {
    pub(super) fn of(parts: &Parts) -> Self {
        let partial = parts.status == StatusCode::PARTIAL_CONTENT;
        let mut headers = parts.headers.clone();
        for name in OF_THE_ANSWER {
            headers.remove(name);
        }
        if partial {
            headers.remove("content-md5");
        }
        // It may have a signature in it, which must not be on a disk.
        if let Some(source) = headers.remove(header::COPY_SOURCE)
            && let Some(shown) = redacted(&source)
        {
            headers.insert(header::COPY_SOURCE, shown);
        }
        Self { partial, headers }
    }

    fn rule(&self) -> Rule {
        // So the service says that the reader had to bring the key.
        if self.headers.contains_key(header::ENCRYPTION_KEY_SHA256) {
            return Rule::Forget;
        }
        let says = |directive: &str| {
            let lines = self
                .headers
                .get_all(CACHE_CONTROL)
                .iter()
                .filter_map(|line| line.to_str().ok());
            lines.flat_map(|line| line.split(',')).any(|part| {
                part.split('=')
                    .next()
                    .unwrap_or_default()
                    .trim()
                    .eq_ignore_ascii_case(directive)
            })
        };
        if says("no-store") {
            Rule::Forget
        } else if says("no-cache") {
            Rule::Ask
        } else {
            Rule::Keep
        }
    }

    fn properties(&self, size: u64) -> Option<BlobProperties> {
        let status = if self.partial {
            StatusCode::PARTIAL_CONTENT
        } else {
            StatusCode::OK
        };
        let (mut parts, ()) = Response::new(()).into_parts();
        parts.status = status;
        parts.headers = self.headers.clone();
        // Only an unexpected status has it wait for a body.
        let answer = Answer::expect(parts, ResponseBody::empty(), &[status]).now_or_never()?;
        BlobProperties::read(&answer.ok()?.0, size).ok()
    }
}

// === impl State ===

impl State {
    pub(super) fn new(mut properties: BlobProperties, kept: Kept, now: OffsetDateTime) -> Self {
        let source = kept.headers.get(header::COPY_SOURCE);
        // As the file will give it.
        properties.copy_source = source
            .and_then(|source| source.to_str().ok())
            .map(|source| CopiedFrom::new(source.to_owned()));
        Self {
            properties,
            rule: kept.rule(),
            kept,
            found: now,
            told: now,
        }
    }

    pub(super) fn size(&self) -> u64 {
        self.properties.content_length
    }

    /// The same state, found once more.
    pub(super) fn found_again(&self, now: OffsetDateTime) -> Self {
        Self {
            found: now,
            ..self.clone()
        }
    }

    /// Whether it was the current one less than `ttl` ago.
    pub(super) fn is_young(&self, now: OffsetDateTime, ttl: Duration) -> bool {
        self.rule == Rule::Keep && young(self.found, now, ttl)
    }

    /// What it takes in memory, about: the headers, and what was read from them.
    pub(super) fn weight(&self) -> u64 {
        let headers = self.kept.headers.iter();
        let bytes: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len() + 64)
            .sum();
        2048_u64.saturating_add((bytes as u64).saturating_mul(2))
    }

    /// As a file holds it.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for time in [self.found, self.told] {
            bytes.extend_from_slice(&time.unix_timestamp_nanos().to_le_bytes());
        }
        bytes.extend_from_slice(&self.size().to_le_bytes());
        bytes.push(u8::from(self.kept.partial));
        for (name, value) in &self.kept.headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(b'\n');
        }
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (found, bytes) = bytes.split_first_chunk::<16>()?;
        let (told, bytes) = bytes.split_first_chunk::<16>()?;
        let (size, bytes) = bytes.split_first_chunk::<8>()?;
        let (partial, lines) = bytes.split_first()?;
        let mut headers = HeaderMap::new();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            let value = value.strip_prefix(b":")?;
            headers.append(
                HeaderName::from_bytes(name).ok()?,
                HeaderValue::from_bytes(value).ok()?,
            );
        }
        let kept = Kept {
            partial: *partial != 0,
            headers,
        };
        let time =
            |nanos: &[u8; 16]| OffsetDateTime::from_unix_timestamp_nanos(i128::from_le_bytes(*nanos)).ok();
        let properties = kept.properties(u64::from_le_bytes(*size))?;
        let mut state = Self::new(properties, kept, time(found)?);
        state.told = time(told)?;
        Some(state)
    }
}

/// The URL without its signature.
fn redacted(url: &HeaderValue) -> Option<HeaderValue> {
    let url = url.to_str().ok()?.parse().ok()?;
    redacted_uri(&url).parse().ok()
}

/// Whether `at` is less than `ttl` ago. What a clock that was set back makes the future is not.
pub(super) fn young(at: OffsetDateTime, now: OffsetDateTime, ttl: Duration) -> bool {
    at <= now && now - at < ttl
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn kept(headers: &[(&str, &str)]) -> Kept {
        let mut response = Response::builder()
            .status(206)
            .header("etag", "\"0x1\"")
            .header("last-modified", "Fri, 27 Jan 2023 22:27:27 GMT")
            .header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")
            .header("content-length", "5")
            .header("x-ms-request-id", "r-1");
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Kept::of(&response.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_state_survives_its_file() {
        let kept = kept(&[
            ("x-ms-meta-a", "1 : 2"),
            ("content-type", "text/plain"),
            ("x-ms-meta-b", ""),
        ]);
        let now = datetime!(2026-01-02 03:04:05.123456789 UTC);
        let state =
            State::new(kept.properties(9).unwrap(), kept, now).found_again(now + Duration::from_secs(5));
        let again = State::decode(&state.encode()).unwrap();
        assert_eq!((again.found, again.told), (state.found, state.told));
        assert_eq!((&again.properties, &again.kept), (&state.properties, &state.kept));
        assert_eq!(again.properties.metadata.get("a"), Some("1 : 2"));
        assert_eq!(again.properties.content_md5, None);
        assert!(!format!("{again:?}").contains("r-1"));
        for cut in 0..41 {
            assert!(State::decode(&state.encode()[..cut]).is_none());
        }
    }

    #[test]
    fn signatures_do_not_get_into_files() {
        for (url, left) in [
            (
                "https://a.example/b?sv=1&sig=c2VjcmV0",
                Some("https://a.example/b?sv=1&sig=REDACTED"),
            ),
            (
                "https://a.example/b?snapshot=1",
                Some("https://a.example/b?snapshot=1"),
            ),
            ("c2VjcmV0 here", None),
        ] {
            let headers = [("x-ms-copy-source", url), ("x-ms-copy-id", "1")];
            let kept = kept(&headers);
            let now = datetime!(2026-01-02 03:04:05 UTC);
            let mut told = kept.properties(9).unwrap();
            told.copy_source = Some(CopiedFrom::new(url.to_owned()));
            let state = State::new(told, kept, now);
            let file = state.encode();
            let again = State::decode(&file).unwrap();
            assert_eq!(again.properties, state.properties);
            assert_eq!(
                state.properties.copy_source.as_ref().map(CopiedFrom::expose),
                left
            );
            let shown = format!("{state:?} {}", String::from_utf8_lossy(&file));
            assert!(!shown.contains("c2VjcmV0"), "{shown}");
        }
    }

    #[test]
    fn what_must_not_be_kept_is_known() {
        for (headers, rule) in [
            (&[][..], Rule::Keep),
            (&[("cache-control", "private, max-age=60")], Rule::Keep),
            (&[("cache-control", "max-age=0, No-Cache")], Rule::Ask),
            (&[("cache-control", "no-cache, no-store")], Rule::Forget),
            (&[("x-ms-encryption-key-sha256", "c2hh")], Rule::Forget),
        ] {
            assert_eq!(kept(headers).rule(), rule, "{headers:?}");
        }
    }

    #[test]
    fn age_counts_from_the_request() {
        let at = datetime!(2026-01-02 03:04:05 UTC);
        let second = Duration::from_secs(1);
        assert!(young(at, at, second));
        assert!(!young(at, at + second, second) && !young(at + second, at, second));
        assert!(!young(at, at, Duration::ZERO));
    }
}

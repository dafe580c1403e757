//! The source of a copy: a URL that names a blob of this simulation, read as a Get Blob of that URL would be, or one that is [fetched](super::elsewhere).
//!
//! The conditions, the lease and the key that a request shows for its source become those of the
//! read, so that one set of rules holds for both.

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use lazuli_protocol::{ByteRange, ErrorCode, header as names, percent_decode};

use super::auth::{Caller, Visit, is_sas};
use super::call::Call;
use super::elsewhere::{self, Fetched};
use super::operations::{check_readable, cut};
use super::query::Query;
use super::refusal::Refusal;
use super::router::Needs;
use super::target::{Level, Target};
use crate::state::{BlobPath, Denied, Found, Which, check_encryption};

/// The first version that says how the source itself was refused.
const TELLS_SOURCE: &[u8; 10] = b"2025-11-05";
const TAGS_ELSEWHERE: &str = "Tags are copied within this simulation only.";
const READS: Needs = Needs {
    account: "r",
    service: "r",
};
const READS_TAGS: Needs = Needs {
    account: "t",
    service: "t",
};

/// What a request says of its source, and the header of a read that says the same.
static SHOWN: [(HeaderName, HeaderName); 9] = [
    (names::SOURCE_IF_MATCH, header::IF_MATCH),
    (names::SOURCE_IF_NONE_MATCH, header::IF_NONE_MATCH),
    (names::SOURCE_IF_MODIFIED_SINCE, header::IF_MODIFIED_SINCE),
    (names::SOURCE_IF_UNMODIFIED_SINCE, header::IF_UNMODIFIED_SINCE),
    (names::SOURCE_IF_TAGS, names::IF_TAGS),
    (names::SOURCE_LEASE_ID, names::LEASE_ID),
    (names::SOURCE_ENCRYPTION_KEY, names::ENCRYPTION_KEY),
    (names::SOURCE_ENCRYPTION_KEY_SHA256, names::ENCRYPTION_KEY_SHA256),
    (names::SOURCE_ENCRYPTION_ALGORITHM, names::ENCRYPTION_ALGORITHM),
];

/// What a source is read for. Operations differ in whom they let read it, and in how they say that it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A copy that goes on after its answer: within an account it takes no leave of its own to read.
    Copy,
    /// A copy of a whole blob that is done with its answer.
    Whole,
    /// The bytes of a whole blob that another is made of.
    Bytes,
    /// A part of a blob.
    Part,
}

/// A source that may be read.
pub(super) struct Source {
    pub(super) found: Found,
    /// Where it is, unless it was fetched.
    pub(super) at: Option<BlobPath>,
    /// Which state of the blob the URL names.
    pub(super) which: Which,
    /// The URL as it is told to others: without its signature.
    pub(super) url: String,
    /// Whether it is fetched, and no more than the part that the request asks for.
    is_part: bool,
    /// Who reads it here.
    caller: Option<Caller>,
}

impl Source {
    /// Whether the tags of the source may be read, too. Those of a source elsewhere cannot.
    pub(super) fn check_tags(&self) -> Result<(), Box<Refusal>> {
        match &self.caller {
            Some(caller) => caller.check(READS_TAGS),
            None => Err(elsewhere::unverified(StatusCode::CONFLICT, TAGS_ELSEWHERE)),
        }
    }
}

impl Call {
    /// Finds the source that the request names, and checks what it says of it.
    pub(super) async fn source(&self, purpose: Purpose) -> Result<Source, Box<Refusal>> {
        let Some(text) = self.header(&names::COPY_SOURCE)? else {
            return Err(Refusal::missing_header(names::COPY_SOURCE.as_str()));
        };
        let url = without_signature(text);
        let bad = || Refusal::bad_header(names::COPY_SOURCE.as_str(), &url);
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let (host, port) = (uri.host().ok_or_else(bad)?.to_owned(), uri.port_u16());
        let query = Query::parse(uri.query().unwrap_or_default());
        let parts = self.source_parts(uri, purpose)?;
        let account = |target: &Target| {
            let known = self.shared.accounts.get(&target.account);
            known
                .filter(|_| target.is_of_host() || self.is_own(&host, port))
                .cloned()
        };
        // What is no query of ours may be one elsewhere.
        let plain = Query::default();
        let target = Target::parse(&parts, query.as_ref().unwrap_or(&plain)).ok();
        let own = target.and_then(|target| Some((account(&target)?, target)));
        let Some((account, target)) = own else {
            return self.source_elsewhere(parts, url, purpose).await;
        };
        let query = query.map_err(|_| bad())?;
        query.check_once()?;
        if target.level() != Level::Blob {
            return Err(bad());
        }
        target.check_names()?;
        let within = target.account == self.target.account;
        let refuse = |refusal| self.source_refused(purpose, within, refusal);
        let trusted = purpose == Purpose::Copy
            && within
            && matches!(self.caller, Caller::Owner | Caller::Token(_))
            && !is_sas(&query);
        let caller = if trusted {
            Caller::Owner
        } else {
            let visit = Visit {
                account: &account,
                gate: &self.shared.gate,
                engine: &self.engine,
                parts: &parts,
                target: &target,
                query: &query,
                route: None,
                now: self.engine.clock.now(),
            };
            visit.admit().map_err(refuse)?
        };
        caller.check(READS).map_err(refuse)?;
        let read = Self {
            shared: self.shared.clone(),
            request_id: self.request_id,
            engine: self.engine.clone(),
            account,
            caller,
            parts,
            target,
            query,
            version: self.version,
        };
        let (which, access) = (read.which()?, read.read_access()?);
        let encryption = read.encryption()?;
        let now = self.engine.now();
        let look = || -> Result<Found, Box<Refusal>> {
            let found = self.engine.read(|state| state.find(now, &read.blob(), which))?;
            access.check_lease(now, &found)?;
            let (tag, modified) = (found.blob.tag, found.blob.modified);
            if let Err(denied) = access.conditions.check_read(tag, modified) {
                // As recorded: of the conditions on bytes that a blob is made of, only this one is told from a source that cannot be read.
                let is_other = purpose == Purpose::Bytes && !access.conditions.is_match(tag);
                return Err(unmet(purpose, denied, is_other));
            }
            access.check_tags(Some(&found.blob))?;
            check_encryption(&found.blob, &encryption)?;
            if found.blob.is_copying(now) {
                return Err(ErrorCode::PendingCopyOperation.into());
            }
            match check_readable(&found, now) {
                // What is archived can be copied as it is, or on its way out.
                Err(refusal) if purpose == Purpose::Copy && found.blob.is_archived(now) => {
                    drop(refusal);
                    Ok(found)
                }
                readable => readable.map(|()| found),
            }
        };
        let found = look().map_err(refuse)?;
        Ok(Source {
            found,
            at: Some(read.blob()),
            which,
            url,
            is_part: false,
            caller: Some(read.caller),
        })
    }

    async fn source_elsewhere(
        &self,
        read: Parts,
        url: String,
        purpose: Purpose,
    ) -> Result<Source, Box<Refusal>> {
        let Fetched { blob, is_part } = self.fetch(read, purpose).await?;
        Ok(Source {
            found: Found {
                blob: Arc::new(blob),
                id: None,
                lease: None,
            },
            at: None,
            which: Which::Current,
            url,
            is_part,
            caller: None,
        })
    }

    /// The bytes of the source that are asked for: where they begin, and how many they are.
    pub(super) fn source_range(&self, source: &Source) -> Result<(u64, u64), Box<Refusal>> {
        let text = self.header(&names::SOURCE_RANGE)?.filter(|_| !source.is_part);
        let Some(text) = text else {
            return Ok((0, source.found.blob.len));
        };
        let range: ByteRange = text
            .parse()
            .map_err(|_| Refusal::bad_header(names::SOURCE_RANGE.as_str(), text))?;
        cut(range, source.found.blob.len)
            .map_err(|refusal| self.source_refused(Purpose::Part, false, refusal))
    }

    /// The read that the source is taken by.
    fn source_parts(&self, uri: Uri, purpose: Purpose) -> Result<Parts, Box<Refusal>> {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.uri = uri;
        let mut headers = HeaderMap::new();
        for (shown, read) in &SHOWN {
            if let Some(value) = self.parts.headers.get(shown) {
                headers.insert(read.clone(), value.clone());
            }
        }
        if let Some(version) = self.parts.headers.get(names::VERSION) {
            headers.insert(names::VERSION, version.clone());
        }
        if let Some(value) = self.parts.headers.get(names::COPY_SOURCE_AUTHORIZATION) {
            let is_bearer = value.as_bytes().starts_with(b"Bearer ");
            if purpose == Purpose::Copy || !is_bearer {
                // What it holds is not repeated: it may be a token.
                return Err(Refusal::bad_header(names::COPY_SOURCE_AUTHORIZATION.as_str(), ""));
            }
            headers.insert(AUTHORIZATION, value.clone());
        }
        parts.headers = headers;
        Ok(parts)
    }

    /// Whether a URL whose path names the account is of this simulation: its host is the one that the request came to, or this machine.
    /// Where sources are fetched, its port counts too, for another simulation may be next to this one.
    fn is_own(&self, host: &str, port: Option<u16>) -> bool {
        let own = self.parts.headers.get(header::HOST).map(HeaderValue::as_bytes);
        let own = own.and_then(|own| std::str::from_utf8(own).ok());
        let own = own.or_else(|| self.parts.uri.authority().map(|authority| authority.as_str()));
        let own = own.and_then(|own| own.parse::<Authority>().ok());
        let is_same = own
            .as_ref()
            .is_some_and(|own| own.host().eq_ignore_ascii_case(host));
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
        let is_here = is_same || is_loopback || host.eq_ignore_ascii_case("localhost");
        let own_port = own.and_then(|own| own.port_u16());
        is_here && (self.shared.fetch.is_none() || own_port == port)
    }

    /// What the request is told of a source that was refused. The headers of that refusal are for whoever reads, and stay behind.
    pub(super) fn source_refused(
        &self,
        purpose: Purpose,
        within: bool,
        refusal: Box<Refusal>,
    ) -> Box<Refusal> {
        let conditions = refusal.code == ErrorCode::SourceConditionNotMet;
        if conditions || (purpose == Purpose::Copy && within) {
            return refusal;
        }
        let mut told = Refusal::new(ErrorCode::CannotVerifyCopySource);
        told.status = refusal.status;
        if purpose != Purpose::Part {
            told = told.message(refusal.message.clone());
        }
        if !self.since(TELLS_SOURCE) {
            return told;
        }
        let status = refusal.status.as_u16();
        let code = HeaderValue::from_str(refusal.code.as_str());
        told = told
            .detail("CopySourceStatusCode", status.to_string())
            .detail("CopySourceErrorCode", refusal.code.as_str())
            .detail("CopySourceErrorMessage", refusal.message)
            .header(names::COPY_SOURCE_STATUS_CODE, status.into());
        match code {
            Ok(code) => told.header(names::COPY_SOURCE_ERROR_CODE, code),
            Err(_) => told,
        }
    }
}

/// A condition on the source that does not hold.
fn unmet(purpose: Purpose, denied: Denied, is_other: bool) -> Box<Refusal> {
    match purpose {
        Purpose::Copy => ErrorCode::SourceConditionNotMet.into(),
        Purpose::Bytes if is_other => ErrorCode::SourceConditionNotMet.into(),
        Purpose::Whole | Purpose::Bytes | Purpose::Part => denied.into(),
    }
}

/// A URL without the signature in its query.
fn without_signature(url: &str) -> String {
    let Some((base, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let is_signature = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        // However it is written, it is read as what it stands for.
        percent_decode(name).is_some_and(|name| name.eq_ignore_ascii_case("sig"))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_signature(pair)).collect();
    match kept.is_empty() {
        true => base.to_owned(),
        false => format!("{base}?{}", kept.join("&")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_not_told() {
        for (url, told) in [
            ("http://h/a/b/c", "http://h/a/b/c"),
            ("http://h/a/b/c?sig=x", "http://h/a/b/c"),
            ("http://h/a/b/c?sv=1&SIG=x&se=2", "http://h/a/b/c?sv=1&se=2"),
            ("http://h/a/b/c?%73i%67=x&sv=1", "http://h/a/b/c?sv=1"),
            ("http://h/a/b/c?snapshot=1", "http://h/a/b/c?snapshot=1"),
        ] {
            assert_eq!(without_signature(url), told);
        }
    }
}

//! What is not asked of which SDK, and why: the known places where one of them signs something else than the service wants, or cannot
//! say something at all.
//!
//! Two things are not even drawn, because neither can be asked: a header or a parameter that is given more than once (the SDKs sign the
//! last), and a `Date` beside `x-ms-date` (the SDKs sign both).

use super::Case;
use super::request::Request;
use super::token::{Kind, NEWEST, Token};
use crate::official::Sdk;

/// A reason not to ask an SDK for something.
struct Unasked<T> {
    who: &'static [Sdk],
    why: &'static str,
    applies: fn(&T) -> bool,
}

const PYTHON: &[Sdk] = &[Sdk::Python];
const JAVASCRIPT: &[Sdk] = &[Sdk::JavaScript];
const BOTH: &[Sdk] = &[Sdk::Python, Sdk::JavaScript];

#[rustfmt::skip]
const REQUESTS: &[Unasked<Request>] = &[
    Unasked { who: BOTH, why: "a length of zero is dropped for old versions too", applies: zero_in_an_old_version },
    Unasked { who: BOTH, why: "an empty x-ms- header has a line in old versions too", applies: empty_in_an_old_version },
    Unasked { who: BOTH, why: "names of parameters are not decoded", applies: encoded_name },
    Unasked { who: PYTHON, why: "the slot of Range stays empty", applies: |request| !request.header("range").is_empty() },
    Unasked { who: PYTHON, why: "an x-ms- header in capitals is not found", applies: |request| {
        request.headers.iter().any(|(name, _)| name.starts_with("X-Ms-"))
    } },
    Unasked { who: PYTHON, why: "whitespace around a value is signed, though nobody receives it", applies: |request| {
        request.headers.iter().any(|(_, value)| value.trim() != value)
    } },
    Unasked { who: PYTHON, why: "names of parameters are sorted before they are lowered", applies: |request| {
        request.parameters().any(|(name, _)| name.contains(|c: char| c.is_ascii_uppercase()))
    } },
    Unasked { who: PYTHON, why: "a path is cut off at a semicolon in its last segment", applies: |request| {
        request.path().rsplit('/').next().unwrap().contains(';')
    } },
    Unasked { who: JAVASCRIPT, why: "Content-Language and Content-Encoding change places", applies: |request| {
        request.header("content-encoding") != request.header("content-language")
    } },
    Unasked { who: JAVASCRIPT, why: "x-ms-date is always set", applies: |request| request.header("x-ms-date").is_empty() },
    Unasked { who: JAVASCRIPT, why: "a parameter without a value is left out", applies: |request| {
        request.parameters().any(|(_, value)| value.is_empty())
    } },
    Unasked { who: JAVASCRIPT, why: "a parameter with a bare = in its value is left out", applies: |request| {
        request.parameters().any(|(_, value)| value.contains('='))
    } },
];

#[rustfmt::skip]
const TOKENS: &[Unasked<Token>] = &[
    Unasked { who: PYTHON, why: "tokens are of its own version", applies: |token| token.version() != NEWEST },
    Unasked { who: JAVASCRIPT, why: "there is no suoid", applies: |token| token.fields.text("suoid").is_some() },
    Unasked { who: JAVASCRIPT, why: "nobody may list in a directory", applies: |token| {
        token.directory && token.fields.text("sp").is_some_and(|letters| letters.contains('l'))
    } },
    Unasked { who: JAVASCRIPT, why: "the package for files does not know the newer letters", applies: |token| {
        let newer = |letters: &str| letters.contains(['x', 'y', 't', 'f', 'i']);
        token.kind == Kind::Account && token.service == "file" && token.fields.text("sp").is_some_and(newer)
    } },
];

/// Why this is not asked of this SDK, if it is not.
pub(super) fn reason(sdk: Sdk, case: &Case) -> Option<&'static str> {
    match case {
        Case::Request(request) => first(REQUESTS, sdk, request),
        Case::Token(token) => first(TOKENS, sdk, token),
    }
}

fn first<T>(reasons: &[Unasked<T>], sdk: Sdk, of: &T) -> Option<&'static str> {
    let mut reasons = reasons.iter().filter(|each| each.who.contains(&sdk));
    reasons.find(|each| (each.applies)(of)).map(|each| each.why)
}

fn zero_in_an_old_version(request: &Request) -> bool {
    older(request, "2015-02-21") && request.header("content-length") == "0"
}

fn empty_in_an_old_version(request: &Request) -> bool {
    let x_ms = |name: &str| name.to_ascii_lowercase().starts_with("x-ms-");
    let mut headers = request.headers.iter();
    older(request, "2016-05-31") && headers.any(|(name, value)| x_ms(name) && value.trim().is_empty())
}

fn older(request: &Request, than: &str) -> bool {
    let version = request.header("x-ms-version");
    !version.is_empty() && version < than
}

fn encoded_name(request: &Request) -> bool {
    request.parameters().any(|(name, _)| name.contains('%'))
}

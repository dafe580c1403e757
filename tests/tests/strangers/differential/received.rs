//! The side of the server: the text that follows from a token of an SDK is the one that the SDK has signed, and the token lets in.

use std::net::IpAddr;

use http::Request;
use http::request::Parts;
use lazuli_signing::{
    AccessPolicy, AccountKey, AccountName, ReceivedSas, ResourceType, SasLevel, SasRefusal, SasRequest,
    SasResource, SasService,
};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::Signed;
use super::draw;
use super::token::{Kind, SECONDS, Token};

/// What is wrong with an SDK's token, in the eyes of a server.
pub(super) fn difference(token: &Token, theirs: &Signed) -> Option<String> {
    let query = theirs.token.as_deref().unwrap();
    let parts = request(token, query);
    let received = match ReceivedSas::from_query(parts.uri.query().unwrap()) {
        Ok(received) => received.unwrap(),
        Err(refusal) => return Some(format!("their token is not read: {refusal}")),
    };
    let account = token.account.parse().unwrap();
    let request = sas_request(token, &account, &parts);
    let policy = token.fields.text("si").map(|_| policy(token));
    let verify =
        |key: &str| received.verify(&request, &AccountKey::from_base64(key).unwrap(), policy.as_ref());

    // A refusal says what should have been signed.
    match verify("YW5vdGhlciBrZXk=") {
        Err(SasRefusal::SignatureMismatch { string_to_sign }) if string_to_sign == theirs.text.as_str() => {}
        other => return Some(format!("another text was expected: {other:?}")),
    }
    match verify(&token.key) {
        Err(refusal) => Some(format!("their signature is refused: {refusal}")),
        Ok(grant) => {
            let letters = token.fields.text("sp").unwrap_or("r").chars();
            let mut missing = letters.filter(|letter| !grant.permissions().contains(*letter));
            missing
                .next()
                .map(|letter| format!("{letter:?} is not granted: {grant:?}"))
        }
    }
}

/// A request that has the token, and all that the token asks for.
fn request(token: &Token, query: &str) -> Parts {
    let mut uri = format!("/?{query}");
    let mut request = Request::get("/");
    for (name, value) in &token.fields.srq {
        let value = draw::encoded(&mut draw::Rng::with_seed(1), value, "");
        uri += &format!("&{name}={value}");
    }
    for (name, value) in &token.fields.srh {
        request = request.header(name, value);
    }
    request.uri(uri).body(()).unwrap().into_parts().0
}

fn sas_request<'a>(token: &'a Token, account: &'a AccountName, parts: &'a Parts) -> SasRequest<'a> {
    let client = token.fields.sip.last();
    SasRequest {
        account,
        service: service(token),
        resource: resource(token),
        level: level(resource(token)),
        parts,
        secure: true,
        client: client.map(|address| IpAddr::V4(address.parse().unwrap())),
        now: token.now,
    }
}

fn service(token: &Token) -> SasService {
    let letter = token.fields.text("ss").unwrap_or(token.service).chars().next();
    match letter.unwrap() {
        'b' => SasService::Blob,
        'f' => SasService::File,
        'q' => SasService::Queue,
        _ => SasService::Table,
    }
}

fn resource(token: &Token) -> SasResource<'_> {
    let (root, fields) = (token.root.as_str(), &token.fields);
    match (token.service, token.path.as_deref()) {
        _ if token.kind == Kind::Account => match fields.text("srt").unwrap().chars().next().unwrap() {
            's' => SasResource::Service,
            'c' => SasResource::Container { container: "c" },
            _ => SasResource::Blob {
                container: "c",
                blob: "b",
                snapshot: None,
                version: None,
            },
        },
        ("blob", None) => SasResource::Container { container: root },
        ("blob", Some(blob)) => SasResource::Blob {
            container: root,
            blob,
            snapshot: fields.text("snapshot"),
            version: fields.text("versionid"),
        },
        (_, None) => SasResource::Share { share: root },
        (_, Some(path)) => SasResource::File { share: root, path },
    }
}

/// The level of a request that does something with the resource itself.
fn level(resource: SasResource<'_>) -> SasLevel {
    let level = match resource {
        SasResource::Service => ResourceType::Service,
        SasResource::Container { .. } | SasResource::Share { .. } => ResourceType::Container,
        _ => ResourceType::Object,
    };
    level.into()
}

/// A stored access policy that says what the token does not.
fn policy(token: &Token) -> AccessPolicy {
    let unsaid = |name| token.fields.text(name).is_none();
    AccessPolicy {
        start: None,
        expiry: unsaid("se").then_some(token.now + Duration::SECOND),
        permissions: unsaid("sp").then(|| "r".to_owned()),
    }
}

/// A time as tokens have it.
pub(super) fn time(text: &str) -> OffsetDateTime {
    PrimitiveDateTime::parse(text, SECONDS).unwrap().assume_utc()
}

//! The side of the client: a token made here from what an SDK was given says the same, with the same signature.

use std::collections::BTreeMap;

use lazuli_signing::sas::marker::{BlobResource, Delegable, DelegationKey, Given, Resource};
use lazuli_signing::{
    AccountKey, AccountSas, Agent, Error, IpRange, Permissions, ResourceSas, Sas, SasProtocol, SasToken,
    SharedKey, UserDelegationKey, UserDelegationKeyFields,
};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use super::Signed;
use super::received::time;
use super::token::{Kind, Token};

/// What differs between an SDK's token and the one that is made here.
pub(super) fn difference(token: &Token, theirs: &Signed) -> Option<String> {
    let ours = match ours(token) {
        Ok(ours) => ours,
        Err(error) => return Some(format!("none is made here: {error}")),
    };
    let mut both = [ours.expose(), theirs.token.as_deref().unwrap()].map(parameters);
    if !same_order(&both) {
        // Sets of letters mean the same in any order, but sign differently.
        for one in &mut both {
            one.remove("sig");
            for name in ["sp", "ss"] {
                if let Some(letters) = one.get_mut(name) {
                    let mut sorted: Vec<char> = letters.chars().collect();
                    sorted.sort_unstable();
                    *letters = sorted.into_iter().collect();
                }
            }
        }
    }
    let [ours, theirs] = both;
    (ours != theirs).then(|| format!("ours   {ours:?}\ntheirs {theirs:?}"))
}

/// Whether the signature of an SDK's token can be compared with ours: it writes letters in the same order.
pub(super) fn is_comparable(token: &Token, theirs: &Signed) -> bool {
    let ours = ours(token).unwrap();
    same_order(&[ours.expose(), theirs.token.as_deref().unwrap()].map(parameters))
}

fn same_order(both: &[BTreeMap<String, String>; 2]) -> bool {
    ["sp", "ss"]
        .iter()
        .all(|name| both[0].get(*name) == both[1].get(*name))
}

fn parameters(token: &str) -> BTreeMap<String, String> {
    let parameters = token.split('&').map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap();
        (
            name.to_owned(),
            percent_decode_str(value).decode_utf8().unwrap().into_owned(),
        )
    });
    parameters.collect()
}

fn ours(token: &Token) -> Result<SasToken, Error> {
    let (root, fields) = (token.root.as_str(), &token.fields);
    let instant = fields.text("snapshot").or(fields.text("versionid"));
    match (token.service, token.path.as_deref()) {
        _ if token.kind == Kind::Account => of_account(token),
        ("blob", None) => of_blobs(Sas::container(root), token),
        ("blob", Some(path)) if token.directory => of_blobs(Sas::directory(root, path), token),
        ("blob", Some(path)) => match instant {
            Some(instant) if fields.text("snapshot").is_some() => {
                of_blobs(Sas::snapshot(root, path, instant), token)
            }
            Some(instant) => of_blobs(Sas::version(root, path, instant), token),
            None => of_blobs(Sas::blob(root, path), token),
        },
        (_, None) => of_files(Sas::share(root), token),
        (_, Some(path)) => of_files(Sas::file(root, path), token),
    }
}

/// The terms that all kinds have, by the methods of the same names.
macro_rules! with_terms {
    ($sas:ident, $token:ident) => {
        let fields = &$token.fields;
        $sas = $sas.version($token.version().parse().unwrap());
        if let Some(start) = fields.text("st") {
            $sas = $sas.starts(time(start));
        }
        if !fields.sip.is_empty() {
            $sas = $sas.ip(fields.sip.join("-").parse::<IpRange>().unwrap());
        }
        match fields.text("spr") {
            Some("https") => $sas = $sas.protocol(SasProtocol::Https),
            Some(_) => $sas = $sas.protocol(SasProtocol::HttpsOrHttp),
            None => {}
        }
    };
}

fn of_account(token: &Token) -> Result<SasToken, Error> {
    let letters = |name| token.fields.text(name).unwrap().chars();
    let mut sas = Sas::account();
    with_terms!(sas, token);
    if let Some(scope) = token.fields.text("ses") {
        sas = sas.encryption_scope(scope);
    }
    let sas = sas
        .permissions(permissions(token).unwrap())
        .expires(expiry(token).unwrap());
    // From the first service and level on, the type of what is made stays the same.
    let (mut services, mut levels) = (letters("ss"), letters("srt"));
    let sas = of_service(sas, services.next().unwrap());
    let sas = of_level(services.fold(sas, of_service), levels.next().unwrap());
    levels.fold(sas, of_level).sign(&shared_key(token))
}

fn of_service<'a, S, T, P, E>(
    sas: AccountSas<'a, S, T, P, E>,
    letter: char,
) -> AccountSas<'a, Given, T, P, E> {
    match letter {
        'b' => sas.blob(),
        'q' => sas.queue(),
        't' => sas.table(),
        _ => sas.file(),
    }
}

fn of_level<'a, S, T, P, E>(sas: AccountSas<'a, S, T, P, E>, letter: char) -> AccountSas<'a, S, Given, P, E> {
    match letter {
        's' => sas.service(),
        'c' => sas.container(),
        _ => sas.object(),
    }
}

fn of_blobs<'a, R: BlobResource>(mut sas: ResourceSas<'a, R>, token: &'a Token) -> Result<SasToken, Error> {
    with_terms!(sas, token);
    if let Some(scope) = token.fields.text("ses") {
        sas = sas.encryption_scope(scope);
    }
    let sas = with_overrides(sas, token);
    if token.kind == Kind::Service {
        return of_service_kind(sas, token);
    }
    let (sas, key) = (complete(sas, token), delegation_key(token));
    let mut terms = blob_terms(token).into_iter();
    match terms.next() {
        None => sas.sign(&key),
        Some(first) => terms.fold(with_term(sas, first), with_term).sign(&key),
    }
}

fn of_files<'a, R: Resource>(mut sas: ResourceSas<'a, R>, token: &'a Token) -> Result<SasToken, Error> {
    with_terms!(sas, token);
    let sas = with_overrides(sas, token);
    if token.kind == Kind::Service {
        return of_service_kind(sas, token);
    }
    let (sas, key) = (complete(sas, token), delegation_key(token));
    match token.fields.text("sduoid") {
        None => sas.sign(&key),
        Some(user) => sas.delegated_user(user).sign(&key),
    }
}

fn of_service_kind<'a, R: Resource>(sas: ResourceSas<'a, R>, token: &'a Token) -> Result<SasToken, Error> {
    let key = shared_key(token);
    let Some(policy) = token.fields.text("si") else {
        return complete(sas, token).sign(&key);
    };
    let sas = sas.policy(policy);
    match (permissions(token), expiry(token)) {
        (None, None) => sas.sign(&key),
        (Some(permissions), None) => sas.permissions(permissions).sign(&key),
        (None, Some(expiry)) => sas.expires(expiry).sign(&key),
        (Some(permissions), Some(expiry)) => sas.permissions(permissions).expires(expiry).sign(&key),
    }
}

fn complete<'a, R: Resource>(sas: ResourceSas<'a, R>, token: &Token) -> ResourceSas<'a, R, Given, Given> {
    sas.permissions(permissions(token).unwrap())
        .expires(expiry(token).unwrap())
}

fn with_overrides<'a, R: Resource>(mut sas: ResourceSas<'a, R>, token: &'a Token) -> ResourceSas<'a, R> {
    for (name, value) in &token.fields.texts {
        sas = match *name {
            "rscc" => sas.cache_control(value),
            "rscd" => sas.content_disposition(value),
            "rsce" => sas.content_encoding(value),
            "rscl" => sas.content_language(value),
            "rsct" => sas.content_type(value),
            _ => sas,
        };
    }
    sas
}

/// A term that only a lent key can sign.
enum Term<'a> {
    User(&'a str),
    Agent(Agent<'a>),
    Correlation(&'a str),
    Header(&'a str, &'a str),
    Query(&'a str, &'a str),
}

fn blob_terms(token: &Token) -> Vec<Term<'_>> {
    let fields = &token.fields;
    let mut terms = Vec::new();
    terms.extend(fields.text("sduoid").map(Term::User));
    terms.extend(
        fields
            .text("saoid")
            .map(|user| Term::Agent(Agent::authorized(user))),
    );
    terms.extend(
        fields
            .text("suoid")
            .map(|user| Term::Agent(Agent::unauthorized(user))),
    );
    terms.extend(fields.text("scid").map(Term::Correlation));
    terms.extend(fields.srh.iter().map(|(name, value)| Term::Header(name, value)));
    terms.extend(fields.srq.iter().map(|(name, value)| Term::Query(name, value)));
    terms
}

fn with_term<'a, R: BlobResource, K: Delegable>(
    sas: ResourceSas<'a, R, Given, Given, K>,
    term: Term<'a>,
) -> ResourceSas<'a, R, Given, Given, DelegationKey> {
    match term {
        Term::User(id) => sas.delegated_user(id),
        Term::Agent(agent) => sas.agent(agent),
        Term::Correlation(id) => sas.correlation_id(id),
        Term::Header(name, value) => sas.request_header(name, value),
        Term::Query(name, value) => sas.request_query(name, value),
    }
}

fn permissions(token: &Token) -> Option<Permissions> {
    token.fields.text("sp").map(|letters| letters.parse().unwrap())
}

fn expiry(token: &Token) -> Option<OffsetDateTime> {
    token.fields.text("se").map(time)
}

fn shared_key(token: &Token) -> SharedKey {
    SharedKey::new(
        token.account.parse().unwrap(),
        AccountKey::from_base64(&token.key).unwrap(),
    )
}

fn delegation_key(token: &Token) -> UserDelegationKey {
    let fields = token.delegation.as_ref().unwrap();
    let fields = UserDelegationKeyFields {
        object_id: &fields["skoid"],
        tenant_id: &fields["sktid"],
        start: time(&fields["skt"]),
        expiry: time(&fields["ske"]),
        service: &fields["sks"],
        version: &fields["skv"],
        delegated_tenant_id: fields.get("skdutid").map(String::as_str),
        value: &token.key,
    };
    UserDelegationKey::new(token.account.parse().unwrap(), fields).unwrap()
}

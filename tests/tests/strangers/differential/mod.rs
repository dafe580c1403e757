//! Thousands of random inputs, signed here and by the official SDKs for Python and JavaScript: the same text, the same signature.
//!
//! The seed is printed; `LAZULI_SEED` sets it, so that what was seen once can be seen again.

mod draw;
mod made;
mod received;
mod request;
mod token;
mod unasked;

use std::collections::BTreeMap;

use http::header::AUTHORIZATION;
use lazuli_signing::{CLOCK_SKEW, string_to_sign};
use serde::{Deserialize, Serialize};

use crate::official::Sdk;
use draw::Rng;
use request::Request;
use token::{Kind, Token};

const REQUESTS: usize = 1_200;
const TOKENS: usize = 800;

/// Something to be signed.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "form", rename_all = "snake_case")]
enum Case {
    Request(Request),
    Token(Token),
}

/// What an SDK signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Signed {
    text: String,
    signature: String,
    token: Option<String>,
}

/// A case that at least one SDK can be asked.
fn draw(rng: &mut Rng, each: impl Fn(&mut Rng) -> Case) -> Case {
    loop {
        let case = each(rng);
        if Sdk::ALL.iter().any(|sdk| unasked::reason(*sdk, &case).is_none()) {
            return case;
        }
    }
}

/// What is wrong with an SDK's answer, by what is signed here.
fn difference(case: &Case, theirs: &Signed) -> Option<String> {
    match case {
        Case::Request(request) => request_difference(request, theirs),
        Case::Token(token) => made::difference(token, theirs).or_else(|| received::difference(token, theirs)),
    }
}

fn request_difference(request: &Request, theirs: &Signed) -> Option<String> {
    let (key, mut parts) = (request.shared_key(), request.parts());
    // The service reads such a path as the primary's or as it stands; the SDKs sign it as it stands.
    if !request.secondary_path {
        let text = string_to_sign(&request.account.parse().unwrap(), &parts)
            .unwrap()
            .into_string();
        let ours = Signed {
            text,
            signature: key.signature(&parts).unwrap(),
            token: None,
        };
        if ours != *theirs {
            return Some(format!("ours   {ours:?}"));
        }
    }
    let authorization = format!("SharedKey {}:{}", request.account, theirs.signature);
    parts
        .headers
        .insert(AUTHORIZATION, authorization.parse().unwrap());
    let verified = key.verify(&parts, request.now, CLOCK_SKEW);
    verified
        .err()
        .map(|refusal| format!("their signature is refused: {refusal}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the seed of a run that went wrong is an input of the next"
)]
fn seed() -> u64 {
    match std::env::var("LAZULI_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => fastrand::u64(..),
    }
}

/// What of a case is compared, for the count.
fn compared(case: &Case, theirs: &Signed) -> &'static str {
    match case {
        Case::Request(request) if request.secondary_path => "request to a secondary path: signature verified",
        Case::Request(_) => "request: text and signature",
        Case::Token(token) if made::is_comparable(token, theirs) => match token.kind {
            Kind::Account => "account SAS: text, token and signature",
            Kind::Service => "service SAS: text, token and signature",
            Kind::UserDelegation => "user delegation SAS: text, token and signature",
        },
        Case::Token(_) => "SAS with letters in another order: text and token, signature verified",
    }
}

fn count<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    items.for_each(|item| *counts.entry(item).or_default() += 1);
    counts
}

/// Asks an SDK for all that it can be asked, and gives what differs.
fn ask(sdk: Sdk, cases: &[Case]) -> Vec<String> {
    let (asked, unasked): (Vec<_>, Vec<_>) = cases
        .iter()
        .partition(|case| unasked::reason(sdk, case).is_none());
    println!("{sdk:?}: asked {} of {}", asked.len(), cases.len());
    for (why, count) in count(unasked.iter().filter_map(|case| unasked::reason(sdk, case))) {
        println!("  {count:4} not asked: {why}");
    }
    assert!(asked.len() >= 1_200, "too little is asked of {sdk:?}");
    let signed = sdk.run("sign", &asked).into_iter();
    let signed: Vec<Signed> = signed.map(|each| serde_json::from_value(each).unwrap()).collect();
    let both = || asked.iter().copied().zip(&signed);
    let differences: Vec<_> = both()
        .filter_map(|(case, theirs)| {
            let difference = difference(case, theirs)?;
            let input = serde_json::to_string(case).unwrap();
            Some(format!(
                "{sdk:?}\ninput  {input}\ntheirs {theirs:?}\n{difference}"
            ))
        })
        .collect();
    if differences.is_empty() {
        for (what, count) in count(both().map(|(case, theirs)| compared(case, theirs))) {
            println!("  {count:4} the same: {what}");
        }
    }
    differences
}

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn the_sdks_sign_the_same() {
    let seed = seed();
    println!("LAZULI_SEED={seed}");
    let mut rng = Rng::with_seed(seed);
    let mut cases = Vec::new();
    cases.extend((0..REQUESTS).map(|_| draw(&mut rng, |rng| Case::Request(Request::draw(rng)))));
    cases.extend((0..TOKENS).map(|_| draw(&mut rng, |rng| Case::Token(Token::draw(rng)))));
    let differences: Vec<_> = Sdk::ALL.iter().flat_map(|sdk| ask(*sdk, &cases)).collect();
    let shown: Vec<_> = differences.iter().take(5).map(String::as_str).collect();
    let (count, shown) = (differences.len(), shown.join("\n\n"));
    assert!(
        differences.is_empty(),
        "LAZULI_SEED={seed}: {count} differences\n\n{shown}"
    );
}

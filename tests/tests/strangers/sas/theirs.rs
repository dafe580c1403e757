//! Tokens of the SDKs: what each lets in, and that nothing is left of it when one byte changes.

use lazuli_signing::{EMULATOR_ACCOUNT, EMULATOR_KEY};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};
use time::Duration;

use super::stand::{LentKey, Stand, text};
use crate::official::Sdk;
use crate::plain::{self, Answer};

/// What every token lets read.
const BLOB: &str = "box/dir/a.txt";
const BELOW: &str = "box/dir/sub/%C3%BC%20%26%2B.txt";
const BESIDE: &str = "box/dirt/a.txt";
const ABOVE: &str = "box/top.txt";
const NEXT: &str = "next/dir/a.txt";

/// What some tokens ask of a request, and all requests here have.
const PARAMETER: (&str, &str) = ("timeout", "30");
const HEADER: (&str, &str) = ("x-ms-client-request-id", "for this request");

/// A token that an SDK is to make.
struct Wanted {
    name: &'static str,
    case: Value,
    reads: &'static [&'static str],
    lists: bool,
}

/// One token of each kind, with all the fields that the simulation knows.
fn wanted(stand: &Stand, lent: &LentKey) -> Vec<Wanted> {
    let terms = json!({
        "st": text(stand.now - Duration::minutes(1)),
        "se": text(stand.now + Duration::HOUR),
        "sp": "r",
        "sip": ["127.0.0.1", "127.0.0.9"],
        "spr": "https,http",
    });
    let overrides = json!({
        "rscc": "max-age=7",
        "rscd": "inline; filename=\"a b.txt\"",
        "rsce": "identity",
        "rscl": "de-AT",
        "rsct": "text/x-sas",
    });
    let bound = json!({
        "saoid": "11111111-aaaa-bbbb-cccc-555555555555",
        "scid": "22222222-aaaa-bbbb-cccc-555555555555",
        "srh": [HEADER],
        "srq": [PARAMETER],
    });
    let levels = json!({ "ss": "b", "srt": "sco", "sp": "rl" });
    let lists = json!({ "sp": "rl" });
    let policy = json!({ "si": "readers + writers" });
    let (all, own): (&[_], &[_]) = (&[BLOB, BELOW, BESIDE, ABOVE, NEXT], &[BLOB, BELOW, BESIDE, ABOVE]);
    let (directory, file) = (&[BLOB, BELOW], &[BLOB]);
    let table: [(_, _, _, &[&Value], &'static [&'static str]); 9] = [
        ("an account", "account", "", &[&terms, &levels], all),
        ("a container", "service", "", &[&terms, &overrides, &lists], own),
        ("a directory", "service", "dir", &[&terms, &overrides], directory),
        ("a blob", "service", "dir/a.txt", &[&terms, &overrides], file),
        ("a container by its policy", "service", "", &[&policy], own),
        (
            "a blob by its policy",
            "service",
            "dir/a.txt",
            &[&policy, &overrides],
            file,
        ),
        (
            "a container by a lent key",
            "user_delegation",
            "",
            &[&terms, &overrides, &lists],
            own,
        ),
        (
            "a directory by a lent key",
            "user_delegation",
            "dir",
            &[&terms, &overrides],
            directory,
        ),
        (
            "a blob by a lent key",
            "user_delegation",
            "dir/a.txt",
            &[&terms, &overrides, &bound],
            file,
        ),
    ];
    let wanted = table.into_iter().map(|(name, kind, path, fields, reads)| {
        let case = case(kind, path, fields, lent);
        let lists = case["fields"]["sp"] == "rl";
        Wanted {
            name,
            case,
            reads,
            lists,
        }
    });
    wanted.collect()
}

/// What the scripts that sign are given. Of a field that is there twice, the last counts.
fn case(kind: &str, path: &str, fields: &[&Value], lent: &LentKey) -> Value {
    let mut case = json!({
        "form": "token",
        "kind": kind,
        "service": "blob",
        "account": EMULATOR_ACCOUNT,
        "key": EMULATOR_KEY,
        "root": "box",
        "directory": path == "dir",
        "fields": { "sv": "2026-10-06" },
    });
    if !path.is_empty() {
        case["path"] = path.into();
    }
    if kind == "user_delegation" {
        case["key"] = lent.field("value").into();
        case["delegation"] = lent.0.clone();
    }
    for (name, value) in fields.iter().flat_map(|fields| fields.as_object().unwrap()) {
        case["fields"][name] = value.clone();
    }
    case
}

fn get(stand: &Stand, path: &str, token: &str) -> Answer {
    let (name, value) = PARAMETER;
    let url = stand.url(path, &format!("{name}={value}&{token}"));
    plain::send("GET", &url, &[HEADER, ("x-ms-version", "2026-10-06")], "")
}

#[tokio::test]
#[ignore = "needs the tools: cargo xtask test"]
async fn the_service_takes_tokens_of_the_sdks_and_no_others() {
    let stand = Stand::new().await;
    for sdk in Sdk::ALL {
        let policy = json!({ "sp": "r", "se": text(stand.now + Duration::HOUR) });
        let set = stand.set_policies("box", json!({ "readers + writers": policy }));
        assert_eq!(sdk.run("use_sas", &[set]), [json!({ "done": null })]);
        let wanted = wanted(&stand, &stand.lent_key(sdk));
        let cases: Vec<_> = wanted.iter().map(|wanted| &wanted.case).collect();
        let mut refusals = 0;
        for (wanted, made) in wanted.iter().zip(sdk.run("sign", &cases)) {
            let token = made["token"].as_str().unwrap();
            lets_in(&stand, wanted, token).unwrap_or_else(|what| panic!("{sdk:?}, {}: {what}", wanted.name));
            for (what, altered) in altered(token) {
                let answer = get(&stand, BLOB, &altered);
                let code = answer.header("x-ms-error-code").unwrap_or_default();
                let refused = (answer.status, code) == (403, "AuthenticationFailed");
                assert!(refused, "{sdk:?}, {}, {what} altered: {answer:?}", wanted.name);
                refusals += 1;
            }
        }
        println!(
            "{sdk:?}: {} tokens let in, {refusals} with one byte altered do not",
            wanted.len()
        );
    }
}

/// The first of each version that signs another text.
const OLDER: &[&str] = &[
    "2015-04-05",
    "2018-11-09",
    "2020-02-10",
    "2020-12-06",
    "2025-07-05",
    "2026-04-06",
    "2026-06-06",
];

#[tokio::test]
#[ignore = "needs the tools: cargo xtask test"]
async fn the_service_takes_tokens_of_older_versions() {
    let stand = Stand::new().await;
    let lent = stand.lent_key(Sdk::JavaScript);
    let terms = json!({ "se": text(stand.now + Duration::HOUR), "sp": "r" });
    let levels = json!({ "ss": "b", "srt": "o" });
    let mut cases = Vec::new();
    for version in OLDER {
        let version_of = json!({ "sv": version });
        for (kind, path) in [
            ("account", ""),
            ("service", ""),
            ("service", "dir/a.txt"),
            ("user_delegation", "dir/a.txt"),
        ] {
            let levels = if kind == "account" { &levels } else { &version_of };
            if kind != "user_delegation" || *version >= "2018-11-09" {
                cases.push(case(kind, path, &[&terms, &version_of, levels], &lent));
            }
        }
    }
    // The SDK for Python makes tokens of its own version only.
    for (case, made) in cases.iter().zip(Sdk::JavaScript.run("sign", &cases)) {
        let token = made["token"].as_str().unwrap();
        let answer = get(&stand, BLOB, token);
        assert_eq!(answer.status, 200, "{case}: {answer:?}");
        for (what, altered) in altered(token) {
            let answer = get(&stand, BLOB, &altered);
            assert_eq!(answer.status, 403, "{case}, {what} altered: {answer:?}");
        }
    }
}

/// Whether a token does all that it should, and nothing else.
fn lets_in(stand: &Stand, wanted: &Wanted, token: &str) -> Result<(), String> {
    for path in [BLOB, BELOW, BESIDE, ABOVE, NEXT] {
        let answer = get(stand, path, token);
        let expected = if wanted.reads.contains(&path) { 200 } else { 403 };
        if answer.status != expected {
            return Err(format!("{path}: {expected} was expected, not {answer:?}"));
        }
    }
    let fields = &wanted.case["fields"];
    let answer = get(stand, BLOB, token);
    for (field, header) in [
        ("rscc", "cache-control"),
        ("rscd", "content-disposition"),
        ("rsce", "content-encoding"),
        ("rscl", "content-language"),
        ("rsct", "content-type"),
    ] {
        if fields[field].is_string() && fields[field] != answer.header(header).unwrap_or_default() {
            return Err(format!("{header} is not {}: {answer:?}", fields[field]));
        }
    }
    let list = get(stand, "box", &format!("restype=container&comp=list&{token}"));
    if (list.status == 200) != wanted.lists {
        return Err(format!("the list: {list:?}"));
    }
    let write = plain::send(
        "PUT",
        &stand.url(BLOB, token),
        &[HEADER, ("x-ms-blob-type", "BlockBlob")],
        "x",
    );
    match write.status {
        403 => Ok(()),
        _ => Err(format!("it lets write: {write:?}")),
    }
}

/// The token with one byte of one value changed, for each byte of each value, and the name of the parameter.
fn altered(token: &str) -> Vec<(String, String)> {
    let parameters: Vec<(&str, String)> = token
        .split('&')
        .map(|parameter| parameter.split_once('=').unwrap())
        .map(|(name, value)| {
            (
                name,
                percent_decode_str(value).decode_utf8().unwrap().into_owned(),
            )
        })
        .collect();
    let mut all = Vec::new();
    for (at, (name, value)) in parameters.iter().enumerate() {
        for place in 0..value.len() {
            let mut bytes = value.clone().into_bytes();
            bytes[place] = another(bytes[place]);
            let mut altered = parameters.clone();
            altered[at].1 = String::from_utf8(bytes).unwrap();
            let query: Vec<_> = altered
                .iter()
                .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
                .collect();
            all.push(((*name).to_owned(), query.join("&")));
        }
    }
    all
}

/// Another byte of the same kind, so that what is altered has the form that it had.
fn another(byte: u8) -> u8 {
    match byte {
        b'9' => b'0',
        b'z' => b'a',
        b'Z' => b'A',
        byte if byte.is_ascii_alphanumeric() => byte + 1,
        _ => b'x',
    }
}

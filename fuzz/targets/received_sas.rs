//! A query that may have a SAS in it: what is shown does not depend on the signature, nor what is read on the order of
//! the parameters, and no guess verifies.
#![no_main]

use http::Request;
use lazuli_fuzz::decoded;
use lazuli_signing::{
    AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, ReceivedSas, ResourceType, SasRefusal, SasRequest,
    SasResource, SasService,
};
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

/// Two signatures of one form, of which neither is right.
const SIGNATURES: [&str; 2] = [
    "cGxhbnRlZC1vbmUtcGxhbnRlZC1vbmUtcGxhbnRlZDE%3D",
    "cGxhbnRlZC10d28tcGxhbnRlZC10d28tcGxhbnRlZDI%3D",
];

fuzz_target!(|query: &str| {
    let plain = ReceivedSas::from_query(query);
    shown(&plain);
    if let (Ok(Some(sas)), Ok(Some(reversed))) = (&plain, ReceivedSas::from_query(&reversed(query))) {
        assert_eq!(facts(sas), facts(&reversed));
    } else {
        // Which refusal comes first may depend on the order; whether there is one does not.
        assert_eq!(plain.is_ok(), ReceivedSas::from_query(&reversed(query)).is_ok());
    }

    let [one, two] = SIGNATURES.map(|signature| ReceivedSas::from_query(&plant(query, signature)));
    assert_eq!(
        shown(&one),
        shown(&two),
        "the signature can be told from what is shown"
    );
    if let (Ok(Some(one)), Ok(Some(two))) = (&one, &two) {
        assert_eq!(refusal(one), refusal(two));
    }
});

/// The query with the signature in the place of every other.
fn plant(query: &str, signature: &str) -> String {
    let parameters = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) if decoded(name).eq_ignore_ascii_case(b"sig") => format!("{name}={signature}"),
        _ => parameter.to_owned(),
    });
    parameters.collect::<Vec<_>>().join("&")
}

fn reversed(query: &str) -> String {
    query.split('&').rev().collect::<Vec<_>>().join("&")
}

fn shown(result: &Result<Option<ReceivedSas>, SasRefusal>) -> String {
    match result {
        Ok(Some(sas)) => format!("{sas} {sas:?} {sas:#?}"),
        Ok(None) => "no SAS".to_owned(),
        Err(refusal) => format!("{refusal} {refusal:?}"),
    }
}

/// What a server learns from a SAS before it verifies.
fn facts(sas: &ReceivedSas) -> String {
    let (kind, version, policy) = (sas.kind(), sas.version(), sas.policy());
    format!(
        "{kind:?} {version} {policy:?} {:?} {:?}",
        sas.delegation(),
        sas.delegated_user_id()
    )
}

/// Why a server does not let it in, whose key has not signed it.
fn refusal(sas: &ReceivedSas) -> String {
    let uri = "http://127.0.0.1:10000/devstoreaccount1/logs/a.txt";
    let (parts, ()) = Request::get(uri)
        .header("x-ms-version", "2026-06-06")
        .body(())
        .expect("the request is written well")
        .into_parts();
    let account = EMULATOR_ACCOUNT.parse().expect("the account is a name");
    let key = AccountKey::from_base64(EMULATOR_KEY).expect("the key is base64");
    let request = SasRequest {
        account: &account,
        service: SasService::Blob,
        resource: SasResource::Blob {
            container: "logs",
            blob: "a.txt",
            snapshot: None,
            version: None,
        },
        level: ResourceType::Object.into(),
        parts: &parts,
        secure: true,
        client: None,
        now: datetime!(2026-06-26 23:39:12 UTC),
    };
    let refusal = sas
        .verify(&request, &key, None)
        .expect_err("nobody can guess a signature");
    format!("{refusal} {refusal:?}")
}

//! The contest that counts most: a Put Block, signed with the account's key.

use std::error::Error;

use futures_executor::block_on;
use http::Request;
use http::request::Parts;
use lazuli_signing::{AccountKey, CLOCK_SKEW, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use reqsign_azure_storage::{RequestSigner, StaticCredentialProvider};
use reqsign_core::{Context, Signer};
use time::OffsetDateTime;

use crate::arguments::Arguments;
use crate::contest::Entry;
use crate::python;
use crate::rust::Operation;

pub fn contestants(arguments: &Arguments) -> Result<Vec<Entry>, Box<dyn Error>> {
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
    let signer = Signer::new(
        Context::new(),
        StaticCredentialProvider::new_shared_key(EMULATOR_ACCOUNT, EMULATOR_KEY),
        RequestSigner::new(),
    );

    // Both must do the same work, or their speeds say nothing.
    let mut parts = put_block();
    block_on(signer.sign(&mut parts, None))?;
    key.verify(&parts, OffsetDateTime::now_utc(), CLOCK_SKEW)?;

    Ok(vec![
        Operation::entry("lazuli-signing", put_block, move |parts| {
            // Reading the clock is part of it: the others do so by themselves.
            Ok(key.sign(parts, OffsetDateTime::now_utc())?)
        }),
        Operation::entry("reqsign 3", put_block, move |parts| {
            Ok(block_on(signer.sign(parts, None))?)
        }),
        python::entry(arguments, "put-block"),
    ])
}

/// A block of 8 MiB, as a client sends it to an emulator.
fn put_block() -> Parts {
    let url = "http://127.0.0.1:10000/devstoreaccount1/models/llama/weights-000017.bin\
               ?comp=block&blockid=YmxvY2stMDAwMDAwMTc%3D";
    let request = Request::put(url)
        .header("content-length", "8388608")
        .header("content-type", "application/octet-stream")
        .header("x-ms-version", "2026-06-06")
        .header("x-ms-client-request-id", "6b1f0c2e-001e-0045-6a3c-0a0b0c0d0e0f")
        .body(());
    request.expect("the request is written well").into_parts().0
}

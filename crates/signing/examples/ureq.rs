//! Signs a request and sends it with ureq: the containers of an account, as the service lists them.
//!
//! ```text
//! cargo run -p lazuli-cli -- serve
//! cargo run -p lazuli-signing --example ureq -- http://127.0.0.1:10000/devstoreaccount1
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use std::error::Error;

use http::Request;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use time::OffsetDateTime;

const EMULATOR: &str = "http://127.0.0.1:10000/devstoreaccount1";

fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = std::env::args().nth(1);
    println!("{}", list_containers(endpoint.as_deref().unwrap_or(EMULATOR))?);
    Ok(())
}

pub(crate) fn list_containers(endpoint: &str) -> Result<String, Box<dyn Error>> {
    // A key is read once; the pair can be cloned and shared by all requests.
    let shared_key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);

    // First the whole request, then its signature: what is added later is not signed.
    let (mut parts, ()) = Request::get(format!("{endpoint}?comp=list"))
        .header("x-ms-version", "2026-06-06")
        .body(())?
        .into_parts();
    #[expect(clippy::disallowed_methods, reason = "a program has the clock of its machine")]
    shared_key.sign(&mut parts, OffsetDateTime::now_utc())?;

    // ureq takes requests of the `http` crate as they are.
    let mut response = ureq::run(Request::from_parts(parts, ()))?;
    Ok(response.body_mut().read_to_string()?)
}

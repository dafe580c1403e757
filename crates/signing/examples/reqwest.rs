//! Signs a request and sends it with reqwest: the containers of an account, as the service lists them.
//!
//! ```text
//! cargo run -p lazuli-cli -- serve
//! cargo run -p lazuli-signing --example reqwest -- http://127.0.0.1:10000/devstoreaccount1
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use std::error::Error;

use http::Request;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use time::OffsetDateTime;

const EMULATOR: &str = "http://127.0.0.1:10000/devstoreaccount1";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = std::env::args().nth(1);
    println!(
        "{}",
        list_containers(endpoint.as_deref().unwrap_or(EMULATOR)).await?
    );
    Ok(())
}

pub(crate) async fn list_containers(endpoint: &str) -> Result<String, Box<dyn Error>> {
    // A key is read once; the pair can be cloned and shared by all requests.
    let shared_key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);

    // First the whole request, then its signature: what is added later is not signed.
    let (mut parts, ()) = Request::get(format!("{endpoint}?comp=list"))
        .header("x-ms-version", "2026-06-06")
        .body(())?
        .into_parts();
    #[expect(clippy::disallowed_methods, reason = "a program has the clock of its machine")]
    shared_key.sign(&mut parts, OffsetDateTime::now_utc())?;

    // reqwest makes its own kind of request of one from the `http` crate. It puts the path in order on the way (`..`
    // and characters that have no place in a URL), so the path has to be in order when it is signed.
    let request = reqwest::Request::try_from(Request::from_parts(parts, ""))?;
    let response = reqwest::Client::new().execute(request).await?;
    Ok(response.error_for_status()?.text().await?)
}

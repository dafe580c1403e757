//! Signs a request and sends it with hyper's client: the containers of an account, as the service lists them.
//!
//! ```text
//! cargo run -p lazuli-cli -- serve
//! cargo run -p lazuli-signing --example hyper -- http://127.0.0.1:10000/devstoreaccount1
//! ```
#![expect(clippy::print_stdout, reason = "an example shows what it got")]

use std::error::Error;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
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

    // hyper sends requests of the `http` crate. `Host` it adds by itself, which is not signed. A body would need its
    // `Content-Length` before the signature, because hyper adds that one too.
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let response = client.request(Request::from_parts(parts, Empty::new())).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    let text = String::from_utf8(body.into())?;
    if status.is_success() {
        Ok(text)
    } else {
        Err(text.into())
    }
}

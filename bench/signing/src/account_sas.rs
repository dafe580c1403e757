//! A token for the whole account, made and encoded.
//!
//! reqsign makes none for an account. Its way to a SAS is to presign a request, with a token for the request's blob;
//! that row counts. The one after it is a part of that work alone: the parameters of such a token, neither encoded nor
//! put together, from a generator that was made before.

use std::error::Error;

use futures_executor::block_on;
use http::Request;
use http::request::Parts;
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, Sas, SasProtocol, SharedKey};
use reqsign_azure_storage::{
    RequestSigner, ServiceSasResource, ServiceSharedAccessSignature, StaticCredentialProvider,
};
use reqsign_core::time::Timestamp;
use reqsign_core::{Context, Signer};
use time::{Duration, OffsetDateTime};

use crate::arguments::Arguments;
use crate::contest::Entry;
use crate::python;
use crate::rust::Operation;

/// So long the tokens live.
const LIFE: std::time::Duration = std::time::Duration::from_secs(3600);

pub fn contestants(arguments: &Arguments) -> Result<Vec<Entry>, Box<dyn Error>> {
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse()?, AccountKey::from_base64(EMULATOR_KEY)?);
    let signer = Signer::new(
        Context::new(),
        StaticCredentialProvider::new_shared_key(EMULATOR_ACCOUNT, EMULATOR_KEY),
        RequestSigner::new().with_service_sas_permissions("rcwd"),
    );
    let generator = ServiceSharedAccessSignature::new(
        EMULATOR_ACCOUNT.to_owned(),
        EMULATOR_KEY.to_owned(),
        ServiceSasResource::Blob {
            container: "models".to_owned(),
            blob: "llama/weights-000017.bin".to_owned(),
        },
        "rcwd".to_owned(),
        Timestamp::now() + LIFE,
    )
    .with_protocol("https");

    Ok(vec![
        Operation::entry(
            "lazuli-signing",
            || (),
            move |()| {
                let sas = Sas::account().blob().service().container().object();
                let sas = sas.read().write().delete().list().create();
                let sas = sas.expires(OffsetDateTime::now_utc() + Duration::try_from(LIFE)?);
                Ok(sas.protocol(SasProtocol::Https).sign(&key)?)
            },
        ),
        Operation::entry("reqsign 3, presign a blob", get_blob, move |parts| {
            Ok(block_on(signer.sign(parts, Some(LIFE)))?)
        }),
        Operation::entry(
            "reqsign 3, parameters only",
            || (),
            move |()| Ok(generator.token()?),
        ),
        python::entry(arguments, "account-sas"),
    ])
}

fn get_blob() -> Parts {
    let request = Request::get("http://127.0.0.1:10000/devstoreaccount1/models/llama/weights-000017.bin");
    let request = request.header("x-ms-version", "2026-06-06").body(());
    request.expect("the request is written well").into_parts().0
}

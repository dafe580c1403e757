//! A blob that is said to be Parquet and queried: whatever is in it, an answer comes, with an end.
#![no_main]

use std::cell::OnceCell;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use lazuli_fuzz::run;
use lazuli_protocol::{Clock as _, SystemClock};
use lazuli_signing::{AccountKey, EMULATOR_ACCOUNT, EMULATOR_KEY, SharedKey};
use lazuli_simulation::{BlobService, Simulation};
use libfuzzer_sys::fuzz_target;
use tower::ServiceExt as _;

const QUERY: &str = "<QueryRequest><QueryType>SQL</QueryType><Expression>SELECT * FROM BlobStorage WHERE NOT _1 = 7</Expression>\
    <InputSerialization><Format><Type>parquet</Type></Format></InputSerialization></QueryRequest>";

thread_local! {
    static SERVICE: OnceCell<BlobService> = const { OnceCell::new() };
}

fuzz_target!(
    init: {
        // The library's panics are contained where they are met; what gets out of there still ends the run.
        drop(std::panic::take_hook());
        std::panic::set_hook(Box::new(|_| {}));
    },
    |bytes: &[u8]| {
        let service = SERVICE.with(|service| service.get_or_init(furnished).clone());
        let put = request("PUT", "/box/table", Bytes::copy_from_slice(bytes));
        assert_eq!(answer(service.clone(), put).0, 201);
        let query = request("POST", "/box/table?comp=query", Bytes::from_static(QUERY.as_bytes()));
        let (status, whole) = answer(service, query);
        assert!(status == 200 && whole, "the answer broke off");
    }
);

/// The status, and whether all of the body came.
fn answer(service: BlobService, request: Request<Full<Bytes>>) -> (u16, bool) {
    run(async {
        let response = service
            .oneshot(request)
            .await
            .expect("the service always answers");
        let status = response.status().as_u16();
        (status, response.into_body().collect().await.is_ok())
    })
}

fn furnished() -> BlobService {
    let service = Simulation::in_memory().blob_service();
    let container = request("PUT", "/box?restype=container", Bytes::new());
    assert_eq!(answer(service.clone(), container).0, 201);
    service
}

fn request(method: &str, address: &str, body: Bytes) -> Request<Full<Bytes>> {
    let key = AccountKey::from_base64(EMULATOR_KEY).expect("the key is base64");
    let key = SharedKey::new(EMULATOR_ACCOUNT.parse().expect("the account is a name"), key);
    let request = Request::builder()
        .method(method)
        .uri(format!("http://127.0.0.1:10000/{EMULATOR_ACCOUNT}{address}"))
        .header("x-ms-version", "2026-12-06")
        .header("x-ms-blob-type", "BlockBlob")
        .header("content-length", body.len())
        .body(Full::new(body));
    let (mut parts, body) = request.expect("it is a request").into_parts();
    key.sign(&mut parts, SystemClock.now()).expect("it can be signed");
    Request::from_parts(parts, body)
}

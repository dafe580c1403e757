//! What Blob Batch answers: parts are no more than there is room for, and their content ids are numbers.
#![no_main]

use bytes::Bytes;
use lazuli_protocol::parse_batch_answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let body = Bytes::copy_from_slice(bytes);
    for kind in [
        "multipart/mixed; boundary=b",
        "multipart/mixed; boundary=\"batch_1\"",
    ] {
        match parse_batch_answer(kind, &body) {
            Ok(parts) => {
                assert!(parts.len() <= 256);
                let content: usize = parts.iter().map(|part| part.response.body().len()).sum();
                assert!(content <= body.len());
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    // The type of the answer is not to be trusted either.
    if let Ok(kind) = std::str::from_utf8(bytes) {
        let _ = parse_batch_answer(kind, &Bytes::from_static(b"--b\r\n\r\n--b--"));
    }
});

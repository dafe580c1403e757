//! Apache Arrow tables that a service may answer: reading them neither panics nor takes more memory than they have bytes.
#![no_main]

use lazuli_protocol::ErrorKind;
use lazuli_protocol::xml::ListBlobsPage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match ListBlobsPage::parse_arrow(bytes) {
        // Every row has a name, and where a name ends takes four bytes.
        Ok(page) => assert!(page.entries.len() <= bytes.len() / 4),
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidResponse),
    }
});

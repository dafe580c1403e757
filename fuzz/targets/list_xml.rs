//! XML that a service may answer: no reader of it panics, and each bound is kept whatever comes.
#![no_main]

use lazuli_protocol::xml::{
    BlobServiceProperties, BlockList, FoundBlobsPage, ListBlobsPage, ListContainersPage, PageList,
    ServiceStats,
};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|document: &[u8]| -> Corpus {
    let read = [
        ListBlobsPage::parse(document).map(|page| {
            // An entry takes an element of its own.
            assert!(page.entries.len() <= document.len() / 6);
        }),
        ListContainersPage::parse(document).map(drop),
        FoundBlobsPage::parse(document).map(drop),
        PageList::parse(document).map(|list| {
            // A range takes an element with two in it, and a block as well.
            assert!(list.ranges.len() <= document.len() / 24);
        }),
        BlockList::parse(document).map(|list| {
            assert!(list.committed.len() + list.uncommitted.len() <= document.len() / 24);
        }),
        BlobServiceProperties::parse(document).map(drop),
        ServiceStats::parse(document).map(drop),
    ];
    let mut kept = false;
    for result in read {
        match result {
            Ok(()) => kept = true,
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    if kept { Corpus::Keep } else { Corpus::Reject }
});

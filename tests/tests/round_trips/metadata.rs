//! Metadata, by reads and by lists.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::ListBlobsInclude;
use lazuli_protocol::Metadata;
use lazuli_protocol::xml::ListBlobsEntry;
use proptest::prelude::*;

use crate::any::told_for_any;

fn metadata() -> impl Strategy<Value = Metadata> {
    // Any value that a header can hold, with no white space at its ends.
    let value = "([!-~]([ -~]{0,60}[!-~])?)?";
    prop::collection::vec(("[A-Za-z_][A-Za-z0-9_]{0,30}", value), 0..12).prop_filter_map(
        "no metadata",
        |pairs| {
            let mut metadata = Metadata::new();
            for (name, value) in pairs {
                metadata.insert(&name, value).ok()?;
            }
            Some(metadata)
        },
    )
}

#[test]
fn any_metadata_comes_back() {
    told_for_any((metadata(), metadata()), async |container, (first, second)| {
        let blob = container.blob("a");
        let pairs = first.iter();
        let call = pairs.fold(blob.upload("x"), |call, (name, value)| call.metadata(name, value));
        call.await.unwrap();
        assert_eq!(blob.properties().await.unwrap().metadata, first);
        let read = blob.download().await.unwrap();
        assert_eq!(read.properties().metadata, first);

        let pairs = second.iter();
        let call = pairs.fold(blob.set_metadata(), |call, (name, value)| {
            call.metadata(name, value)
        });
        call.await.unwrap();
        assert_eq!(blob.properties().await.unwrap().metadata, second);
        let items = container.list().include(ListBlobsInclude::Metadata).items();
        let items: Vec<_> = items.try_collect().await.unwrap();
        let [ListBlobsEntry::Blob(listed)] = items.as_slice() else {
            panic!("{items:?}");
        };
        assert_eq!(listed.metadata, second);

        let pairs = first.iter();
        let set = container.set_metadata();
        let call = pairs.fold(set, |call, (name, value)| call.metadata(name, value));
        call.await.unwrap();
        assert_eq!(container.properties().await.unwrap().metadata, first);
    });
}

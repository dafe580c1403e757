//! Checksums that the service computes of a range.

use lazuli_blob::operations::RangeChecksum;
use lazuli_protocol::{Checksum, Crc64, ErrorCode, Md5};

use crate::expect::refused;
use crate::{Backend, Feature, content};

const MIB: usize = 1024 * 1024;

async fn ranges_come_with(backend: &Backend, checksum: RangeChecksum) {
    let blob = backend.container("checked").await.blob("a");
    let content = content::bytes(3, 5 * MIB);
    blob.upload(content.clone()).await.unwrap();
    for (first, end) in [
        (0, 1),
        (1, 1000),
        (7, 4 * MIB + 7),
        (0, 4 * MIB),
        (5 * MIB - 1, 5 * MIB),
    ] {
        let range = first as u64..end as u64;
        let call = blob.download().range(range.clone()).range_checksum(checksum);
        let download = call.await.unwrap();
        let expected = match checksum {
            RangeChecksum::Md5 => Checksum::Md5(Md5::of(&content[first..end])),
            _ => Checksum::Crc64(Crc64::of(&content[first..end])),
        };
        assert_eq!(download.checksum(), Some(expected), "{range:?}");
        assert_eq!(
            download.properties().content_md5,
            Some(Md5::of(&content)),
            "{range:?}"
        );
        // The end of the bytes is held against the checksum.
        assert!(
            download.bytes().await.unwrap() == content[first..end],
            "{range:?}"
        );
    }
    let plain = blob.download().range(0..10).await.unwrap();
    assert_eq!(plain.checksum(), None);
    for range in [0..4 * MIB as u64 + 1, 0..5 * MIB as u64] {
        let error = blob
            .download()
            .range(range)
            .range_checksum(checksum)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), lazuli_blob::ErrorKind::InvalidInput);
    }
}

pub(super) async fn a_range_comes_with_its_crc64(backend: &Backend) {
    if backend.knows(Feature::RangeCrc64) {
        return ranges_come_with(backend, RangeChecksum::Crc64).await;
    }
    let blob = backend.container("unchecked").await.blob("a");
    blob.upload("hello").await.unwrap();
    // A refusal is better than silence: whoever asks can ask for an MD5 then.
    let call = blob.download().range(1..3).range_checksum(RangeChecksum::Crc64);
    refused(call.await, 500, ErrorCode::from("FeatureNotSupported"));
}

pub(super) async fn a_range_comes_with_its_md5(backend: &Backend) {
    ranges_come_with(backend, RangeChecksum::Md5).await;
}

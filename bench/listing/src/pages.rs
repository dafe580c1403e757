//! The pages: 100,000 blobs, 5,000 a page, in the service's own words.

use std::fmt::Write as _;

use bytes::Bytes;

pub const ENTRIES: usize = 100_000;
pub const PAGE: usize = 5_000;
/// Every blob has this many bytes.
pub const SIZE: u64 = 4096;

/// Which page a query asks for; the first one when it names no marker.
pub fn asked(query: &str) -> usize {
    let marker = query.split('&').find_map(|pair| pair.strip_prefix("marker="));
    marker.and_then(|marker| marker.parse().ok()).unwrap_or(0)
}

/// The marker of the page after this one.
pub fn next(page: usize) -> Option<usize> {
    Some(page + 1).filter(|next| next * PAGE < ENTRIES)
}

/// All pages.
pub fn all() -> Vec<Bytes> {
    (0..ENTRIES / PAGE).map(|at| page(at).into()).collect()
}

fn page(at: usize) -> String {
    const DATE: &str = "Wed, 01 Jul 2026 08:00:00 GMT";
    let mut xml = String::from(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults ServiceEndpoint=\"http://127.0.0.1/devstoreaccount1/\" \
         ContainerName=\"box\"><Blobs>",
    );
    for blob in at * PAGE..(at + 1) * PAGE {
        let tag = 0x1000_0000 + blob;
        // Writing to a string cannot fail.
        let _ = write!(
            xml,
            "<Blob><Name>folder/f{blob:08}.bin</Name><Properties><Creation-Time>{DATE}</Creation-Time><Last-Modified>{DATE}</Last-Modified>\
             <Etag>0x8DE{tag:012X}</Etag><Content-Length>{SIZE}</Content-Length><Content-Type>application/octet-stream</Content-Type>\
             <Content-Encoding /><Content-Language /><Content-CRC64 /><Content-MD5>sQqNsWTgdUEFt6mb5y4/5Q==</Content-MD5><Cache-Control />\
             <Content-Disposition /><BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>\
             <LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted></Properties>\
             <OrMetadata /></Blob>"
        );
    }
    xml.push_str("</Blobs>");
    match next(at) {
        Some(next) => {
            let _ = write!(xml, "<NextMarker>{next}</NextMarker>");
        }
        None => xml.push_str("<NextMarker />"),
    }
    xml.push_str("</EnumerationResults>");
    xml
}

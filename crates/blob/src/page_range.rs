//! The ranges of page blobs: whole pages, within what a blob can have.

use std::ops::Range;

use http::{HeaderMap, HeaderValue};
use lazuli_protocol::{Error, ErrorKind, header, limits};

/// Checks that a range is of whole pages, and not empty.
pub(crate) fn check_pages(range: &Range<u64>) -> Result<(), Error> {
    let aligned = |at: u64| at.is_multiple_of(limits::PAGE_BYTES);
    if range.start >= range.end || range.end > limits::PAGE_BLOB_BYTES {
        let message = format!(
            "{}..{} is no range of a page blob: it must hold something, and end within 8 TiB",
            range.start, range.end
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    if !aligned(range.start) || !aligned(range.end) {
        let message = format!(
            "{}..{} is not of whole pages: start and end must be multiples of {} bytes",
            range.start,
            range.end,
            limits::PAGE_BYTES
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(())
}

/// Checks the size of a page blob.
pub(crate) fn check_size(size: u64) -> Result<(), Error> {
    if size > limits::PAGE_BLOB_BYTES || !size.is_multiple_of(limits::PAGE_BYTES) {
        let message = format!(
            "a page blob has a multiple of {} bytes, at most 8 TiB; {size} is none",
            limits::PAGE_BYTES
        );
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(())
}

/// Sets a range that was checked.
pub(crate) fn set_pages(headers: &mut HeaderMap, range: &Range<u64>) -> Result<(), Error> {
    check_pages(range)?;
    let range = lazuli_protocol::ByteRange::from(range.clone()).header_value()?;
    crate::operations::set_header(headers, header::RANGE, &range)
}

/// Sets a sequence number.
pub(crate) fn set_sequence_number(headers: &mut HeaderMap, number: u64) -> Result<(), Error> {
    if i64::try_from(number).is_err() {
        let message = format!("a sequence number is at most 2^63 - 1; {number} is more");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    headers.insert(header::BLOB_SEQUENCE_NUMBER, HeaderValue::from(number));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_pages_pass() {
        for good in [0..512, 512..1024, 0..limits::PAGE_BLOB_BYTES] {
            check_pages(&good).unwrap();
        }
        #[expect(
            clippy::reversed_empty_ranges,
            reason = "what is the wrong way round is refused"
        )]
        let backwards = 1024..512;
        for bad in [
            0..0,
            backwards,
            1..512,
            0..511,
            0..limits::PAGE_BLOB_BYTES + 512,
            0..u64::MAX,
        ] {
            assert!(check_pages(&bad).is_err(), "{bad:?}");
        }
        for (size, good) in [
            (0, true),
            (512, true),
            (513, false),
            (limits::PAGE_BLOB_BYTES, true),
            (u64::MAX, false),
        ] {
            assert_eq!(check_size(size).is_ok(), good, "{size}");
        }
    }
}

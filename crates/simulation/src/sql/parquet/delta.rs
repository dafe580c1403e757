//! How many numbers a run of differences says that it has. The library makes room for all of them before it looks whether they are there.

use parquet::basic::Encoding;

use super::thrift::Reader;

/// Whether the values of a page announce no more lengths than there are values.
pub(super) fn is_plausible(encoding: Encoding, values: &[u8], count: u32) -> bool {
    let runs = match encoding {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        // What values share with the one before, and then the lengths of the rest.
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => return true,
    };
    let mut rest = values;
    for _ in 0..runs {
        let Some((announced, len)) = run(rest) else {
            return false;
        };
        if announced > u64::from(count) {
            return false;
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    true
}

/// How many numbers a run has, and how many bytes it is long.
fn run(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut reader = Reader::new(bytes);
    let block = reader.unsigned()?;
    let parts = reader.unsigned()?;
    let count = reader.unsigned()?;
    reader.signed()?;
    let part = block.checked_div(parts).filter(|part| *part > 0)?;
    // The first number is in the head.
    let mut left = count.saturating_sub(1);
    while left > 0 {
        reader.signed()?;
        let widths = reader.bytes(usize::try_from(parts).ok()?)?;
        for width in widths {
            if left == 0 {
                break;
            }
            let bits = u64::from(*width).checked_mul(part)?;
            reader.bytes(usize::try_from(bits.div_ceil(8)).ok()?)?;
            left = left.saturating_sub(part);
        }
    }
    Some((count, bytes.len().checked_sub(reader.left())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of so many equal numbers, in blocks of 128.
    fn equal(count: u8) -> Vec<u8> {
        let mut bytes = vec![0x80, 0x01, 4, count, 0];
        bytes.extend([0; 5].repeat(usize::from(count).saturating_sub(1).div_ceil(128)));
        bytes
    }

    #[test]
    fn runs_may_not_announce_more_than_there_is() {
        let two = [equal(7), equal(9), b"text".to_vec()].concat();
        let cases = [
            (Encoding::DELTA_LENGTH_BYTE_ARRAY, equal(3), 3, true),
            (Encoding::DELTA_LENGTH_BYTE_ARRAY, equal(3), 2, false),
            (Encoding::DELTA_LENGTH_BYTE_ARRAY, equal(1), 1, true),
            (Encoding::DELTA_BYTE_ARRAY, two.clone(), 9, true),
            (Encoding::DELTA_BYTE_ARRAY, two, 8, false),
            (Encoding::DELTA_BYTE_ARRAY, equal(7), 9, false),
            (Encoding::DELTA_BYTE_ARRAY, vec![], 9, false),
            (Encoding::PLAIN, vec![], 9, true),
        ];
        for (encoding, values, count, expected) in cases {
            assert_eq!(
                is_plausible(encoding, &values, count),
                expected,
                "{encoding} {values:?}"
            );
        }
    }

    #[test]
    fn packed_numbers_are_gone_past() {
        // One part of 32 numbers of three bits: twelve bytes.
        let mut bytes = vec![0x80, 0x01, 4, 33, 0, 0, 3, 0, 0, 0];
        bytes.extend([0; 12]);
        assert_eq!(run(&bytes), Some((33, 22)));
        bytes.pop();
        assert_eq!(run(&bytes), None);
        assert_eq!(run(&[0x80, 0x01, 0, 33, 0]), None, "no parts");
    }
}

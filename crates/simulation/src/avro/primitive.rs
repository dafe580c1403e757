//! Avro's binary form of the few types that the stream has.

/// Zig-zag, then seven bits a byte, the least first.
pub(super) fn long(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value.wrapping_shl(1) ^ value.wrapping_shr(63)).cast_unsigned();
    loop {
        let [low, ..] = rest.to_le_bytes();
        rest >>= 7;
        if rest == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

pub(super) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.push(u8::from(value));
}

pub(super) fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    long(out, i64::try_from(value.len()).unwrap_or(i64::MAX));
    out.extend_from_slice(value);
}

pub(super) fn string(out: &mut Vec<u8>, value: &str) {
    bytes(out, value.as_bytes());
}

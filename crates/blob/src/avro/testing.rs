//! Writing such files, for tests: of values that are already encoded, so that a test can write nonsense too.

/// The file's marker.
pub(crate) const SYNC: [u8; 16] = *b"0123456789abcdef";

/// The bytes of a `long`, and of an `int`.
pub(crate) fn long(number: i64) -> Vec<u8> {
    let mut rest = ((number << 1) ^ (number >> 63)).cast_unsigned();
    let mut bytes = Vec::new();
    loop {
        let low = (rest & 0x7F).to_le_bytes()[0];
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// The bytes of a `string`, and of `bytes`.
pub(crate) fn text(text: impl AsRef<[u8]>) -> Vec<u8> {
    let text = text.as_ref();
    [long(i64::try_from(text.len()).unwrap()), text.to_vec()].concat()
}

/// A header with this schema, and this codec if there is one.
pub(crate) fn header(schema: &str, codec: Option<&str>) -> Vec<u8> {
    let mut pairs = vec![("avro.schema", schema)];
    pairs.extend(codec.map(|codec| ("avro.codec", codec)));
    let mut bytes = b"Obj\x01".to_vec();
    bytes.extend(long(i64::try_from(pairs.len()).unwrap()));
    for (name, value) in pairs {
        bytes.extend(text(name));
        bytes.extend(text(value));
    }
    bytes.push(0);
    bytes.extend(SYNC);
    bytes
}

/// A block of so many objects, as it stands in a file that is not packed.
pub(crate) fn block(objects: usize, data: &[u8]) -> Vec<u8> {
    let count = long(i64::try_from(objects).unwrap());
    [count, text(data), SYNC.to_vec()].concat()
}

/// A file that is not packed, with these objects in each of its blocks.
pub(crate) fn file(schema: &str, blocks: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let mut bytes = header(schema, None);
    for objects in blocks {
        bytes.extend(block(objects.len(), &objects.concat()));
    }
    bytes
}

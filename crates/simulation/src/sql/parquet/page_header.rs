//! What stands before a page: how long it is, and what is in it.

use parquet::basic::Encoding;

use super::thrift::{Numbers, Reader, STRUCT};

/// The head of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageHeader {
    /// How many bytes follow.
    pub(super) packed: usize,
    /// How many they are once they are unpacked.
    pub(super) unpacked: usize,
    pub(super) kind: PageKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    Dictionary {
        values: u32,
    },
    Data {
        values: u32,
        encoding: Encoding,
        levels: Encoding,
    },
    /// Its levels stand before the values, and are not packed.
    Data2 {
        values: u32,
        encoding: Encoding,
        nulls: u32,
        rows: u32,
        definitions: u32,
        repetitions: u32,
        is_packed: bool,
    },
    /// Nothing that a reader of rows needs.
    Other,
}

/// The encodings, by their numbers in the file. Levels packed in bits alone are long out of use.
const ENCODINGS: [(i64, Encoding); 8] = [
    (0, Encoding::PLAIN),
    (2, Encoding::PLAIN_DICTIONARY),
    (3, Encoding::RLE),
    (5, Encoding::DELTA_BINARY_PACKED),
    (6, Encoding::DELTA_LENGTH_BYTE_ARRAY),
    (7, Encoding::DELTA_BYTE_ARRAY),
    (8, Encoding::RLE_DICTIONARY),
    (9, Encoding::BYTE_STREAM_SPLIT),
];

/// Reads a header from the start of some bytes. Gives back how long it is, too. None if it is not all here, or none.
pub(super) fn read(bytes: &[u8]) -> Option<(PageHeader, usize)> {
    let mut reader = Reader::new(bytes);
    let mut numbers = [None; 3];
    let (mut data, mut dictionary, mut data2) = (None, None, None);
    let mut last = 0;
    while let Some((id, kind)) = reader.field(&mut last)? {
        match (id, kind) {
            (1..=3, 4..=6) => {
                let value = reader.signed()?;
                let place = usize::try_from(id).ok()?.checked_sub(1)?;
                *numbers.get_mut(place)? = Some(value);
            }
            (5, STRUCT) => data = Some(reader.numbers()?),
            (7, STRUCT) => dictionary = Some(reader.numbers()?),
            (8, STRUCT) => data2 = Some(reader.numbers()?),
            (_, kind) => reader.skip(kind)?,
        }
    }
    let [kind, unpacked, packed] = numbers;
    let kind = match kind? {
        0 => first(&data?)?,
        2 => PageKind::Dictionary {
            values: number(&dictionary?, 1)?,
        },
        3 => second(&data2?)?,
        _ => PageKind::Other,
    };
    let header = PageHeader {
        packed: usize::try_from(packed?).ok()?,
        unpacked: usize::try_from(unpacked?).ok()?,
        kind,
    };
    Some((header, bytes.len().checked_sub(reader.left())?))
}

fn first(numbers: &Numbers) -> Option<PageKind> {
    Some(PageKind::Data {
        values: number(numbers, 1)?,
        encoding: encoding(numbers, 2)?,
        levels: encoding(numbers, 3)?,
    })
}

fn second(numbers: &Numbers) -> Option<PageKind> {
    Some(PageKind::Data2 {
        values: number(numbers, 1)?,
        nulls: number(numbers, 2)?,
        rows: number(numbers, 3)?,
        encoding: encoding(numbers, 4)?,
        definitions: number(numbers, 5)?,
        repetitions: number(numbers, 6)?,
        is_packed: numbers.get(7) != Some(0),
    })
}

fn number(numbers: &Numbers, id: usize) -> Option<u32> {
    u32::try_from(numbers.get(id)?).ok()
}

fn encoding(numbers: &Numbers, id: usize) -> Option<Encoding> {
    let number = numbers.get(id)?;
    let known = ENCODINGS.iter().find(|(known, _)| *known == number);
    known.map(|(_, encoding)| *encoding)
}

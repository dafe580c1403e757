//! Thrift's compact protocol, as far as it takes to look at a structure before a library reserves room for what it announces.

/// The kinds of values that are told apart here.
pub(super) const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
pub(super) const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;

/// How deep structures may lie within each other.
const DEPTH: u8 = 16;

/// Reads from the start of some bytes. Everything is None where the bytes end early or are no such structure.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(super) fn bytes(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    /// A number of seven bits a byte, the least first.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The same with the sign in its last bit.
    pub(super) fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        let magnitude = i64::try_from(value >> 1).ok()?;
        Some(if value & 1 == 0 { magnitude } else { !magnitude })
    }

    /// The next field of a structure: its number and its kind. The inner None is the structure's end. `last` is the number of the field
    /// before, at first 0.
    pub(super) fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = match head >> 4 {
            0 => self.signed()?,
            step => last.checked_add(i64::from(step))?,
        };
        Some(Some((*last, head & 0x0f)))
    }

    /// The head of a list: the kind and the count of its elements. Each has at least a byte, so there are no more than bytes.
    pub(super) fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.unsigned()?).ok()?,
            count => usize::from(count),
        };
        (count <= self.left()).then_some((head & 0x0f, count))
    }

    /// Goes past a value of this kind in a field.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_within(kind, DEPTH)
    }

    fn skip_within(&mut self, kind: u8, depth: u8) -> Option<()> {
        let within = depth.checked_sub(1)?;
        match kind {
            TRUE | FALSE => {}
            BYTE => {
                self.byte()?;
            }
            4..=6 => {
                self.unsigned()?;
            }
            DOUBLE => {
                self.bytes(8)?;
            }
            BINARY => {
                let len = usize::try_from(self.unsigned()?).ok()?;
                self.bytes(len)?;
            }
            LIST | SET => {
                let (kind, count) = self.list()?;
                for _ in 0..count {
                    self.skip_element(kind, within)?;
                }
            }
            MAP => {
                let count = self.unsigned()?;
                if count > 0 {
                    let kinds = self.byte()?;
                    for _ in 0..count {
                        self.skip_element(kinds >> 4, within)?;
                        self.skip_element(kinds & 0x0f, within)?;
                    }
                }
            }
            STRUCT => {
                let mut last = 0;
                while let Some((_, kind)) = self.field(&mut last)? {
                    self.skip_within(kind, within)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// A truth in a list has a byte of its own.
    fn skip_element(&mut self, kind: u8, depth: u8) -> Option<()> {
        match kind {
            TRUE | FALSE => self.bytes(1).map(|_| ()),
            kind => self.skip_within(kind, depth),
        }
    }

    /// The numbers and truths of a structure, by the number of their field; what else it has is gone past.
    pub(super) fn numbers(&mut self) -> Option<Numbers> {
        let mut numbers = Numbers::default();
        let mut last = 0;
        while let Some((id, kind)) = self.field(&mut last)? {
            let value = match kind {
                TRUE => 1,
                FALSE => 0,
                4..=6 => self.signed()?,
                kind => {
                    self.skip(kind)?;
                    continue;
                }
            };
            let place = usize::try_from(id).ok().and_then(|id| numbers.0.get_mut(id));
            if let Some(place) = place {
                *place = Some(value);
            }
        }
        Some(numbers)
    }
}

/// The first few numbers of a structure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Numbers([Option<i64>; 10]);

impl Numbers {
    pub(super) fn get(&self, id: usize) -> Option<i64> {
        self.0.get(id).copied().flatten()
    }
}

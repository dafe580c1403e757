//! Reads what is written here, on its own, for tests.

/// A table of FlatBuffers.
pub(crate) struct Table<'a>(&'a [u8], usize);

impl<'a> Table<'a> {
    pub(crate) fn root(bytes: &'a [u8]) -> Self {
        Self(bytes, u32_at(bytes, 0))
    }

    fn slot(&self, id: usize) -> Option<usize> {
        let back = i32::from_le_bytes(self.0[self.1..self.1 + 4].try_into().unwrap());
        let vtable = self
            .1
            .checked_add_signed(-isize::try_from(back).unwrap())
            .unwrap();
        let entry = 4 + id * 2;
        (entry < usize::from(u16_at(self.0, vtable)))
            .then(|| usize::from(u16_at(self.0, vtable + entry)))
            .filter(|offset| *offset > 0)
            .map(|offset| self.1 + offset)
    }

    fn target(&self, id: usize) -> usize {
        let at = self.slot(id).unwrap();
        at + u32_at(self.0, at)
    }

    pub(crate) fn table(&self, id: usize) -> Self {
        Self(self.0, self.target(id))
    }

    /// A number that is not there is zero.
    pub(crate) fn long(&self, id: usize) -> i64 {
        let Some(at) = self.slot(id) else { return 0 };
        assert_eq!(at % 8, 0, "longs are aligned");
        i64_at(self.0, at)
    }

    pub(crate) fn byte(&self, id: usize) -> u8 {
        self.slot(id).map_or(0, |at| self.0[at])
    }

    pub(crate) fn pairs(&self, id: usize) -> Vec<(i64, i64)> {
        let at = self.target(id);
        assert_eq!(at % 8, 4, "structs are aligned");
        (0..u32_at(self.0, at))
            .map(|pair| at + 4 + pair * 16)
            .map(|at| (i64_at(self.0, at), i64_at(self.0, at + 8)))
            .collect()
    }

    pub(crate) fn tables(&self, id: usize) -> Vec<Self> {
        let at = self.target(id);
        (0..u32_at(self.0, at))
            .map(|index| at + 4 + index * 4)
            .map(|at| Self(self.0, at + u32_at(self.0, at)))
            .collect()
    }

    pub(crate) fn text(&self, id: usize) -> String {
        let at = self.target(id);
        String::from_utf8(self.0[at + 4..at + 4 + u32_at(self.0, at)].to_vec()).unwrap()
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

pub(crate) fn i64_at(bytes: &[u8], at: usize) -> i64 {
    i64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// The metadata and the body of the first message, and what follows it.
pub(crate) fn message(stream: &[u8]) -> (&[u8], &[u8], &[u8]) {
    assert_eq!(stream[..4], [0xff; 4]);
    let (metadata, rest) = stream[8..].split_at(u32_at(stream, 4));
    assert_eq!(metadata.len() % 8, 0);
    let body = usize::try_from(Table::root(metadata).long(3)).unwrap();
    (metadata, &rest[..body], &rest[body..])
}

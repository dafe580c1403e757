//! Stretches of bytes in a row: what block blobs and append blobs are made of.

use std::sync::Arc;

use lazuli_protocol::xml::BlockId;

use crate::content::ContentHandle;

/// One stretch. It has an id when it was put as a block.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) id: Option<BlockId>,
    pub(crate) content: ContentHandle,
}

/// Stretches in a row. States of a blob share them; adding one at the end copies nothing, unless another state has them too.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces(Arc<Vec<Placed>>);

#[derive(Clone, Debug)]
struct Placed {
    piece: Piece,
    /// Where it ends, in bytes from the beginning of all.
    end: u64,
}

impl Pieces {
    /// How many bytes they are in all.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.last().map_or(0, |last| last.end)
    }

    /// How many stretches there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter().map(|placed| &placed.piece)
    }

    /// Adds a stretch at the end.
    pub(crate) fn push(&mut self, piece: Piece) {
        let end = self.bytes().saturating_add(piece.content.len());
        Arc::make_mut(&mut self.0).push(Placed { piece, end });
    }

    /// The stretch that holds the byte at `at`, and how far into it that is.
    pub(crate) fn find(&self, at: u64) -> Option<(&ContentHandle, u64)> {
        let index = self.0.partition_point(|placed| placed.end <= at);
        let Placed { piece, end } = self.0.get(index)?;
        let start = end.saturating_sub(piece.content.len());
        Some((&piece.content, at.saturating_sub(start)))
    }
}

impl FromIterator<Piece> for Pieces {
    fn from_iter<I: IntoIterator<Item = Piece>>(pieces: I) -> Self {
        let mut end = 0_u64;
        let place = |piece: Piece| {
            end = end.saturating_add(piece.content.len());
            Placed { piece, end }
        };
        Self(Arc::new(pieces.into_iter().map(place).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{ContentStore as _, MemoryStore};

    fn piece(bytes: &[u8]) -> Piece {
        let mut writer = MemoryStore.create().unwrap();
        writer.write(bytes).unwrap();
        Piece {
            id: None,
            content: writer.finish().unwrap(),
        }
    }

    #[test]
    fn every_byte_is_found_where_it_is() {
        let mut pieces: Pieces = [piece(b"ab"), piece(b""), piece(b"cde")].into_iter().collect();
        let before = pieces.clone();
        pieces.push(piece(b"f"));
        assert_eq!((pieces.bytes(), pieces.count()), (6, 4));
        assert_eq!((before.bytes(), before.count()), (5, 3));
        let all: Vec<u8> = (0..6)
            .map(|at| {
                let (content, offset) = pieces.find(at).unwrap();
                content.read(offset, 1).unwrap()[0]
            })
            .collect();
        assert_eq!(all, b"abcdef");
        assert!(pieces.find(6).is_none());
    }
}

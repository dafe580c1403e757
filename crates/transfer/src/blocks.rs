//! Cutting a file into blocks.

use lazuli_protocol::limits;
use lazuli_protocol::xml::BlockId;

use crate::{Error, ErrorKind};

/// The blocks that a file is cut into: all of one size but the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockPlan {
    len: u64,
    block: u64,
}

/// A block of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockPart {
    pub(crate) index: u32,
    pub(crate) offset: u64,
    pub(crate) len: u64,
}

const MIB: u64 = 1024 * 1024;

impl BlockPlan {
    /// Cuts `len` bytes into blocks of `wished` bytes, or of as many whole MiB as it takes for 50,000 blocks to suffice.
    pub(crate) fn new(len: u64, wished: u64) -> Result<Self, Error> {
        let needed = len.div_ceil(limits::COMMITTED_BLOCKS);
        let block = if needed <= wished {
            wished.max(1)
        } else {
            needed.div_ceil(MIB).saturating_mul(MIB)
        };
        if block > limits::BLOCK_BYTES {
            let message =
                format!("{len} bytes do not fit a blob, which has at most 50,000 blocks of 4,000 MiB");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(Self { len, block })
    }

    /// The blocks, in order.
    pub(crate) fn parts(self) -> impl Iterator<Item = BlockPart> + Send {
        (0u32..).map_while(move |index| {
            let offset = u64::from(index).checked_mul(self.block)?;
            let len = self
                .len
                .checked_sub(offset)
                .filter(|rest| *rest > 0)?
                .min(self.block);
            Some(BlockPart { index, offset, len })
        })
    }
}

/// Names the blocks of one upload, so that two uploads to one blob never take each other's blocks for their own.
///
/// Ids have 48 bytes, 64 in base64, as those of Microsoft's clients have: all ids of a blob must have the same length, and blocks that an
/// interrupted upload of another client left behind count too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockIds {
    upload: [u64; 2],
}

impl BlockIds {
    pub(crate) fn new(rng: &mut fastrand::Rng) -> Self {
        Self {
            upload: [rng.u64(..), rng.u64(..)],
        }
    }

    pub(crate) fn id(&self, index: u32) -> Result<BlockId, Error> {
        let [high, low] = self.upload;
        let text = format!("lazuli-{high:016x}{low:016x}-{index:08x}");
        BlockId::new(text.as_bytes()).map_err(|error| lazuli_blob::Error::from(error).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_have_the_length_of_microsofts_clients() {
        let ids = BlockIds::new(&mut fastrand::Rng::with_seed(1));
        for index in [0, 49_999, u32::MAX] {
            assert_eq!(ids.id(index).unwrap().to_string().len(), 64);
        }
        assert_ne!(
            ids.id(0).unwrap(),
            BlockIds::new(&mut fastrand::Rng::with_seed(2)).id(0).unwrap()
        );
    }

    #[test]
    fn the_largest_blob_fits_and_no_larger_one() {
        let largest = limits::COMMITTED_BLOCKS * limits::BLOCK_BYTES;
        assert_eq!(
            BlockPlan::new(largest, 8 * MIB).unwrap().block,
            limits::BLOCK_BYTES
        );
        assert_eq!(
            BlockPlan::new(largest + 1, 8 * MIB).unwrap_err().kind(),
            ErrorKind::TooLarge
        );
        assert_eq!(BlockPlan::new(0, 8 * MIB).unwrap().parts().count(), 0);
    }

    proptest! {
        #[test]
        fn blocks_cover_a_file_without_gap_or_overlap(len in 1..=200_000u64, wished in 1..=100_000u64) {
            let parts: Vec<_> = BlockPlan::new(len, wished).unwrap().parts().collect();
            prop_assert!(parts.len() <= 50_000);
            let mut next = 0;
            for (index, part) in parts.iter().enumerate() {
                prop_assert_eq!((part.index as usize, part.offset), (index, next));
                prop_assert!(part.len > 0);
                next += part.len;
            }
            prop_assert_eq!(next, len);
        }

        #[test]
        fn any_size_that_a_blob_can_have_is_planned(len in 1..=limits::COMMITTED_BLOCKS * limits::BLOCK_BYTES) {
            let plan = BlockPlan::new(len, 8 * MIB).unwrap();
            prop_assert!(plan.block <= limits::BLOCK_BYTES && len.div_ceil(plan.block) <= limits::COMMITTED_BLOCKS);
        }
    }
}

//! Block lists: what Put Block List sends, and what Get Block List answers.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{XmlReader, escape};
use crate::{Error, ErrorKind, limits};

/// The id of a block: at most 64 bytes, sent in base64. All ids of one blob must have the same length.
///
/// ```
/// use lazuli_protocol::xml::BlockId;
///
/// let id = BlockId::new(b"block-00001")?;
/// assert_eq!(id.to_string(), "YmxvY2stMDAwMDE=");
/// assert_eq!(BlockId::from_base64("YmxvY2stMDAwMDE=")?, id);
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(Box<[u8]>);

impl BlockId {
    /// The id of 1 to 64 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for another length.
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        if !(1..=limits::BLOCK_ID_BYTES).contains(&bytes.len()) {
            let message = format!(
                "a block id has 1 to {} bytes, not {}",
                limits::BLOCK_ID_BYTES,
                bytes.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        Ok(Self(bytes.into()))
    }

    /// The id as it stands on the wire.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the text is not base64 of 1 to 64 bytes.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|source| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("{text:?} is not a block id in base64"),
            )
            .with_source(source)
        })?;
        Self::new(&bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(&self.0))
    }
}

/// Where Put Block List finds a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockLookup {
    /// Among the blocks of the blob as it is.
    Committed,
    /// Among the blocks that were put since.
    Uncommitted,
    /// Among those that were put since, and else among those of the blob.
    Latest,
}

/// The blocks that a blob is to be made of, in their order: the body of Put Block List.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockLookupList(pub Vec<(BlockLookup, BlockId)>);

impl BlockLookupList {
    /// Takes the latest block of each id.
    pub fn latest(ids: impl IntoIterator<Item = BlockId>) -> Self {
        Self(ids.into_iter().map(|id| (BlockLookup::Latest, id)).collect())
    }

    /// The XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::with_capacity(64 + self.0.len() * 96);
        xml.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (lookup, id) in &self.0 {
            let name = match lookup {
                BlockLookup::Committed => "Committed",
                BlockLookup::Uncommitted => "Uncommitted",
                BlockLookup::Latest => "Latest",
            };
            xml.push_str(&format!("<{name}>{}</{name}>", escape(&id.to_string())));
        }
        xml.push_str("</BlockList>");
        xml
    }
}

/// A block of a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Block {
    /// Its id.
    pub id: BlockId,
    /// Its size, in bytes.
    pub size: u64,
}

/// The blocks of a blob: the body that Get Block List answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockList {
    /// The blocks that make up the blob, in their order.
    pub committed: Vec<Block>,
    /// The blocks that were put and not yet committed, by id.
    pub uncommitted: Vec<Block>,
}

impl BlockList {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`] when it cannot be read, or has more than 100,000 blocks of a kind, which no blob has.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("BlockList")?;
        let mut list = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "CommittedBlocks" => list.committed = blocks(&mut reader)?,
                "UncommittedBlocks" => list.uncommitted = blocks(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(list)
    }
}

fn blocks(reader: &mut XmlReader<'_>) -> Result<Vec<Block>, Error> {
    let mut blocks = Vec::new();
    while let Some(element) = reader.child()? {
        if element.name() != "Block" {
            reader.skip()?;
            continue;
        }
        let (mut id, mut size) = (None, None);
        while let Some(element) = reader.child()? {
            match element.name() {
                "Name" => id = BlockId::from_base64(&reader.text()?).ok(),
                "Size" => size = reader.text()?.parse().ok(),
                _ => reader.skip()?,
            }
        }
        let (Some(id), Some(size)) = (id, size) else {
            return Err(Error::new(
                ErrorKind::InvalidResponse,
                "a block in the answer lacks a readable name or size",
            ));
        };
        if blocks.len() >= limits::UNCOMMITTED_BLOCKS {
            let message = format!(
                "the answer has more than {} blocks of a kind, which no blob has",
                limits::UNCOMMITTED_BLOCKS
            );
            return Err(Error::new(ErrorKind::InvalidResponse, message));
        }
        blocks.push(Block { id, size });
    }
    Ok(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_to_sixty_four_bytes() {
        assert!(BlockId::new(&[]).is_err());
        assert!(BlockId::new(&[0; 65]).is_err());
        assert!(BlockId::from_base64("not base64").is_err());
        assert_eq!(BlockId::new(&[0xFB; 64]).unwrap().as_bytes(), [0xFB; 64]);
    }

    #[test]
    fn a_lookup_list_keeps_its_order() {
        let id = |n: u8| BlockId::new(&[n; 3]).unwrap();
        let list = BlockLookupList(vec![
            (BlockLookup::Latest, id(2)),
            (BlockLookup::Committed, id(1)),
            (BlockLookup::Uncommitted, id(2)),
        ]);
        assert_eq!(
            list.to_xml(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>AgIC</Latest><Committed>AQEB</Committed>\
             <Uncommitted>AgIC</Uncommitted></BlockList>"
        );
    }

    #[test]
    fn a_list_ends_somewhere() {
        let block = "<Block><Name>AQEB</Name><Size>7</Size></Block>";
        for kind in ["CommittedBlocks", "UncommittedBlocks"] {
            let list = |count| format!("<BlockList><{kind}>{}</{kind}></BlockList>", block.repeat(count));
            assert!(BlockList::parse(list(limits::UNCOMMITTED_BLOCKS).as_bytes()).is_ok());
            let error = BlockList::parse(list(limits::UNCOMMITTED_BLOCKS + 1).as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        }
    }

    #[test]
    fn an_answer_is_read() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><CommittedBlocks><Block><Name>AQEB</Name><Size>7</Size></Block>\
                   </CommittedBlocks><UncommittedBlocks /></BlockList>";
        let list = BlockList::parse(xml.as_bytes()).unwrap();
        assert_eq!(
            list.committed,
            [Block {
                id: BlockId::new(&[1; 3]).unwrap(),
                size: 7
            }]
        );
        assert!(list.uncommitted.is_empty());
        assert!(
            BlockList::parse(
                b"<BlockList><CommittedBlocks><Block><Size>7</Size></Block></CommittedBlocks></BlockList>"
            )
            .is_err()
        );
    }
}

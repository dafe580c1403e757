//! Header and blocks of a file, found in bytes that come in pieces.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use lazuli_protocol::Error;

use super::datum::number;
use super::schema::Schema;
use super::{BLOCK_LIMIT, HEADER_LIMIT, unreadable};

const MAGIC: &[u8] = b"Obj\x01";
const SYNC: usize = 16;
/// The most pairs of a header. Files have two or three.
const PAIRS_LIMIT: u64 = 1_000;

/// What a file says of itself at its start.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) schema: Schema,
    codec: Codec,
    sync: [u8; SYNC],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Codec {
    Null,
    Deflate,
}

/// A block of objects, unpacked.
#[derive(Debug)]
pub(super) struct Block {
    /// Where it starts in the file.
    #[cfg(feature = "change-feed")]
    pub(super) offset: u64,
    /// Where the next one starts.
    #[cfg(feature = "change-feed")]
    pub(super) next: u64,
    pub(super) objects: u64,
    pub(super) data: Bytes,
}

/// The bytes of a file that have come and were not read yet.
#[derive(Debug)]
pub(super) struct Framing {
    buffer: BytesMut,
    /// Where the buffer starts in the file.
    offset: u64,
    header: Option<Arc<Header>>,
    /// The bytes begin with the marker at the end of an earlier block.
    after_marker: bool,
    /// With fewer bytes than this there is nothing to be found in the buffer.
    wanted: usize,
}

impl Framing {
    /// A file from its start.
    pub(super) fn new() -> Self {
        Self {
            buffer: BytesMut::new(),
            offset: 0,
            header: None,
            after_marker: false,
            wanted: MAGIC.len(),
        }
    }

    /// A file from the block at `offset` on, with the header that was read before. The bytes start [`MARKER`](Self::MARKER) before the block, so that
    /// an offset that is none of this file does not go unnoticed.
    #[cfg(feature = "change-feed")]
    pub(super) fn resumed(header: Arc<Header>, offset: u64) -> Self {
        Self {
            buffer: BytesMut::new(),
            offset: offset.saturating_sub(Self::MARKER),
            header: Some(header),
            after_marker: true,
            wanted: SYNC,
        }
    }

    /// How many bytes before a block a resumed file starts.
    #[cfg(feature = "change-feed")]
    pub(super) const MARKER: u64 = SYNC as u64;

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// The header, once it was read.
    pub(super) fn header(&self) -> Option<&Arc<Header>> {
        self.header.as_ref()
    }

    /// Reads the header, if it is there as a whole.
    pub(super) fn read_header(&mut self) -> Result<Option<Arc<Header>>, Error> {
        if let Some(header) = &self.header {
            return Ok(Some(Arc::clone(header)));
        }
        if self.buffer.len() < self.wanted {
            return Ok(None);
        }
        let mut bytes = Front::of(&self.buffer, HEADER_LIMIT);
        match header(&mut bytes) {
            Ok(header) => {
                let length = bytes.at;
                self.consume(length);
                let header = Arc::new(header);
                self.header = Some(Arc::clone(&header));
                Ok(Some(header))
            }
            Err(stop) => self.wait(stop),
        }
    }

    /// The next block; `None` where more bytes are needed.
    pub(super) fn block(&mut self) -> Result<Option<Block>, Error> {
        let Some(header) = self.read_header()? else {
            return Ok(None);
        };
        if self.buffer.len() < self.wanted {
            return Ok(None);
        }
        if self.after_marker {
            let found = Front::of(&self.buffer, SYNC).array::<SYNC>();
            match found {
                Ok(found) => marker(&header, found)?,
                Err(stop) => return self.wait(stop),
            }
            self.consume(SYNC);
            self.after_marker = false;
        }
        if self.buffer.is_empty() {
            self.wanted = 1;
            return Ok(None);
        }
        let mut bytes = Front::of(&self.buffer, usize::MAX);
        let (objects, start, length) = match extent(&mut bytes, &header) {
            Ok(extent) => extent,
            Err(stop) => return self.wait(stop),
        };
        #[cfg(feature = "change-feed")]
        let offset = self.offset;
        let whole = bytes.at;
        let data = self.consume(whole);
        let packed = data.slice(start..start.saturating_add(length));
        let data = unpack(header.codec, packed)?;
        if objects > data.len() as u64 {
            return Err(unreadable("a block has more objects than bytes"));
        }
        Ok(Some(Block {
            #[cfg(feature = "change-feed")]
            offset,
            #[cfg(feature = "change-feed")]
            next: self.offset,
            objects,
            data,
        }))
    }

    /// Says whether the bytes may end here.
    pub(super) fn end(&self) -> Result<(), Error> {
        if self.header.is_some() && self.buffer.is_empty() && !self.after_marker {
            return Ok(());
        }
        Err(unreadable("it ends within its header or a block"))
    }

    fn wait<T>(&mut self, stop: Stop) -> Result<Option<T>, Error> {
        match stop {
            Stop::Wants(length) => {
                self.wanted = length;
                Ok(None)
            }
            Stop::Bad(error) => Err(error),
        }
    }

    fn consume(&mut self, length: usize) -> Bytes {
        self.wanted = 1;
        self.offset = self.offset.saturating_add(length as u64);
        self.buffer.split_to(length.min(self.buffer.len())).freeze()
    }
}

/// Why something could not be read off the front of the buffer.
enum Stop {
    /// The buffer must have this many bytes at least.
    Wants(usize),
    Bad(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Bad(error)
    }
}

/// Reads from the start of a buffer without taking anything away.
struct Front<'a> {
    bytes: &'a [u8],
    at: usize,
    limit: usize,
}

impl<'a> Front<'a> {
    fn of(bytes: &'a [u8], limit: usize) -> Self {
        Self { bytes, at: 0, limit }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Stop> {
        let end = self.at.saturating_add(length);
        if end > self.limit {
            return Err(Stop::Bad(unreadable(format!(
                "its header has more than {HEADER_LIMIT} bytes"
            ))));
        }
        let taken = self.bytes.get(self.at..end).ok_or(Stop::Wants(end))?;
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let wanted = self.at.saturating_add(N);
        self.take(N)?.try_into().map_err(|_| Stop::Wants(wanted))
    }

    fn long(&mut self) -> Result<i64, Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (number, length) = number(rest)?.ok_or(Stop::Wants(self.bytes.len().saturating_add(1)))?;
        self.take(length)?;
        Ok(number)
    }

    fn length(&mut self) -> Result<usize, Stop> {
        Ok(usize::try_from(self.long()?).map_err(|_| unreadable("a length is negative"))?)
    }
}

fn header(bytes: &mut Front<'_>) -> Result<Header, Stop> {
    if bytes.take(MAGIC.len())? != MAGIC {
        return Err(Stop::Bad(unreadable("it does not start as such a file does")));
    }
    let mut schema = None;
    let mut codec = Codec::Null;
    let mut pairs = 0_u64;
    loop {
        let run = bytes.long()?;
        if run == 0 {
            break;
        }
        if run < 0 {
            bytes.long()?;
        }
        pairs = pairs.saturating_add(run.unsigned_abs());
        if pairs > PAIRS_LIMIT {
            return Err(Stop::Bad(unreadable(format!(
                "its header has more than {PAIRS_LIMIT} pairs"
            ))));
        }
        for _ in 0..run.unsigned_abs() {
            let length = bytes.length()?;
            let name = bytes.take(length)?;
            let length = bytes.length()?;
            let value = bytes.take(length)?;
            match name {
                b"avro.schema" => schema = Some(value),
                b"avro.codec" => codec = self::codec(value)?,
                _ => {}
            }
        }
    }
    let sync = bytes.array()?;
    // Last, so that it is done once.
    let schema = Schema::parse(schema.ok_or_else(|| unreadable("it has no schema"))?)?;
    Ok(Header { schema, codec, sync })
}

fn codec(name: &[u8]) -> Result<Codec, Error> {
    match name {
        b"" | b"null" => Ok(Codec::Null),
        b"deflate" => Ok(Codec::Deflate),
        other => {
            let name = String::from_utf8_lossy(other.get(..40).unwrap_or(other)).into_owned();
            Err(unreadable(format!(
                "it is packed with {name:?}; only deflate is known"
            )))
        }
    }
}

/// How many objects a block has, and where its content starts in the buffer and how long it is.
fn extent(bytes: &mut Front<'_>, header: &Header) -> Result<(u64, usize, usize), Stop> {
    let objects = bytes.long()?;
    let objects =
        u64::try_from(objects).map_err(|_| unreadable("a block has a negative number of objects"))?;
    let length = bytes.length()?;
    if length > BLOCK_LIMIT {
        return Err(Stop::Bad(too_large()));
    }
    let start = bytes.at;
    // Asked for together, so that the wait is for both.
    let end = start.saturating_add(length).saturating_add(SYNC);
    if bytes.bytes.len() < end {
        return Err(Stop::Wants(end));
    }
    bytes.take(length)?;
    marker(header, bytes.array()?)?;
    Ok((objects, start, length))
}

fn marker(header: &Header, found: [u8; SYNC]) -> Result<(), Error> {
    if found == header.sync {
        return Ok(());
    }
    Err(unreadable("a block does not end with the file's marker"))
}

fn unpack(codec: Codec, data: Bytes) -> Result<Bytes, Error> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
    match codec {
        Codec::Null => Ok(data),
        Codec::Deflate => match decompress_to_vec_with_limit(&data, BLOCK_LIMIT) {
            Ok(data) => Ok(data.into()),
            Err(error) if error.status == TINFLStatus::HasMoreOutput => Err(too_large()),
            Err(_) => Err(unreadable("a block is not packed as it says")),
        },
    }
}

fn too_large() -> Error {
    unreadable(format!("a block has more than {BLOCK_LIMIT} bytes"))
}

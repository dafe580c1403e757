//! The stream that Query Blob Contents answers with: an Avro object container whose records are results, errors and progress.
//!
//! A container is a header (magic, metadata with the schema, a sync marker) and blocks (how many records, how many bytes, the records,
//! the marker again). The service puts each record into a block of its own, so that a client sees it at once; so does [`Writer`].

mod primitive;
mod schema;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use self::primitive::{boolean, bytes, long, string};
use self::schema::SCHEMA;
use crate::sql::Frame;

const MAGIC: &[u8] = b"Obj\x01";

/// The `Content-Type` of such an answer.
pub(crate) const CONTENT_TYPE: &str = "avro/binary";

/// Writes one container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writer {
    sync: [u8; 16],
}

impl Writer {
    /// With sixteen random bytes, which stand between the blocks.
    pub(crate) fn new(sync: [u8; 16]) -> Self {
        Self { sync }
    }

    /// What the stream begins with.
    pub(crate) fn header(&self) -> Bytes {
        let mut out = MAGIC.to_vec();
        long(&mut out, 1);
        string(&mut out, "avro.schema");
        string(&mut out, SCHEMA);
        long(&mut out, 0);
        out.extend_from_slice(&self.sync);
        out.into()
    }

    /// A block with one record.
    pub(crate) fn frame(&self, frame: &Frame) -> Bytes {
        let mut record = Vec::new();
        match frame {
            Frame::Data(data) => {
                long(&mut record, 0);
                bytes(&mut record, data);
            }
            Frame::Error(error) => {
                long(&mut record, 1);
                boolean(&mut record, error.fatal);
                string(&mut record, &error.name);
                string(&mut record, &error.description);
                long(&mut record, signed(error.position));
            }
            Frame::Progress { scanned, total } => {
                long(&mut record, 2);
                long(&mut record, signed(*scanned));
                long(&mut record, signed(*total));
            }
            Frame::End { total } => {
                long(&mut record, 3);
                long(&mut record, signed(*total));
            }
        }
        let mut out = Vec::with_capacity(record.len().saturating_add(32));
        long(&mut out, 1);
        bytes(&mut out, &record);
        out.extend_from_slice(&self.sync);
        out.into()
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

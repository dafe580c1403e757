//! Records of JSON: values one after the other, with or without something between them.

use bytes::{Buf as _, BytesMut};

use super::super::problem::Problem;
use super::super::request::JsonText;
use super::{BYTE_ORDER_MARK, Begins, Found, RECORD_BYTES, Record, begins, length};

#[derive(Debug)]
pub(in super::super) struct Reader {
    separator: Vec<u8>,
    buffer: BytesMut,
    /// Where the buffer begins in the blob.
    position: u64,
    /// How far the value at the start of the buffer was looked at.
    scanned: usize,
    scan: Scan,
}

/// The most values in a record: each takes far more room than the two bytes that it may be written in.
const VALUES: usize = 100_000;

/// What is known of the value so far.
#[derive(Clone, Copy, Debug, Default)]
struct Scan {
    depth: usize,
    /// How many values there are in it, or nearly so.
    values: usize,
    in_string: bool,
    escaped: bool,
}

impl Reader {
    pub(super) fn new(config: &JsonText) -> Self {
        Self {
            separator: config.record_separator.clone().into_bytes(),
            buffer: BytesMut::new(),
            position: 0,
            scanned: 0,
            scan: Scan::default(),
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    pub(super) fn next(&mut self, last: bool) -> Result<Option<Found>, Problem> {
        if self.scanned == 0 && !self.seek_value(last) {
            return Ok(None);
        }
        let Some(end) = self.end(last)? else {
            if self.buffer.len() > RECORD_BYTES {
                return Err(Problem::TooLong);
            }
            return if last { Err(Problem::Json) } else { Ok(None) };
        };
        if end > RECORD_BYTES {
            return Err(Problem::TooLong);
        }
        let value = self.buffer.get(..end).unwrap_or_default();
        let json = serde_json::from_slice(value).map_err(|_| Problem::Json)?;
        let found = Found {
            record: Record::Json(json),
            position: self.position,
            bytes: length(end),
        };
        self.skip(end);
        Ok(Some(found))
    }

    /// Goes to where the next value begins. Says whether it is here.
    fn seek_value(&mut self, last: bool) -> bool {
        if self.position == 0 {
            match begins(&self.buffer, BYTE_ORDER_MARK, last) {
                Begins::Yes => self.skip(BYTE_ORDER_MARK.len()),
                Begins::Perhaps => return false,
                Begins::No => {}
            }
        }
        loop {
            let blank = self
                .buffer
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            self.skip(blank);
            match begins(&self.buffer, &self.separator, last) {
                Begins::Yes => self.skip(self.separator.len()),
                Begins::Perhaps => return false,
                Begins::No => return !self.buffer.is_empty(),
            }
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.buffer.advance(bytes.min(self.buffer.len()));
        self.position = self.position.saturating_add(length(bytes));
        self.scanned = 0;
        self.scan = Scan::default();
    }

    /// Where the value at the start of the buffer ends, if that is known.
    fn end(&mut self, last: bool) -> Result<Option<usize>, Problem> {
        match self.buffer.first() {
            Some(b'{' | b'[' | b'"') => self.end_of_nested(),
            Some(b'0'..=b'9' | b'-' | b't' | b'f' | b'n') => {
                let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                let end = self.buffer.iter().position(|byte| !is_part(byte));
                Ok(end.or(last.then_some(self.buffer.len())))
            }
            _ => self.unexpected(last),
        }
    }

    /// The character that begins no value, once all of it is here.
    fn unexpected(&self, last: bool) -> Result<Option<usize>, Problem> {
        let bytes = self.buffer.get(..4).unwrap_or(&self.buffer);
        let chunk = bytes.utf8_chunks().next();
        let found = chunk.and_then(|chunk| chunk.valid().chars().next());
        if found.is_none() && bytes.len() < 4 && !last {
            return Ok(None);
        }
        Err(Problem::JsonToken {
            found: found.unwrap_or(char::REPLACEMENT_CHARACTER),
            at: self.position,
        })
    }

    /// Counts brackets that are in no string. Whether the right ones meet is seen when the value is read.
    fn end_of_nested(&mut self) -> Result<Option<usize>, Problem> {
        let scan = &mut self.scan;
        for (at, byte) in self.buffer.iter().enumerate().skip(self.scanned) {
            match byte {
                _ if scan.escaped => scan.escaped = false,
                b'\\' if scan.in_string => scan.escaped = true,
                b'"' => scan.in_string = !scan.in_string,
                _ if scan.in_string => {}
                b'{' | b'[' => {
                    scan.depth = scan.depth.saturating_add(1);
                    scan.values = scan.values.saturating_add(1);
                }
                b',' => scan.values = scan.values.saturating_add(1),
                b'}' | b']' => scan.depth = scan.depth.saturating_sub(1),
                _ => {}
            }
            if scan.values > VALUES {
                return Err(Problem::TooManyValues);
            }
            if scan.depth == 0 && !scan.in_string {
                return Ok(at.checked_add(1));
            }
        }
        self.scanned = self.buffer.len();
        Ok(None)
    }
}

//! Records of delimited text. A field may be in quotes, in which two in a row stand for one, and separators for themselves.

use bytes::{Buf as _, BytesMut};

use super::super::problem::Problem;
use super::super::request::Delimited;
use super::{BYTE_ORDER_MARK, Begins, Found, RECORD_BYTES, Record, begins, length};

#[derive(Debug)]
pub(in super::super) struct Reader {
    column: Vec<u8>,
    record: Vec<u8>,
    quote: Vec<u8>,
    escape: Vec<u8>,
    /// Which bytes one of these begins with.
    special: Box<[bool; 256]>,
    /// What was pushed and not read yet.
    buffer: BytesMut,
    /// Where the buffer begins in the blob.
    position: u64,
    state: State,
    fields: Vec<String>,
    field: Vec<u8>,
    /// Where the record that is being read begins.
    start: u64,
}

/// The most fields of a record: each takes room of its own, however little is in it.
const FIELDS: usize = 10_000;

/// Where in a field the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Behind the quote that ends a field.
    Closed,
}

/// What the next bytes are.
enum Step {
    /// So many bytes that are the field's.
    Content(usize),
    /// So many bytes, behind so many that are left out.
    Literal {
        skip: usize,
        take: usize,
    },
    Open(usize),
    Close(usize),
    EndOfField(usize),
    EndOfRecord(usize),
    /// It depends on bytes that are not here.
    Wait,
}

impl Reader {
    pub(super) fn new(config: &Delimited) -> Self {
        let bytes = |character: Option<char>| character.map(String::from).unwrap_or_default().into_bytes();
        let escape = config.escape.filter(|escape| Some(*escape) != config.field_quote);
        let column = config.column_separator.clone().into_bytes();
        let record = config.record_separator.clone().into_bytes();
        let (quote, escape) = (bytes(config.field_quote), bytes(escape));
        let mut special = Box::new([false; 256]);
        for text in [&column, &record, &quote, &escape] {
            let place = text
                .first()
                .and_then(|first| special.get_mut(usize::from(*first)));
            if let Some(place) = place {
                *place = true;
            }
        }
        Self {
            column,
            record,
            quote,
            escape,
            special,
            buffer: BytesMut::new(),
            position: 0,
            state: State::Start,
            fields: Vec::new(),
            field: Vec::new(),
            start: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    pub(super) fn next(&mut self, last: bool) -> Result<Option<Found>, Problem> {
        if self.position == 0 {
            match begins(&self.buffer, BYTE_ORDER_MARK, last) {
                Begins::Yes => self.skip(BYTE_ORDER_MARK.len()),
                Begins::Perhaps => return Ok(None),
                Begins::No => {}
            }
        }
        loop {
            if self.buffer.is_empty() {
                let unfinished = self.state != State::Start || !self.fields.is_empty();
                return Ok((last && unfinished).then(|| self.end_of_record()));
            }
            match self.step(last) {
                Step::Content(bytes) => self.take(0, bytes),
                Step::Literal { skip, take } => self.take(skip, take),
                Step::Open(bytes) => self.enter(State::Quoted, bytes),
                Step::Close(bytes) => self.enter(State::Closed, bytes),
                Step::EndOfField(bytes) => {
                    self.skip(bytes);
                    self.end_of_field();
                    if self.fields.len() >= FIELDS {
                        return Err(Problem::TooManyFields);
                    }
                }
                Step::EndOfRecord(bytes) => {
                    self.skip(bytes);
                    return Ok(Some(self.end_of_record()));
                }
                Step::Wait => return Ok(None),
            }
            if self.position.saturating_sub(self.start) > length(RECORD_BYTES) {
                return Err(Problem::TooLong);
            }
        }
    }

    fn step(&self, last: bool) -> Step {
        let rest: &[u8] = &self.buffer;
        let at = |text: &[u8]| begins(rest, text, last);
        let behind = |text: &[u8]| rest.get(text.len()..).unwrap_or_default();
        if self.state != State::Quoted {
            match (at(&self.record), at(&self.column)) {
                (Begins::Yes, _) => return Step::EndOfRecord(self.record.len()),
                (Begins::Perhaps, _) => return Step::Wait,
                (_, Begins::Yes) => return Step::EndOfField(self.column.len()),
                (_, Begins::Perhaps) => return Step::Wait,
                _ => {}
            }
        }
        match at(&self.escape) {
            Begins::Yes if !behind(&self.escape).is_empty() => {
                return Step::Literal {
                    skip: self.escape.len(),
                    take: 1,
                };
            }
            Begins::Yes if !last => return Step::Wait,
            Begins::Perhaps => return Step::Wait,
            Begins::Yes | Begins::No => {}
        }
        match (at(&self.quote), self.state) {
            (Begins::Perhaps, State::Start | State::Quoted) => Step::Wait,
            (Begins::Yes, State::Start) => Step::Open(self.quote.len()),
            (Begins::Yes, State::Quoted) => {
                let quote = self.quote.len();
                match begins(behind(&self.quote), &self.quote, last) {
                    Begins::Yes => Step::Literal {
                        skip: quote,
                        take: quote,
                    },
                    Begins::No => Step::Close(quote),
                    Begins::Perhaps => Step::Wait,
                }
            }
            _ => Step::Content(self.plain_run(rest)),
        }
    }

    /// How many bytes can be taken at once: up to the next one with which something else may begin.
    fn plain_run(&self, rest: &[u8]) -> usize {
        // Never more at once than the bound of a record needs to be checked.
        let window = rest.get(..64 * 1024).unwrap_or(rest);
        let is_special = |byte: &u8| self.special.get(usize::from(*byte)) == Some(&true);
        let run = window.iter().skip(1).position(is_special);
        run.map_or(window.len(), |run| run.saturating_add(1))
    }

    fn take(&mut self, skip: usize, take: usize) {
        let bytes = self
            .buffer
            .get(skip..skip.saturating_add(take))
            .unwrap_or_default();
        self.field.extend_from_slice(bytes);
        if self.state == State::Start {
            self.state = State::Plain;
        }
        self.skip(skip.saturating_add(take));
    }

    fn enter(&mut self, state: State, bytes: usize) {
        self.state = state;
        self.skip(bytes);
    }

    fn skip(&mut self, bytes: usize) {
        let bytes = bytes.min(self.buffer.len());
        self.buffer.advance(bytes);
        self.position = self.position.saturating_add(length(bytes));
    }

    fn end_of_field(&mut self) {
        let field = std::mem::take(&mut self.field);
        self.fields.push(match String::from_utf8(field) {
            Ok(text) => text,
            Err(bytes) => String::from_utf8_lossy(bytes.as_bytes()).into_owned(),
        });
        self.state = State::Start;
    }

    fn end_of_record(&mut self) -> Found {
        // A record that ends with a line feed may end with a carriage return before it.
        if self.record == b"\n" && self.state != State::Quoted && self.field.last() == Some(&b'\r') {
            self.field.pop();
        }
        self.end_of_field();
        let position = std::mem::replace(&mut self.start, self.position);
        Found {
            record: Record::Fields(std::mem::take(&mut self.fields)),
            position,
            bytes: self.position.saturating_sub(position),
        }
    }
}

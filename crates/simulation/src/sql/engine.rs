//! Runs a query over a blob that streams by.

use time::OffsetDateTime;

use super::column::{Header, Row, rows};
use super::frame::Frame;
use super::input::{Found, Record, Source};
use super::parse::Malformed;
use super::query::Step;
use super::request::{Input, Request};
use super::run::Run;

/// Runs one query. Give it the blob with [`Engine::push`] until it [is done](Engine::is_done) or the blob ends, then
/// [`Engine::finish`] it.
#[derive(Debug)]
pub(crate) struct Engine {
    run: Run,
    source: Source,
    from: Vec<Step>,
    header: Option<Header>,
    /// The next record of delimited text has the names of the columns.
    expects_header: bool,
}

impl Engine {
    /// For a blob of so many bytes, at this time. None if the blob's form cannot be read as it streams by.
    ///
    /// # Errors
    /// The query is not one.
    pub(crate) fn new(request: &Request, total: u64, now: OffsetDateTime) -> Result<Option<Self>, Malformed> {
        let run = Run::new(request, total, now)?;
        Ok(Source::new(&request.input).map(|source| Self {
            source,
            from: run.from().to_vec(),
            header: None,
            expects_header: matches!(&request.input, Input::Delimited(config) if config.has_headers),
            run,
        }))
    }

    /// Whether more of the blob changes nothing.
    pub(crate) fn is_done(&self) -> bool {
        self.run.is_done()
    }

    /// Takes the next bytes of the blob in.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) {
        self.run.begin(out);
        if self.is_done() {
            return;
        }
        self.run.scan(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.source.push(bytes);
        self.records(false, out);
        self.run.tell(out);
    }

    /// Says that the blob has ended, or that no more of it is wanted.
    pub(crate) fn finish(mut self, out: &mut Vec<Frame>) {
        self.run.begin(out);
        if !self.is_done() {
            self.records(true, out);
        }
        self.run.finish(out);
    }

    fn records(&mut self, last: bool, out: &mut Vec<Frame>) {
        while !self.is_done() {
            match self.source.next(last) {
                Ok(Some(found)) => self.record(found),
                Ok(None) => return,
                // What the service says of where a record could not be read.
                Err(problem) => self.run.report(&problem, 0),
            }
            self.run.relieve(out);
        }
    }

    fn record(&mut self, found: Found) {
        let Found {
            record,
            position,
            bytes,
        } = found;
        if self.run.is_split(bytes, position) {
            return;
        }
        match record {
            Record::Fields(names) if std::mem::take(&mut self.expects_header) => {
                self.header = Some(Header::new(names))
            }
            Record::Fields(fields) => {
                let header = self.header.as_ref();
                let row = Row::Delimited {
                    header,
                    fields: &fields,
                };
                self.run.row(row, position);
            }
            Record::Json(json) => {
                for row in rows(&json, &self.from) {
                    self.run.row(Row::Json(row), position);
                    if self.run.is_done() {
                        break;
                    }
                }
            }
        }
    }
}

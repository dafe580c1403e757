//! Runs a query over a blob that streams by.

use time::OffsetDateTime;

use super::aggregate::Accumulator;
use super::column::{Header, Row, rows};
use super::evaluate::Scope;
use super::frame::{Frame, RowError};
use super::input::{Found, Record, Source};
use super::output::{Cells, Writer};
use super::parse::{self, Malformed};
use super::problem::Problem;
use super::query::{Query, Select, Step};
use super::request::{Input, Request};
use super::split::{self, Split};
use super::value::Value;

/// After so many bytes of the blob the client hears how far the query is.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Results are sent at the latest when they have so many bytes, and errors when there are so many.
const DATA_BYTES: usize = 1024 * 1024;
const ERRORS: usize = 1024;

/// Runs one query. Give it the blob with [`Engine::push`] until it [is done](Engine::is_done) or the blob ends, then
/// [`Engine::finish`] it.
#[derive(Debug)]
pub(crate) struct Engine {
    query: Query,
    now: OffsetDateTime,
    source: Source,
    work: Work,
    header: Option<Header>,
    /// The next record of delimited text has the names of the columns.
    expects_header: bool,
    writer: Writer,
    prologue: bool,
    sent_data: bool,
    errors: Vec<RowError>,
    /// The rows that may still be written.
    left: u64,
    fatal: bool,
    total: u64,
    scanned: u64,
    reported: u64,
}

#[derive(Debug)]
enum Work {
    Rows,
    Aggregates(Vec<Accumulator>),
    Split(Split),
}

impl Engine {
    /// For a blob of so many bytes, at this time.
    ///
    /// # Errors
    /// The query is not one.
    pub(crate) fn new(request: &Request, total: u64, now: OffsetDateTime) -> Result<Self, Malformed> {
        let mut query = parse::query(&request.expression)?;
        let is_delimited = matches!(request.input, Input::Delimited(_));
        if is_delimited && query.from.iter().any(|step| *step != Step::Every) {
            return Err(Malformed::Path);
        }
        let work = match &mut query.select {
            Select::Split(bytes) if !is_delimited || *bytes < split::BYTES_MIN => {
                return Err(Malformed::Split);
            }
            Select::Split(bytes) => Work::Split(Split::new(*bytes)),
            Select::Aggregates(items) => {
                Work::Aggregates(std::mem::take(items).into_iter().map(Accumulator::new).collect())
            }
            Select::Everything | Select::Items(_) => Work::Rows,
        };
        Ok(Self {
            source: Source::new(&request.input),
            work,
            header: None,
            expects_header: matches!(&request.input, Input::Delimited(config) if config.has_headers),
            writer: Writer::new(&request.output),
            prologue: false,
            sent_data: false,
            errors: Vec::new(),
            left: query.limit.unwrap_or(u64::MAX),
            fatal: false,
            total,
            scanned: 0,
            reported: 0,
            now,
            query,
        })
    }

    /// Whether more of the blob changes nothing.
    pub(crate) fn is_done(&self) -> bool {
        self.fatal || self.left == 0
    }

    /// Takes the next bytes of the blob in.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut Vec<Frame>) {
        self.begin(out);
        if self.is_done() {
            return;
        }
        self.scanned = self
            .scanned
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.source.push(bytes);
        self.records(false, out);
        if self.scanned.saturating_sub(self.reported) >= PROGRESS_BYTES {
            self.flush(out);
            self.progress(out);
        }
    }

    /// Says that the blob has ended, or that no more of it is wanted.
    pub(crate) fn finish(mut self, out: &mut Vec<Frame>) {
        self.begin(out);
        if !self.is_done() {
            self.records(true, out);
        }
        if !self.fatal {
            self.last_rows();
        }
        if !self.sent_data && self.writer.held() == 0 {
            // There is always a result, if only an empty one.
            out.push(Frame::Data(self.writer.take()));
        }
        self.flush(out);
        self.progress(out);
        out.push(Frame::End { total: self.total });
    }

    fn begin(&mut self, out: &mut Vec<Frame>) {
        if !std::mem::replace(&mut self.prologue, true) {
            out.extend(self.writer.prologue().map(Frame::Data));
        }
    }

    fn records(&mut self, last: bool, out: &mut Vec<Frame>) {
        while !self.is_done() {
            match self.source.next(last) {
                Ok(Some(found)) => self.record(found),
                Ok(None) => return,
                // What the service says of where a record could not be read.
                Err(problem) => self.report(&problem, 0),
            }
            if self.writer.held() >= DATA_BYTES || self.errors.len() >= ERRORS {
                self.flush(out);
            }
        }
    }

    fn record(&mut self, found: Found) {
        let Found {
            record,
            position,
            bytes,
        } = found;
        if let Work::Split(split) = &mut self.work {
            if let Some(part) = split.record(bytes) {
                self.write(&part_cells(part), position);
            }
            return;
        }
        match record {
            Record::Fields(names) if std::mem::take(&mut self.expects_header) => {
                self.header = Some(Header::new(names))
            }
            Record::Fields(fields) => {
                let header = self.header.take();
                self.row(
                    Row::Delimited {
                        header: header.as_ref(),
                        fields: &fields,
                    },
                    position,
                );
                self.header = header;
            }
            Record::Json(json) => {
                let from = std::mem::take(&mut self.query.from);
                for row in rows(&json, &from) {
                    self.row(Row::Json(row), position);
                    if self.is_done() {
                        break;
                    }
                }
                self.query.from = from;
            }
        }
    }

    fn row(&mut self, row: Row<'_>, position: u64) {
        match self.outcome(row) {
            Ok(Outcome::Nothing) => {}
            Ok(Outcome::Row(cells)) => self.write(&cells, position),
            Ok(Outcome::Added(values)) => {
                if let Work::Aggregates(accumulators) = &mut self.work {
                    for (accumulator, value) in accumulators.iter_mut().zip(values) {
                        if let Some(value) = value {
                            accumulator.add(value);
                        }
                    }
                }
            }
            Err(problem) => self.report(&problem, position),
        }
    }

    fn outcome(&self, row: Row<'_>) -> Result<Outcome, Problem> {
        let scope = Scope {
            row,
            alias: self.query.alias.as_deref(),
            now: self.now,
        };
        if let Some(filter) = &self.query.filter
            && scope.truth(filter)? != Some(true)
        {
            return Ok(Outcome::Nothing);
        }
        if let Work::Aggregates(accumulators) = &self.work {
            let values = accumulators.iter().map(|accumulator| accumulator.prepare(&scope));
            return values.collect::<Result<_, _>>().map(Outcome::Added);
        }
        match &self.query.select {
            Select::Items(items) => {
                let cell =
                    |item: &super::query::Item| Ok((item.name.clone(), scope.value(&item.expression)?));
                items.iter().map(cell).collect::<Result<_, _>>().map(Outcome::Row)
            }
            _ => Ok(Outcome::Row(row.columns())),
        }
    }

    fn write(&mut self, cells: &Cells, position: u64) {
        match self.writer.row(cells) {
            Ok(()) => self.left = self.left.saturating_sub(1),
            Err(problem) => self.report(&problem, position),
        }
    }

    fn report(&mut self, problem: &Problem, position: u64) {
        let error = problem.at(position);
        self.fatal |= error.fatal;
        self.errors.push(error);
    }

    /// What is known only once all records were seen.
    fn last_rows(&mut self) {
        if self.left == 0 {
            return;
        }
        match &mut self.work {
            Work::Rows => {}
            Work::Aggregates(accumulators) => {
                let cells = std::mem::take(accumulators)
                    .into_iter()
                    .map(Accumulator::finish)
                    .collect();
                self.write(&cells, 0);
            }
            Work::Split(split) => {
                if let Some(part) = split.finish() {
                    self.write(&part_cells(part), 0);
                }
            }
        }
    }

    fn flush(&mut self, out: &mut Vec<Frame>) {
        if self.writer.held() > 0 {
            self.sent_data = true;
            out.push(Frame::Data(self.writer.take()));
        }
        out.extend(self.errors.drain(..).map(Frame::Error));
    }

    fn progress(&mut self, out: &mut Vec<Frame>) {
        self.reported = self.scanned;
        out.push(Frame::Progress {
            scanned: self.scanned,
            total: self.total,
        });
    }
}

/// What a row leads to.
enum Outcome {
    Nothing,
    Row(Cells),
    /// What each aggregate takes of it.
    Added(Vec<Option<Value>>),
}

fn part_cells(bytes: u64) -> Cells {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    vec![("_1".to_owned(), Value::Int(bytes))]
}

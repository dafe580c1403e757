//! A query at work: what becomes of each row, and what of that is handed on.

use time::OffsetDateTime;

use super::aggregate::Accumulator;
use super::column::Row;
use super::evaluate::Scope;
use super::frame::{Frame, RowError};
use super::output::{Cells, Writer};
use super::parse::{self, Malformed};
use super::problem::Problem;
use super::query::{Item, Query, Select, Step};
use super::request::{Input, Request};
use super::split::{self, Split};
use super::value::Value;

/// After so many bytes of the blob the client hears how far the query is.
const PROGRESS_BYTES: u64 = 4 * 1024 * 1024;

/// Results are sent at the latest when they have so many bytes, and errors when there are so many.
const DATA_BYTES: usize = 1024 * 1024;
const ERRORS: usize = 1024;

/// Takes rows in and gives frames out, wherever the rows are from.
#[derive(Debug)]
pub(super) struct Run {
    query: Query,
    now: OffsetDateTime,
    work: Work,
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

/// What a row leads to.
enum Outcome {
    Nothing,
    Row(Cells),
    /// What each aggregate takes of it.
    Added(Vec<Option<Value>>),
}

impl Run {
    /// For a blob of so many bytes, at this time.
    ///
    /// # Errors
    /// The query is not one.
    pub(super) fn new(request: &Request, total: u64, now: OffsetDateTime) -> Result<Self, Malformed> {
        let mut query = parse::query(&request.expression)?;
        let is_delimited = matches!(request.input, Input::Delimited(_));
        let has_paths = matches!(request.input, Input::Json(_));
        if !has_paths && query.from.iter().any(|step| *step != Step::Every) {
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
            work,
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

    /// From a record to its rows.
    pub(super) fn from(&self) -> &[Step] {
        &self.query.from
    }

    /// Whether more of the blob changes nothing.
    pub(super) fn is_done(&self) -> bool {
        self.fatal || self.left == 0
    }

    /// What comes before all rows, once.
    pub(super) fn begin(&mut self, out: &mut Vec<Frame>) {
        if !std::mem::replace(&mut self.prologue, true) {
            out.extend(self.writer.prologue().map(Frame::Data));
        }
    }

    /// Notes that so many bytes more were read.
    pub(super) fn scan(&mut self, bytes: u64) {
        self.scanned = self.scanned.saturating_add(bytes);
    }

    /// Counts a record towards a part, if parts are what the query asks for.
    pub(super) fn is_split(&mut self, bytes: u64, position: u64) -> bool {
        let Work::Split(split) = &mut self.work else {
            return false;
        };
        if let Some(part) = split.record(bytes) {
            self.write(&part_cells(part), position);
        }
        true
    }

    pub(super) fn row(&mut self, row: Row<'_>, position: u64) {
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

    pub(super) fn report(&mut self, problem: &Problem, position: u64) {
        let error = problem.at(position);
        self.fatal |= error.fatal;
        self.errors.push(error);
    }

    /// Hands results and errors on, once there are enough of them.
    pub(super) fn relieve(&mut self, out: &mut Vec<Frame>) {
        if self.writer.held() >= DATA_BYTES || self.errors.len() >= ERRORS {
            self.flush(out);
        }
    }

    /// Says how far the query is, if it was not said for long.
    pub(super) fn tell(&mut self, out: &mut Vec<Frame>) {
        if self.scanned.saturating_sub(self.reported) >= PROGRESS_BYTES {
            self.flush(out);
            self.progress(out);
        }
    }

    /// No more rows will come.
    pub(super) fn finish(mut self, out: &mut Vec<Frame>) {
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
                let cell = |item: &Item| Ok((item.name.clone(), scope.value(&item.expression)?));
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

fn part_cells(bytes: u64) -> Cells {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    vec![("_1".to_owned(), Value::Int(bytes))]
}

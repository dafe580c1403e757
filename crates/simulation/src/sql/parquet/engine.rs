//! Runs a query over a table.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use time::OffsetDateTime;

use super::super::column::Row;
use super::super::frame::Frame;
use super::super::parse::{self, Malformed};
use super::super::query::Query;
use super::super::request::Request;
use super::super::run::Run;
use super::failure::Failure;
use super::stored::Stored;
use super::table::Table;

/// How many rows a step reads at most.
const STEP: usize = 1024;

/// Runs one query. Call [`TableEngine::step`] as long as it says that there is more, and then [`TableEngine::finish`].
pub(crate) struct TableEngine {
    run: Run,
    query: Query,
    stored: Arc<dyn Stored>,
    table: Option<Table>,
}

impl TableEngine {
    /// For a blob, which is not looked at yet, at this time.
    ///
    /// # Errors
    /// The query is not one.
    pub(crate) fn new(
        request: &Request,
        stored: Arc<dyn Stored>,
        now: OffsetDateTime,
    ) -> Result<Self, Malformed> {
        Ok(Self {
            run: Run::new(request, stored.len(), now)?,
            query: parse::query(&request.expression)?,
            stored,
            table: None,
        })
    }

    /// Reads some rows. Says whether there may be more.
    ///
    /// # Errors
    /// The blob cannot be read. What is wrong with the table is told in a frame.
    pub(crate) fn step(&mut self, out: &mut Vec<Frame>) -> io::Result<bool> {
        self.run.begin(out);
        for _ in 0..STEP {
            if self.run.is_done() {
                return Ok(false);
            }
            match contained(|| self.next_row()) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(Failure::Io(error)) => return Err(error),
                Err(Failure::Problem(problem)) => {
                    self.run.report(&problem, 0);
                    return Ok(false);
                }
            }
            self.run.relieve(out);
            self.run.tell(out);
            if !out.is_empty() {
                break;
            }
        }
        Ok(true)
    }

    /// No more rows are wanted, or there are none.
    pub(crate) fn finish(self, out: &mut Vec<Frame>) {
        self.run.finish(out);
    }

    fn next_row(&mut self) -> Result<bool, Failure> {
        let table = match &mut self.table {
            Some(table) => table,
            none => none.insert(Table::open(self.stored.clone(), &self.query)?),
        };
        let found = table.next_row();
        self.run.scan(table.scanned());
        if found? {
            let row = Row::Table {
                header: table.header(),
                values: table.row(),
            };
            self.run.row(row, 0);
            return Ok(true);
        }
        Ok(false)
    }
}

/// The library's decoders are made for files that a program wrote, and panic on some that were made by hand to break them. Such a file is
/// broken, and that is all: after it nothing is read from the table any more, so that nothing half done is seen.
fn contained<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Failure::broken()))
}

impl fmt::Debug for TableEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableEngine")
            .field("run", &self.run)
            .finish_non_exhaustive()
    }
}

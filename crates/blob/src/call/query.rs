//! What a query takes.

use lazuli_protocol::xml::{QueryInput, QueryOutput};

use super::Call;
use crate::operations::QueryBlobContents;

impl Call<QueryBlobContents> {
    /// Says how the blob's content is written: [delimited text](lazuli_protocol::xml::DelimitedText), [JSON](lazuli_protocol::xml::JsonText) or
    /// [Parquet](QueryInput::Parquet). The service takes it as CSV without names of columns when this is not said.
    pub fn input(self, format: impl Into<QueryInput>) -> Self {
        self.with(|operation| operation.query.input = Some(format.into()))
    }

    /// Says how the answer is to be written: [delimited text](lazuli_protocol::xml::DelimitedText), [JSON](lazuli_protocol::xml::JsonText) or
    /// [Arrow](QueryOutput::Arrow); as the content is when this is not said, or as delimited text when that is Parquet.
    pub fn output(self, format: impl Into<QueryOutput>) -> Self {
        self.with(|operation| operation.query.output = Some(format.into()))
    }

    /// Asks a snapshot of the blob, by its id.
    pub fn snapshot(self, id: impl Into<String>) -> Self {
        self.with(|operation| operation.snapshot = Some(id.into()))
    }
}

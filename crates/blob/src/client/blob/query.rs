//! Asking a blob's content a question.

use super::BlobClient;
use crate::Call;
use crate::operations::QueryBlobContents;

impl BlobClient {
    /// Asks the blob's content a question in SQL
    /// ([Query Blob Contents](https://learn.microsoft.com/rest/api/storageservices/query-blob-contents)), so that only the answer crosses the wire.
    ///
    /// ```no_run
    /// use lazuli_protocol::xml::{DelimitedText, JsonText};
    ///
    /// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
    /// let answer = blob
    ///     .query("SELECT name, price FROM BlobStorage WHERE price > 100")
    ///     .input(DelimitedText::new().has_headers(true))
    ///     .output(JsonText::new())
    ///     .await?;
    /// let lines = answer.bytes().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(&self, expression: impl Into<String>) -> Call<QueryBlobContents> {
        let expression = expression.into();
        self.call(|container, blob| QueryBlobContents::new(container, blob, expression))
    }
}

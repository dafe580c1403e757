//! The answer to a query on its way in.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};
use lazuli_protocol::{self as protocol, ErrorKind, ResponseBody};

use super::event::Part;
use super::{QueryError, QueryEvent, QueryProgress};
use crate::avro::AvroReader;
use crate::{BlobProperties, Error};

/// The answer to a query, as it arrives.
///
/// Its data comes by [`next`](Self::next), [`into_stream`](Self::into_stream) or [`bytes`](Self::bytes). With them, a record that the service
/// could not read is an error, unless [`on_error`](Self::on_error) takes it: nothing is left out in silence. [`next_event`](Self::next_event) and
/// [`into_events`](Self::into_events) give all that comes, in its order.
///
/// The answer ends well only where the service says that it does. Dropping it cancels the query. At most 64 MiB of it are in memory at a
/// time.
///
/// ```no_run
/// # async fn example(blob: lazuli_blob::BlobClient) -> Result<(), lazuli_blob::Error> {
/// let mut answer = blob
///     .query("SELECT _1 FROM BlobStorage")
///     .await?
///     .on_progress(|progress| println!("{} of {} bytes", progress.bytes_scanned, progress.total_bytes))
///     .on_error(|error| println!("left out: {error}"));
/// while let Some(piece) = answer.next().await {
///     let piece = piece?;
///     // write it somewhere
/// }
/// # Ok(())
/// # }
/// ```
pub struct QueryResult {
    properties: BlobProperties,
    records: AvroReader<ResponseBody>,
    on_progress: Option<Box<dyn FnMut(QueryProgress) + Send>>,
    on_error: Option<Box<dyn FnMut(QueryError) + Send>>,
    done: bool,
}

impl QueryResult {
    pub(crate) fn new(properties: BlobProperties, body: ResponseBody) -> Self {
        Self {
            properties,
            records: AvroReader::new(body),
            on_progress: None,
            on_error: None,
            done: false,
        }
    }

    /// What the service says of the blob. It does not say how large it is: `content_length` is 0, and `content_type` is that of the
    /// answer's frames.
    #[must_use]
    pub fn properties(&self) -> &BlobProperties {
        &self.properties
    }

    /// Hears how far the query is while its data is taken.
    #[must_use]
    pub fn on_progress(mut self, listener: impl FnMut(QueryProgress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// Takes errors that did not end the query, which goes on then. Without a taker they end it.
    #[must_use]
    pub fn on_error(mut self, taker: impl FnMut(QueryError) + Send + 'static) -> Self {
        self.on_error = Some(Box::new(taker));
        self
    }

    /// The next thing that comes; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::Service`](crate::ErrorKind::Service) with a [`QueryError`] when the query failed, [`ErrorKind::Body`](crate::ErrorKind::Body) when the answer ends
    /// before it is whole, [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read. After an error there is
    /// nothing more.
    pub async fn next_event(&mut self) -> Option<Result<QueryEvent, Error>> {
        if self.done {
            return None;
        }
        let part = match self.part().await {
            Ok(Part::Event(QueryEvent::Error(error))) if error.fatal => Err(error.into_error()),
            Ok(Part::Event(event)) => return Some(Ok(event)),
            Ok(Part::End) => {
                self.done = true;
                return None;
            }
            Err(error) => Err(error),
        };
        self.done = true;
        Some(part)
    }

    async fn part(&mut self) -> Result<Part, Error> {
        let value = self.records.next().await?.ok_or_else(|| {
            let message =
                "the answer to the query ends before the service has said that it is whole; ask again";
            protocol::Error::new(ErrorKind::Body, message)
        })?;
        Ok(Part::read(value)?)
    }

    /// The next piece of data; `None` at the end. It ends anywhere, in the middle of a record too.
    ///
    /// # Errors
    /// As [`next_event`](Self::next_event), and for an error that did not end the query when nobody [takes](Self::on_error) it.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        loop {
            match self.next_event().await? {
                Ok(QueryEvent::Data(data)) if data.is_empty() => {}
                Ok(QueryEvent::Data(data)) => return Some(Ok(data)),
                Ok(QueryEvent::Progress(progress)) => {
                    if let Some(listener) = &mut self.on_progress {
                        listener(progress);
                    }
                }
                Ok(QueryEvent::Error(error)) => match &mut self.on_error {
                    Some(taker) => taker(error),
                    None => {
                        self.done = true;
                        return Some(Err(error.into_error()));
                    }
                },
                Ok(QueryEvent::Unknown(_)) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }

    /// All data, in memory.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next().await.transpose()? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    /// The data as a [`Stream`].
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send {
        stream::unfold(self, async |mut answer| {
            answer.next().await.map(|piece| (piece, answer))
        })
        .fuse()
    }

    /// All that comes, as a [`Stream`].
    pub fn into_events(self) -> impl Stream<Item = Result<QueryEvent, Error>> + Send {
        stream::unfold(self, async |mut answer| {
            answer.next_event().await.map(|event| (event, answer))
        })
        .fuse()
    }
}

impl fmt::Debug for QueryResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryResult")
            .field("properties", &self.properties)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

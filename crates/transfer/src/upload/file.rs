//! One file becomes one blob.

use std::path::Path;

use bytes::Bytes;
use lazuli_blob::{BlobClient, ContentHeaders};
use lazuli_protocol::xml::BlockLookupList;
use lazuli_protocol::{Checksum, Crc64, ErrorCode, EtagMatch};

use crate::blocks::{BlockIds, BlockPart, BlockPlan};
use crate::jobs::Jobs;
use crate::source::{Opened, SourceFile};
use crate::summary::{Check, Outcome, Summary};
use crate::{Error, ErrorKind, Event, Transfer, content_type};

impl Transfer {
    /// Writes a file to a blob.
    ///
    /// A file of up to [`block_bytes`](crate::Options::block_bytes) is sent in one request, a larger one in blocks side by side, which
    /// become the blob all at once. The blob gets a content type by the file's ending.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the file cannot be read, [`ErrorKind::Changed`] when it changes meanwhile, and what the service refuses.
    pub async fn upload_file(&self, source: &Path, blob: &BlobClient) -> Result<Summary, Error> {
        let work = async {
            let opened = SourceFile::open(source).await?;
            let bytes = match &opened {
                Opened::Small(content) => content.len() as u64,
                Opened::Large(file) => file.len(),
            };
            self.event(&Event::Found {
                name: blob.name(),
                bytes,
            });
            self.event(&Event::AllFound);
            self.upload_opened(opened, content_type::of(source), blob).await
        };
        self.alone(blob.name().to_owned(), work).await
    }

    pub(super) async fn upload(&self, source: &Path, blob: &BlobClient) -> Result<Outcome, Error> {
        self.upload_opened(SourceFile::open(source).await?, content_type::of(source), blob)
            .await
    }

    async fn upload_opened(
        &self,
        opened: Opened,
        content_type: Option<String>,
        blob: &BlobClient,
    ) -> Result<Outcome, Error> {
        let mut headers = ContentHeaders::default();
        headers.content_type = content_type;
        let in_blocks = matches!(&opened, Opened::Large(file) if file.len() > self.options().block_bytes);
        // The commit has the last word; this only saves sending what would be refused. Who may write but not look finds out then.
        if in_blocks && !self.options().overwrite && self.exists(blob).await {
            return Ok(Outcome::Skipped);
        }
        let sent = match opened {
            Opened::Small(content) => self.put_small(content, headers, blob).await,
            Opened::Large(file) if in_blocks => self.put_blocks(&file, headers, blob).await,
            Opened::Large(file) => self.put_whole(&file, headers, blob).await,
        };
        match sent {
            Ok(bytes) => Ok(Outcome::Moved {
                bytes,
                check: Check::Crc64,
            }),
            Err(error)
                if !self.options().overwrite && error.code() == Some(&ErrorCode::BlobAlreadyExists) =>
            {
                Ok(Outcome::Skipped)
            }
            Err(error) => Err(error),
        }
    }

    async fn put_small(
        &self,
        content: Bytes,
        headers: ContentHeaders,
        blob: &BlobClient,
    ) -> Result<u64, Error> {
        let crc = Crc64::of(&content);
        let bytes = content.len() as u64;
        self.put(content.into(), crc, headers, blob).await?;
        self.event(&Event::Moved { bytes });
        Ok(bytes)
    }

    async fn put_whole(
        &self,
        file: &SourceFile,
        headers: ContentHeaders,
        blob: &BlobClient,
    ) -> Result<u64, Error> {
        let crc = file.crc64(0, file.len()).await?;
        file.check_unchanged().await?;
        self.put(file.part(0, file.len()), crc, headers, blob).await?;
        self.event(&Event::Moved { bytes: file.len() });
        Ok(file.len())
    }

    async fn put(
        &self,
        body: lazuli_protocol::Body,
        crc: Crc64,
        headers: ContentHeaders,
        blob: &BlobClient,
    ) -> Result<(), Error> {
        let call = blob.upload(body).checksum(Checksum::Crc64(crc)).headers(headers);
        let call = if self.options().overwrite {
            call
        } else {
            call.if_none_match(EtagMatch::Any)
        };
        let _leave = self.request().await;
        let written = call.await?;
        arrived_as(crc, written.content_crc64)
    }

    async fn put_blocks(
        &self,
        file: &SourceFile,
        headers: ContentHeaders,
        blob: &BlobClient,
    ) -> Result<u64, Error> {
        let plan = BlockPlan::new(file.len(), self.options().block_bytes)?;
        let ids = self.random(BlockIds::new);
        let mut jobs = Jobs::new(self.options().requests);
        for part in plan.parts() {
            let (engine, file, blob) = (self.clone(), file.clone(), blob.clone());
            let job = async move { engine.put_block(&file, part, ids, &blob).await };
            if let Some(ended) = jobs.start(job).await {
                ended??;
            }
        }
        while let Some(ended) = jobs.next().await {
            ended??;
        }
        file.check_unchanged().await?;
        let list = plan
            .parts()
            .map(|part| ids.id(part.index))
            .collect::<Result<Vec<_>, _>>()?;
        let call = blob
            .put_block_list(BlockLookupList::latest(list))
            .headers(headers);
        let call = if self.options().overwrite {
            call
        } else {
            call.if_none_match(EtagMatch::Any)
        };
        let _leave = self.request().await;
        call.await?;
        Ok(file.len())
    }

    async fn put_block(
        &self,
        file: &SourceFile,
        part: BlockPart,
        ids: BlockIds,
        blob: &BlobClient,
    ) -> Result<(), Error> {
        let _leave = self.request().await;
        let crc = file.crc64(part.offset, part.len).await?;
        let call = blob.put_block(ids.id(part.index)?, file.part(part.offset, part.len));
        let put = call.checksum(Checksum::Crc64(crc)).await?;
        arrived_as(crc, put.content_crc64)?;
        self.event(&Event::Moved { bytes: part.len });
        Ok(())
    }

    async fn exists(&self, blob: &BlobClient) -> bool {
        let _leave = self.request().await;
        blob.properties().await.is_ok()
    }
}

// The service checks what it was told to expect; where it says what it got, that is held against it once more.
fn arrived_as(sent: Crc64, arrived: Option<Crc64>) -> Result<(), Error> {
    if arrived.is_none_or(|arrived| arrived == sent) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::ChecksumMismatch,
        "the service acknowledged other content than was sent; try again",
    ))
}

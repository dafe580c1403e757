//! One blob becomes one file.

use std::path::Path;

use lazuli_blob::{BlobClient, BlobProperties};

use super::destination::{Destination, Links};
use super::partial::PartialFile;
use super::range::{self, First, Target, Wanted};
use crate::jobs::Jobs;
use crate::summary::{Check, Outcome, Summary};
use crate::{Error, ErrorKind, Event, Transfer};

impl Transfer {
    /// Writes a blob to a file, in place of a file that is there, whose permissions it keeps. A link is followed; what is neither is not
    /// replaced.
    ///
    /// The blob is read in ranges of 4 MiB side by side, all of one state of it, and has its final name when the last one is checked. The
    /// folder of `destination` must be there.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the file cannot be written, [`ErrorKind::Changed`] when the blob changes meanwhile,
    /// [`ErrorKind::ChecksumMismatch`] when what arrives stays damaged, and what the service refuses.
    pub async fn download_file(&self, blob: &BlobClient, destination: &Path) -> Result<Summary, Error> {
        let work = self.download(blob, destination, Links::Follow, |bytes| {
            self.event(&Event::Found {
                name: blob.name(),
                bytes,
            });
            self.event(&Event::AllFound);
        });
        self.alone(blob.name().to_owned(), work).await
    }

    pub(super) async fn download(
        &self,
        blob: &BlobClient,
        destination: &Path,
        links: Links,
        found: impl FnOnce(u64) + Send,
    ) -> Result<Outcome, Error> {
        let Some(destination) = Destination::look(destination, links, self.options()).await? else {
            return Ok(Outcome::Skipped);
        };
        let leave = self.request().await;
        let nonce = self.random(|rng| rng.u64(..));
        let download = match self.first_range(blob).await? {
            First::Range(download) => download,
            First::Empty => {
                found(0);
                let finished = PartialFile::create(destination, 0, nonce).await?.finish().await?;
                return Ok(moved(finished, 0, Check::Crc64));
            }
        };
        let properties = download.properties().clone();
        let bytes = properties.content_length;
        found(bytes);
        let partial = PartialFile::create(destination, bytes, nonce).await?;
        let target = Target::Disk(partial.writer());
        let check = self
            .fetch(&range::first(blob, &properties), Some(download), &target)
            .await?
            .check;
        drop(leave);
        let rest = self.fetch_rest(range::rest(blob, &properties), &target).await?;
        let check = checked(check.max(rest), &properties, &partial).await?;
        let finished = partial.finish().await?;
        Ok(moved(finished, bytes, check))
    }

    async fn fetch_rest(
        &self,
        ranges: impl Iterator<Item = Wanted>,
        target: &Target,
    ) -> Result<Check, Error> {
        let mut weakest = Check::Crc64;
        let mut jobs = Jobs::new(self.options().requests);
        for wanted in ranges {
            let (engine, target) = (self.clone(), target.clone());
            let job = async move {
                let _leave = engine.request().await;
                engine.fetch(&wanted, None, &target).await
            };
            if let Some(ended) = jobs.start(job).await {
                weakest = weakest.max(ended??.check);
            }
        }
        while let Some(ended) = jobs.next().await {
            weakest = weakest.max(ended??.check);
        }
        Ok(weakest)
    }
}

// Where a range came without a checksum, the MD5 of the whole stands in, if the blob keeps one.
async fn checked(check: Check, properties: &BlobProperties, partial: &PartialFile) -> Result<Check, Error> {
    let (Check::Length, Some(expected)) = (check, properties.content_md5) else {
        return Ok(check);
    };
    if partial.md5().await? == expected {
        return Ok(Check::Md5);
    }
    let message = "what arrived does not have the MD5 that is kept with the blob; nothing was written, try again, and if it stays so the \
                   blob or its MD5 is damaged";
    Err(Error::new(ErrorKind::ChecksumMismatch, message))
}

// What was not given its name gave way to something that is to be kept.
fn moved(finished: bool, bytes: u64, check: Check) -> Outcome {
    if finished {
        Outcome::Moved { bytes, check }
    } else {
        Outcome::Skipped
    }
}

//! The pages of one column in one group of rows, for the library to take the values out of.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{CompressionCodec, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

use super::failure::Failure;
use super::held::{Held, Share};
use super::page_header::{self, PageHeader, PageKind};
use super::stored::Stored;
use super::{codec, delta};

/// How much is read to see a page's header, and how much at most: it has the least and the greatest value in it.
const HEADER_BYTES: usize = 4 * 1024;
const HEADER_BYTES_MAX: usize = 1024 * 1024;
/// What a value of a dictionary takes beside its bytes.
const DICTIONARY_VALUE: u64 = 32;
/// What the lengths of a value take, where they are read before the values.
const LENGTHS: u64 = 8;

/// Reads page after page.
pub(super) struct Pages {
    stored: Arc<dyn Stored>,
    at: u64,
    end: u64,
    codec: CompressionCodec,
    /// Values may be made of the ones before them, and so be far longer than their bytes.
    may_share: bool,
    /// Whether the column can have nulls.
    has_levels: bool,
    held: Held,
    dictionary: Option<Share>,
    page: Option<Share>,
}

impl Pages {
    /// # Errors
    /// The column is not where it is said to be, or packed in a way that is not read.
    pub(super) fn new(
        chunk: &ColumnChunkMetaData,
        stored: Arc<dyn Stored>,
        held: Held,
    ) -> std::result::Result<Self, Failure> {
        if chunk.file_path().is_some() {
            return Err(Failure::table("The Parquet file has columns in other files."));
        }
        codec::check(chunk.compression_codec())?;
        let place = |offset: i64| u64::try_from(offset).map_err(|_| Failure::broken());
        // Some writers say that there is a dictionary at 0.
        let dictionary = chunk.dictionary_page_offset().filter(|offset| *offset > 0);
        let data = chunk.data_page_offset();
        let at = place(dictionary.map_or(data, |dictionary| dictionary.min(data)))?;
        let end = at.checked_add(place(chunk.compressed_size())?);
        let end = end
            .filter(|end| *end <= stored.len())
            .ok_or_else(Failure::broken)?;
        Ok(Self {
            stored,
            at,
            end,
            codec: chunk.compression_codec(),
            may_share: shares(chunk),
            has_levels: chunk.column_descr().max_def_level() > 0,
            held,
            dictionary: None,
            page: None,
        })
    }

    fn next_page(&mut self) -> std::result::Result<Option<Page>, Failure> {
        while self.at < self.end {
            let header = self.header()?;
            let packed = u64::try_from(header.packed).map_err(|_| Failure::broken())?;
            let body_at = self.at;
            self.at = body_at.checked_add(packed).ok_or_else(Failure::broken)?;
            if self.at > self.end {
                return Err(Failure::broken());
            }
            if header.kind == PageKind::Other {
                continue;
            }
            let share = self.share(&header)?;
            let body = self.stored.read(body_at, header.packed)?;
            let page = self.page(&header, &body).ok_or_else(Failure::broken)?;
            match header.kind {
                PageKind::Dictionary { .. } => self.dictionary = Some(share),
                _ => self.page = Some(share),
            }
            return Ok(Some(page));
        }
        Ok(None)
    }

    /// Reads a header, and goes to what is behind it.
    fn header(&mut self) -> std::result::Result<PageHeader, Failure> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        for most in [HEADER_BYTES, HEADER_BYTES_MAX] {
            let window = self.stored.read(self.at, left.min(most))?;
            if let Some((header, len)) = page_header::read(&window) {
                let len = u64::try_from(len).map_err(|_| Failure::broken())?;
                self.at = self.at.saturating_add(len);
                return Ok(header);
            }
            if left <= most {
                break;
            }
        }
        Err(Failure::broken())
    }

    /// What the page takes, packed and unpacked: both are there for a while. The page before goes.
    fn share(&mut self, header: &PageHeader) -> std::result::Result<Share, Failure> {
        let extra = match header.kind {
            PageKind::Dictionary { values } => u64::from(values).saturating_mul(DICTIONARY_VALUE),
            PageKind::Data { values, encoding, .. } | PageKind::Data2 { values, encoding, .. }
                if has_lengths(encoding) =>
            {
                u64::from(values).saturating_mul(LENGTHS)
            }
            _ => 0,
        };
        self.page = None;
        let both = [header.packed, header.unpacked];
        let both = both.map(|bytes| u64::try_from(bytes).unwrap_or(u64::MAX));
        let all = both.into_iter().fold(extra, u64::saturating_add);
        self.held.take(all)
    }

    /// None if the page is not what its header says.
    fn page(&self, header: &PageHeader, body: &Bytes) -> Option<Page> {
        Some(match header.kind {
            PageKind::Other => return None,
            PageKind::Dictionary { values } => Page::DictionaryPage {
                buf: codec::unpack(self.codec, body, header.unpacked)?,
                num_values: values,
                encoding: Encoding::PLAIN,
                is_sorted: false,
            },
            PageKind::Data {
                values,
                encoding,
                levels,
            } => {
                let buf = codec::unpack(self.codec, body, header.unpacked)?;
                let levels_end = if self.has_levels { first_levels(&buf)? } else { 0 };
                self.check(encoding, buf.get(levels_end..)?, values)?;
                Page::DataPage {
                    buf,
                    num_values: values,
                    encoding,
                    def_level_encoding: (levels == Encoding::RLE).then_some(levels)?,
                    rep_level_encoding: Encoding::RLE,
                    statistics: None,
                }
            }
            PageKind::Data2 {
                values,
                encoding,
                nulls,
                rows,
                definitions,
                repetitions,
                is_packed,
            } => {
                let levels_end = usize::try_from(definitions.checked_add(repetitions)?).ok()?;
                let (levels, packed) = body.split_at_checked(levels_end)?;
                let unpacked = header.unpacked.checked_sub(levels_end)?;
                let codec = if is_packed {
                    self.codec
                } else {
                    CompressionCodec::UNCOMPRESSED
                };
                let unpacked = codec::unpack(codec, &body.slice_ref(packed), unpacked)?;
                self.check(encoding, &unpacked, values)?;
                Page::DataPageV2 {
                    buf: [levels, &unpacked].concat().into(),
                    num_values: values,
                    encoding,
                    num_nulls: nulls,
                    num_rows: rows,
                    def_levels_byte_len: definitions,
                    rep_levels_byte_len: repetitions,
                    is_compressed: false,
                    statistics: None,
                }
            }
        })
    }

    fn check(&self, encoding: Encoding, values: &[u8], count: u32) -> Option<()> {
        let allowed = encoding != Encoding::DELTA_BYTE_ARRAY || self.may_share;
        (allowed && delta::is_plausible(encoding, values, count)).then_some(())
    }
}

/// Whether a column's values may share bytes with the ones before them.
pub(super) fn shares(chunk: &ColumnChunkMetaData) -> bool {
    let mut encodings = chunk.encodings();
    encodings.any(|encoding| encoding == Encoding::DELTA_BYTE_ARRAY)
        && matches!(chunk.column_type(), Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY)
}

fn has_lengths(encoding: Encoding) -> bool {
    matches!(
        encoding,
        Encoding::DELTA_BYTE_ARRAY | Encoding::DELTA_LENGTH_BYTE_ARRAY
    )
}

/// Where the levels end: they have their length before them.
fn first_levels(page: &[u8]) -> Option<usize> {
    let len = page.first_chunk().copied().map(u32::from_le_bytes)?;
    usize::try_from(len).ok()?.checked_add(4)
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Result<Page>> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.next_page().map_err(ParquetError::from)
    }

    // Rows are neither skipped nor split over pages here, which is what these two are for.
    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(ParquetError::NYI("pages are read one after the other".to_owned()))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(ParquetError::NYI("pages are read one after the other".to_owned()))
    }
}

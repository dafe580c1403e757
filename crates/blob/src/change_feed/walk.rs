//! The way through the log: segment after segment, up to the last that may be read.

use futures_util::TryStreamExt as _;
use lazuli_protocol::xml::ListBlobsEntry;
use time::{Duration, OffsetDateTime};

use super::cursor::Within;
use super::log::Log;
use super::segment::{Listing, Segment};
use super::{ChangeFeedCursor, ChangeFeedEvent, gone, manifest};
use crate::Error;

/// How long a segment is.
const SEGMENT: Duration = Duration::HOUR;
/// How far past the ends of its segment the service may put an event.
const BLUR: Duration = Duration::minutes(15);

/// The times that events are wanted of: from the first on, and before the second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    pub(super) from: Option<OffsetDateTime>,
    pub(super) until: Option<OffsetDateTime>,
}

impl Window {
    fn holds(&self, at: OffsetDateTime) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }

    /// The begin after which segments may have events of the window.
    fn first(&self) -> Option<OffsetDateTime> {
        self.from?.checked_sub(SEGMENT)?.checked_sub(BLUR)
    }

    /// Whether a segment, and with it all that follow, is too late to have any.
    fn is_over(&self, begin: OffsetDateTime) -> bool {
        let end = self.until.and_then(|until| until.checked_add(BLUR));
        end.is_some_and(|end| end <= begin)
    }
}

/// A step on the way.
#[derive(Debug)]
pub(super) enum Step {
    /// An event, and the place after it.
    Event(Box<ChangeFeedEvent>, ChangeFeedCursor),
    /// The end of a segment.
    Moved(ChangeFeedCursor),
}

/// Where the next segment is looked for.
#[derive(Clone, Debug)]
enum Start {
    First,
    /// After this begin.
    After(OffsetDateTime),
    /// At this begin exactly, and at a place in it.
    Within(OffsetDateTime, Within),
}

pub(super) struct Walk {
    log: Log,
    window: Window,
    start: Start,
    /// The last segment that may be read, as far as is known.
    horizon: Option<OffsetDateTime>,
    segments: Option<Listing<OffsetDateTime>>,
    segment: Option<Segment>,
}

impl Walk {
    pub(super) fn new(log: Log, window: Window, cursor: Option<ChangeFeedCursor>) -> Self {
        let start = match cursor {
            Some(ChangeFeedCursor {
                segment,
                within: Some(within),
            }) => Start::Within(segment, within),
            Some(ChangeFeedCursor {
                segment,
                within: None,
            }) => Start::After(segment),
            None => window.first().map_or(Start::First, Start::After),
        };
        Self {
            log,
            window,
            start,
            horizon: None,
            segments: None,
            segment: None,
        }
    }

    /// The next step; `None` where the log has no more that may be read.
    pub(super) async fn next(&mut self) -> Result<Option<Step>, Error> {
        loop {
            if let Some(segment) = &mut self.segment {
                while let Some((event, cursor)) = segment.next(&self.log).await? {
                    if self.window.holds(event.event_time) {
                        return Ok(Some(Step::Event(Box::new(event), cursor)));
                    }
                }
                let begin = segment.begin;
                self.segment = None;
                self.start = Start::After(begin);
                return Ok(Some(Step::Moved(ChangeFeedCursor {
                    segment: begin,
                    within: None,
                })));
            }
            self.segment = self.next_segment().await?;
            if self.segment.is_none() {
                return Ok(None);
            }
        }
    }

    async fn next_segment(&mut self) -> Result<Option<Segment>, Error> {
        let Some(begin) = self.next_begin().await? else {
            return Ok(None);
        };
        let Some(shards) = manifest::shards(&self.log, begin).await? else {
            return Ok(None);
        };
        let resume = match std::mem::replace(&mut self.start, Start::First) {
            Start::Within(_, within) => Some(within),
            _ => None,
        };
        Segment::open(begin, shards, resume).map(Some)
    }

    /// When the next segment begins that may be read and is wanted.
    async fn next_begin(&mut self) -> Result<Option<OffsetDateTime>, Error> {
        loop {
            let (Some(horizon), Some(segments)) = (self.horizon, &mut self.segments) else {
                // Once more after the last segment: a long reading may find that the log has grown.
                let horizon = manifest::last_consumable(&self.log).await?;
                if self.horizon.is_some_and(|known| horizon <= known) {
                    return Ok(None);
                }
                self.horizon = Some(horizon);
                self.segments = Some(self.list());
                continue;
            };
            let found = segments.try_next().await?;
            if let Start::Within(wanted, _) = &self.start
                && found != Some(*wanted)
            {
                return Err(gone("segment", &manifest::folder(*wanted)).into());
            }
            match found.filter(|begin| *begin <= horizon) {
                Some(begin) if self.window.is_over(begin) => return Ok(None),
                Some(begin) => return Ok(Some(begin)),
                None => self.segments = None,
            }
        }
    }

    /// The segments from the start on, in order.
    fn list(&self) -> Listing<OffsetDateTime> {
        let start = self.start.clone();
        let mut list = self.log.list(manifest::SEGMENTS);
        if let Start::After(begin) | Start::Within(begin, _) = start {
            list = list.start_from(manifest::folder(begin));
        }
        // Not every server knows where to start, so the names are asked too.
        let wanted = move |begin: &OffsetDateTime| match &start {
            Start::First => true,
            Start::After(after) => begin > after,
            Start::Within(at, _) => begin >= at,
        };
        Box::pin(list.items().try_filter_map(move |entry| {
            let begin = match entry {
                ListBlobsEntry::Blob(blob) => manifest::begin(&blob.name),
                _ => None,
            };
            std::future::ready(Ok(begin.filter(&wanted)))
        }))
    }
}

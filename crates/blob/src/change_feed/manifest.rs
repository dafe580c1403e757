//! The small files of the log that say which others there are.

use std::sync::Arc;

use lazuli_protocol::Error as ProtocolError;
use lazuli_protocol::xml::parse_iso8601;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::log::Log;
use super::{CONTAINER, unreadable};
use crate::Error;

/// Where the manifests of segments are.
pub(super) const SEGMENTS: &str = "idx/segments/";
/// They have well under a kibibyte, and a path of 50 bytes for each shard.
const LIMIT: u64 = 1 << 20;

/// The service keeps an empty segment of this year, from when it set the log up.
const NEVER: i32 = 1601;

#[derive(Deserialize)]
struct Consumable {
    #[serde(rename = "lastConsumable")]
    last: String,
}

#[derive(Deserialize)]
struct Segment {
    status: String,
    #[serde(rename = "chunkFilePaths", default)]
    shards: Vec<String>,
}

/// When the last segment begins that may be read.
pub(super) async fn last_consumable(log: &Log) -> Result<OffsetDateTime, Error> {
    let name = "meta/segments.json";
    let Consumable { last } = read(log, name).await?;
    Ok(parse_iso8601(&last)
        .map_err(|source| unreadable(name, "lastConsumable is no time").with_source(source))?)
}

/// The shards of the segment that begins at `begin`: in which folders its events are. `None` while the service still adds to it.
pub(super) async fn shards(log: &Log, begin: OffsetDateTime) -> Result<Option<Vec<Arc<str>>>, Error> {
    let segment: Segment = read(log, &format!("{}meta.json", folder(begin))).await?;
    if segment.status != "Finalized" {
        return Ok(None);
    }
    let within = |path: String| {
        let path = path
            .strip_prefix(CONTAINER)
            .unwrap_or(&path)
            .trim_start_matches('/');
        let end = if path.ends_with('/') { "" } else { "/" };
        format!("{path}{end}").into()
    };
    Ok(Some(segment.shards.into_iter().map(within).collect()))
}

/// The folder of a segment's manifest.
pub(super) fn folder(begin: OffsetDateTime) -> String {
    let begin = begin.checked_to_offset(UtcOffset::UTC).unwrap_or(begin);
    let (year, month, day) = (begin.year(), u8::from(begin.month()), begin.day());
    let (hour, minute, _) = begin.to_hms();
    format!("{SEGMENTS}{year:04}/{month:02}/{day:02}/{hour:02}{minute:02}/")
}

/// When the segment begins whose manifest this is; `None` for other files, and for the segment that never was.
pub(super) fn begin(name: &str) -> Option<OffsetDateTime> {
    let path = name.strip_prefix(SEGMENTS)?.strip_suffix("/meta.json")?;
    let mut parts = path.split('/');
    let date = Date::from_calendar_date(
        parts.next()?.parse().ok()?,
        Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?,
        parts.next()?.parse().ok()?,
    );
    let (hour, minute) = parts.next()?.split_at_checked(2)?;
    let time = Time::from_hms(hour.parse().ok()?, minute.parse().ok()?, 0).ok()?;
    let date = date.ok().filter(|date| date.year() > NEVER)?;
    parts.next().is_none().then(|| date.with_time(time).assume_utc())
}

async fn read<T: DeserializeOwned>(log: &Log, name: &str) -> Result<T, Error> {
    let download = log.read(name).await?;
    if download.content_length() > LIMIT {
        return Err(unreadable(name, format!("it has more than {LIMIT} bytes")).into());
    }
    let bytes = download.bytes().await?;
    // The service's own files start without a byte order mark; editors add one.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let not_json =
        |source| ProtocolError::with_source(unreadable(name, "it is not the JSON that it must be"), source);
    serde_json::from_slice(bytes).map_err(|source| not_json(source).into())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn paths_are_times_and_times_paths() {
        let at = datetime!(2019-02-22 18:10 UTC);
        assert_eq!(folder(at), "idx/segments/2019/02/22/1810/");
        assert_eq!(folder(datetime!(2019-02-22 20:10 +2)), folder(at));
        assert_eq!(begin("idx/segments/2019/02/22/1810/meta.json"), Some(at));
        for other in [
            "idx/segments/1601/01/01/0000/meta.json",
            "idx/segments/2019/02/22/1810/other.json",
            "idx/segments/2019/02/30/1810/meta.json",
            "idx/segments/2019/02/22/2510/meta.json",
            "idx/segments/2019/02/22/é/meta.json",
            "idx/segments/2019/02/22/1810/1/meta.json",
            "idx/segments/2019/02/meta.json",
            "log/00/2019/02/22/1810/00000.avro",
        ] {
            assert_eq!(begin(other), None, "{other}");
        }
    }
}

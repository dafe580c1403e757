//! How the copy of an account in its second region stands: the body that Get Blob Service Stats answers.

use time::OffsetDateTime;

use super::XmlReader;
use super::cell;
use crate::{Error, GeoReplicationStatus};

/// The statistics of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceStats {
    /// How the second region stands.
    pub geo_replication: Option<GeoReplication>,
}

/// How the copy in the second region stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeoReplication {
    /// Whether it is kept up.
    pub status: Option<GeoReplicationStatus>,
    /// All that was written to the primary before this can be read from the secondary. `None` while that is not known.
    pub last_sync_time: Option<OffsetDateTime>,
}

impl ServiceStats {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("StorageServiceStats")?;
        let mut stats = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "GeoReplication" => stats.geo_replication = Some(geo_replication(&mut reader)?),
                _ => reader.skip()?,
            }
        }
        Ok(stats)
    }
}

fn geo_replication(reader: &mut XmlReader<'_>) -> Result<GeoReplication, Error> {
    let mut geo = GeoReplication::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Status" => geo.status = cell::read(reader)?,
            "LastSyncTime" => geo.last_sync_time = cell::read(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(geo)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_answer_is_read() {
        let xml = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><StorageServiceStats><GeoReplication><Status>live</Status>\
                   <LastSyncTime>Thu, 16 Dec 2021 22:00:08 GMT</LastSyncTime></GeoReplication></StorageServiceStats>";
        let geo = ServiceStats::parse(xml.as_bytes())
            .unwrap()
            .geo_replication
            .unwrap();
        assert_eq!(geo.status, Some(GeoReplicationStatus::Live));
        assert_eq!(geo.last_sync_time, Some(datetime!(2021-12-16 22:00:08 UTC)));
    }

    #[test]
    fn a_time_that_is_not_known_is_left_out() {
        let xml = b"<StorageServiceStats><GeoReplication><Status>bootstrap</Status><LastSyncTime /></GeoReplication></StorageServiceStats>";
        let geo = ServiceStats::parse(xml).unwrap().geo_replication.unwrap();
        assert_eq!(geo.status, Some(GeoReplicationStatus::Bootstrap));
        assert_eq!(geo.last_sync_time, None);
        assert!(ServiceStats::parse(b"<Stats/>").is_err());
    }
}

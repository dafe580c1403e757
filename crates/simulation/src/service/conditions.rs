//! Reading the conditional headers.

use http::{HeaderName, header};
use lazuli_protocol::{ErrorCode, header as names, parse_rfc1123};

use super::call::Call;
use super::refusal::Refusal;
use crate::state::{Access, Conditions, Tags, Timestamp};

/// The headers that conditions stand in, and those of the dates as errors name them.
struct Names([HeaderName; 4], [&'static str; 2]);

static OF_THE_RESOURCE: Names = Names(
    [
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ],
    ["If-Modified-Since", "If-Unmodified-Since"],
);

static OF_TAGS: Names = Names(
    [
        names::BLOB_IF_MATCH,
        names::BLOB_IF_NONE_MATCH,
        names::BLOB_IF_MODIFIED_SINCE,
        names::BLOB_IF_UNMODIFIED_SINCE,
    ],
    ["x-ms-blob-if-modified-since", "x-ms-blob-if-unmodified-since"],
);

impl Call {
    /// The conditions of a read: any of them, with any number of tags.
    pub(super) fn read_conditions(&self) -> Result<Conditions, Box<Refusal>> {
        let conditions = self.conditions()?;
        if conditions.if_none_match == Some(Tags::Any) {
            return Err(ErrorCode::UnsatisfiableCondition.into());
        }
        Ok(conditions)
    }

    /// The conditions of a write: one tag, and beside it the date of the same sense only.
    pub(super) fn write_conditions(&self) -> Result<Conditions, Box<Refusal>> {
        let conditions = self.conditions()?;
        let many = |tags: &Option<Tags>| matches!(tags, Some(Tags::Some(tags)) if tags.len() > 1);
        let crossed = (conditions.if_match.is_some() && conditions.if_none_match.is_some())
            || (conditions.if_match.is_some() && conditions.if_modified_since.is_some())
            || (conditions.if_none_match.is_some() && conditions.if_unmodified_since.is_some())
            || (conditions.if_modified_since.is_some() && conditions.if_unmodified_since.is_some());
        if crossed || many(&conditions.if_match) || many(&conditions.if_none_match) {
            return Err(ErrorCode::MultipleConditionHeadersNotSupported.into());
        }
        Ok(conditions)
    }

    /// The conditions of an operation on a container: dates only.
    pub(super) fn container_conditions(&self) -> Result<Conditions, Box<Refusal>> {
        let conditions = self.conditions()?;
        if conditions.if_match.is_some() || conditions.if_none_match.is_some() {
            return Err(ErrorCode::ConditionHeadersNotSupported.into());
        }
        Ok(conditions)
    }

    /// What Get Blob Tags shows and asks: its conditions stand in headers of their own.
    pub(super) fn tag_read_access(&self) -> Result<Access, Box<Refusal>> {
        Ok(Access {
            conditions: self.conditions_in(&OF_TAGS)?,
            lease: self.lease_id()?,
            tags: self.tag_condition()?,
        })
    }

    /// What Set Blob Tags shows and asks.
    pub(super) fn tag_write_access(&self) -> Result<Access, Box<Refusal>> {
        self.tag_read_access()
    }

    fn conditions(&self) -> Result<Conditions, Box<Refusal>> {
        self.conditions_in(&OF_THE_RESOURCE)
    }

    fn conditions_in(&self, names: &Names) -> Result<Conditions, Box<Refusal>> {
        let [if_match, if_none_match, if_modified_since, if_unmodified_since] = &names.0;
        let [modified, unmodified] = names.1;
        Ok(Conditions {
            if_match: self.tags(if_match)?,
            if_none_match: self.tags(if_none_match)?,
            if_modified_since: self.date(if_modified_since, modified)?,
            if_unmodified_since: self.date(if_unmodified_since, unmodified)?,
        })
    }

    fn tags(&self, name: &HeaderName) -> Result<Option<Tags>, Box<Refusal>> {
        // A header that comes several times is one list.
        let mut lines = Vec::new();
        for line in self.parts.headers.get_all(name) {
            let shown = || Refusal::bad_header(name.as_str(), &String::from_utf8_lossy(line.as_bytes()));
            lines.push(line.to_str().map_err(|_| shown())?.trim());
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let value = lines.join(",");
        if value == "*" {
            return Ok(Some(Tags::Any));
        }
        let bare = |tag: &str| -> Box<str> {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag.strip_prefix('"')
                .and_then(|tag| tag.strip_suffix('"'))
                .unwrap_or(tag)
                .into()
        };
        Ok(Some(Tags::Some(value.split(',').map(bare).collect())))
    }

    pub(super) fn date(&self, name: &HeaderName, shown: &str) -> Result<Option<i64>, Box<Refusal>> {
        let Some(value) = self.header(name)? else {
            return Ok(None);
        };
        let date = parse_rfc1123(value).map_err(|_| Refusal::bad_header(shown, value))?;
        Ok(Some(Timestamp::from(date).seconds()))
    }
}

//! Reading the conditional headers.

use http::{HeaderName, header};
use lazuli_protocol::{ErrorCode, parse_rfc1123};

use super::call::Call;
use super::refusal::Refusal;
use crate::state::{Conditions, Tags, Timestamp};

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

    fn conditions(&self) -> Result<Conditions, Box<Refusal>> {
        Ok(Conditions {
            if_match: self.tags(&header::IF_MATCH)?,
            if_none_match: self.tags(&header::IF_NONE_MATCH)?,
            if_modified_since: self.date(&header::IF_MODIFIED_SINCE, "If-Modified-Since")?,
            if_unmodified_since: self.date(&header::IF_UNMODIFIED_SINCE, "If-Unmodified-Since")?,
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

    fn date(&self, name: &HeaderName, shown: &str) -> Result<Option<i64>, Box<Refusal>> {
        let Some(value) = self.header(name)? else {
            return Ok(None);
        };
        let date = parse_rfc1123(value).map_err(|_| Refusal::bad_header(shown, value))?;
        Ok(Some(Timestamp::from(date).seconds()))
    }
}

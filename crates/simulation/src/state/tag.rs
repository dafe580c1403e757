//! The ETags that the simulation gives out.

use std::fmt;

use super::Timestamp;

/// The identity of one state of a resource. Later changes have greater tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag(u64);

impl Tag {
    /// Smaller than every tag that is given out.
    pub(crate) const ZERO: Self = Self(0);

    pub(crate) fn from_number(number: u64) -> Self {
        Self(number)
    }

    pub(crate) fn number(self) -> u64 {
        self.0
    }

    /// The tag of a change at this time, after the change that had this tag: the time, as the service does it, unless the clock
    /// stands still or goes back.
    pub(crate) fn next(self, now: Timestamp) -> Self {
        Self(now.ticks_since_year_one().max(self.0.saturating_add(1)))
    }

    /// The tag just after this one.
    pub(crate) fn following(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The tag just before this one.
    pub(crate) fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// In double quotes, as headers and the list of containers have it.
    pub(crate) fn quoted(self) -> String {
        format!("\"{self}\"")
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:015X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn tags_look_like_those_of_the_service_and_only_grow() {
        let now = Timestamp::from(datetime!(2023-01-27 22:27:27 UTC));
        let first = Tag::ZERO.next(now);
        assert_eq!(first.quoted(), "\"0x8DB00B5AB88B180\"");
        assert_eq!(first.to_string().len(), 17);
        let second = first.next(now);
        assert!(second > first);
        let earlier = Timestamp::from(datetime!(2020-01-01 0:00 UTC));
        assert!(second.next(earlier) > second);
    }
}

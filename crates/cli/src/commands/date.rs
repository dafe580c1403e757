//! Dates for people and for programs, in UTC.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

/// `2026-06-26 23:39:12`, or a dash where the service gave none.
pub(super) fn text(date: Option<OffsetDateTime>) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    date.and_then(|date| date.format(format).ok())
        .unwrap_or_else(|| "-".to_owned())
}

/// `2026-06-26T23:39:12Z`.
pub(super) fn json(date: Option<OffsetDateTime>) -> Option<String> {
    date.and_then(|date| date.format(&Rfc3339).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn both_ways() {
        let date = Some(datetime!(2026-06-26 23:39:12 UTC));
        assert_eq!(text(date), "2026-06-26 23:39:12");
        assert_eq!(json(date).as_deref(), Some("2026-06-26T23:39:12Z"));
        assert_eq!((text(None), json(None)), ("-".to_owned(), None));
    }
}

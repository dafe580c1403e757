//! The formats of `TO_STRING`: runs of one letter stand for a part of the time, all else for itself.

use time::OffsetDateTime;

pub(super) fn show(time: OffsetDateTime, format: &str) -> String {
    let mut shown = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let after = rest.trim_start_matches(first);
        let run = rest.strip_suffix(after).unwrap_or(rest);
        match part(time, first, run.chars().count()) {
            Some(text) => shown.push_str(&text),
            None => shown.push_str(run),
        }
        rest = after;
    }
    shown
}

/// The part of the time that so many of this letter stand for.
fn part(time: OffsetDateTime, letter: char, count: usize) -> Option<String> {
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    Some(match (letter, count) {
        ('y', 2) => format!("{:02}", time.year().rem_euclid(100)),
        ('y', 1 | 4) => format!("{:04}", time.year()),
        ('M', 1 | 2) => padded(u8::from(time.month()), count),
        ('M', 3) => time.month().to_string().to_uppercase().chars().take(3).collect(),
        ('M', 4) => time.month().to_string(),
        ('d', 1 | 2) => padded(time.day(), count),
        ('a', 1) => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        ('h', 1 | 2) => padded(hour12, count),
        ('H', 1 | 2) => padded(time.hour(), count),
        ('m', 1 | 2) => padded(time.minute(), count),
        ('s', 1 | 2) => padded(time.second(), count),
        ('S', 1..=9) => format!("{:09}", time.nanosecond()).chars().take(count).collect(),
        ('X', 1..=5) if time.offset().is_utc() => "Z".to_owned(),
        ('X' | 'x', 1..=5) => offset(time, count),
        _ => return None,
    })
}

fn padded(number: u8, width: usize) -> String {
    format!("{number:0width$}")
}

/// One letter for hours, two or four for hours and minutes, three or five for both with a colon.
fn offset(time: OffsetDateTime, count: usize) -> String {
    let (hours, minutes, _) = time.offset().as_hms();
    let sign = if time.offset().is_negative() { '-' } else { '+' };
    let (hours, minutes) = (hours.unsigned_abs(), minutes.unsigned_abs());
    match count {
        1 => format!("{sign}{hours:02}"),
        2 | 4 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    }
}

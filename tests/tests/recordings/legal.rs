//! Other values that could stand where a value stands: what an output says of them shows whether the value is read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const DATES: [&str; 2] = ["Mon, 02 Jan 2006 15:04:05 GMT", "Tue, 03 Jan 2006 15:04:05 GMT"];

/// Other values of the kind that `value` seems to be, the likeliest first.
pub(crate) fn others(value: &str) -> Vec<String> {
    let mut others = Vec::new();
    let trimmed = value.trim();
    if trimmed.ends_with(" GMT") {
        others.extend(DATES.map(str::to_owned));
    }
    if let Ok(number) = trimmed.parse::<u64>() {
        others.extend([
            number.wrapping_add(1).to_string(),
            number.saturating_sub(1).to_string(),
        ]);
    }
    others.extend(match trimmed.to_ascii_lowercase().as_str() {
        "true" => Some("false".to_owned()),
        "false" => Some("true".to_owned()),
        _ => None,
    });
    if let Ok(mut bytes) = STANDARD.decode(trimmed)
        && let Some(first) = bytes.first_mut()
    {
        *first ^= 1;
        others.push(STANDARD.encode(bytes));
    }
    // One digit or letter at a time, from the end: identifiers, dates with fractions, entity tags, progress (`5/10`).
    let letters: Vec<char> = value.chars().collect();
    for (at, letter) in letters.iter().enumerate().rev() {
        let other = match letter {
            '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(*letter) + 1).unwrap(),
            '9' => '8',
            'z' | 'Z' => 'a',
            _ => continue,
        };
        let mut changed = letters.clone();
        changed[at] = other;
        others.push(changed.into_iter().collect());
        if others.len() > 12 {
            break;
        }
    }
    // Letters that stand for what is allowed, and words of an open vocabulary.
    others.extend(["r".to_owned(), "l".to_owned(), "other".to_owned()]);
    others.retain(|other| other != value);
    others
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn the_likeliest_comes_first() {
        for (value, other) in [
            ("7", "8"),
            ("true", "false"),
            ("False", "true"),
            ("Fri, 27 Jan 2023 22:27:27 GMT", "Mon, 02 Jan 2006 15:04:05 GMT"),
            ("\"0x8D\"", "\"0x8E\""),
        ] {
            assert_eq!(others(value)[0], other, "{value}");
        }
    }
}

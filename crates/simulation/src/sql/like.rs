//! `LIKE`: `%` stands for any characters, `_` for one.

use super::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    One(char),
    AnyOne,
    Any,
}

/// A text is held against a pattern in as many steps as it has characters, or near it. One that is made to take as many as the two lengths
/// multiplied ends here, after a quarter of a second or so.
const MOST_STEPS: u64 = 1 << 26;

/// Whether the text is as the pattern says.
///
/// # Errors
/// The escaping character escapes nothing, or it would take too many steps to know.
pub(super) fn matches(text: &str, pattern: &str, escape: Option<char>) -> Result<bool, Problem> {
    let parts = parts(pattern, escape)?;
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part) = (0_usize, 0_usize);
    // Where the last `%` is, and where its text is thought to end.
    let mut last: Option<(usize, usize)> = None;
    let mut steps = 0_u64;
    while let Some(character) = text.get(at) {
        steps = steps.saturating_add(1);
        if steps > MOST_STEPS {
            return Err(Problem::TooManySteps);
        }
        let here = parts.get(part).copied();
        let fits = match here {
            Some(Part::One(expected)) => expected == *character,
            Some(Part::AnyOne) => true,
            Some(Part::Any) | None => false,
        };
        if fits {
            at = at.saturating_add(1);
            part = part.saturating_add(1);
        } else if here == Some(Part::Any) {
            last = Some((part, at));
            part = part.saturating_add(1);
        } else if let Some((any, end)) = last {
            let end = end.saturating_add(1);
            last = Some((any, end));
            at = end;
            part = any.saturating_add(1);
        } else {
            return Ok(false);
        }
    }
    Ok(parts.iter().skip(part).all(|part| *part == Part::Any))
}

fn parts(pattern: &str, escape: Option<char>) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            character if Some(character) == escape => {
                Part::One(characters.next().ok_or(Problem::Conversion)?)
            }
            '%' => Part::Any,
            '_' => Part::AnyOne,
            other => Part::One(other),
        });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_take_for_ever_ends() {
        let text = "a".repeat(100_000);
        let pattern = format!("%{}b", "a".repeat(50_000));
        assert_eq!(matches(&text, &pattern, None), Err(Problem::TooManySteps));
        let plain = format!("%{}%", "a".repeat(50_000));
        assert_eq!(matches(&text, &plain, None), Ok(true));
        assert_eq!(matches(&text, "%b%", None), Ok(false));
    }
}

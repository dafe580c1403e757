//! The order of `x-ms-` headers in a string-to-sign. The service compares names as a Windows culture does, not by
//! their bytes; a client that sorts bytes is refused as soon as two metadata names differ by an underscore.

use std::cmp::Ordering;

/// Compares two lower-case header names as the service does.
///
/// First without their hyphens and apostrophes: symbols before digits before letters, and a shorter name before the
/// names that it begins. Only names that are equal so far are compared again with everything in them, and then the
/// name that has an apostrophe or a hyphen where the other has something else, or nothing, comes later.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = without_shared_start(a.as_bytes(), b.as_bytes());
    heavy(a)
        .cmp(heavy(b))
        .then_with(|| a.iter().copied().map(weight).cmp(b.iter().copied().map(weight)))
}

/// What both begin with weighs the same in both, and most names begin with `x-ms-` at least.
fn without_shared_start<'a>(a: &'a [u8], b: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (
        a.get(shared..).unwrap_or_default(),
        b.get(shared..).unwrap_or_default(),
    )
}

/// The weights of what counts at first sight.
fn heavy(name: &[u8]) -> impl Iterator<Item = u16> {
    name.iter()
        .copied()
        .filter(|byte| !matches!(byte, b'\'' | b'-'))
        .map(weight)
}

/// Where a byte stands. The tables have every byte that a header name can have; the rest keeps a place of its own so
/// that this is a total order whatever comes.
fn weight(byte: u8) -> u16 {
    match byte {
        b'!' => 0,
        b'#' => 1,
        b'$' => 2,
        b'%' => 3,
        b'&' => 4,
        b'*' => 5,
        b'.' => 6,
        b'^' => 7,
        b'_' => 8,
        b'`' => 9,
        b'|' => 10,
        b'~' => 11,
        b'+' => 12,
        // ASCII has digits before letters, as here.
        b'0'..=b'9' | b'a'..=b'z' => 0x100 + u16::from(byte),
        other if !matches!(other, b'\'' | b'-') => 0x200 + u16::from(other),
        b'\'' => 0x300,
        _ => 0x301,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn in_order(names: &[&str]) {
        for (at, a) in names.iter().enumerate() {
            for (other, b) in names.iter().enumerate() {
                assert_eq!(compare(a, b), at.cmp(&other), "{a} and {b}");
            }
        }
    }

    #[test]
    fn underscores_come_before_digits_and_digits_before_letters() {
        in_order(&[
            "x-ms-meta-a_1",
            "x-ms-meta-a_b",
            "x-ms-meta-a1",
            "x-ms-meta-a10",
            "x-ms-meta-ab",
        ]);
    }

    #[test]
    fn symbols_have_an_order_of_their_own() {
        let symbols: Vec<String> = "!#$%&*.^_`|~+09az"
            .chars()
            .map(|c| format!("x-ms-meta-{c}"))
            .collect();
        in_order(&symbols.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn hyphens_and_apostrophes_count_only_between_equals() {
        in_order(&["x-ms-meta-aa", "x-ms-meta-a-b", "x-ms-meta-ac"]);
        in_order(&[
            "x-ms-meta-ab",
            "x-ms-meta-ab'",
            "x-ms-meta-ab-",
            "x-ms-meta-a'b",
            "x-ms-meta-a-b",
        ]);
        in_order(&["xmsab", "xms-ab", "x'ms-ab", "x-msab", "x-ms-ab"]);
    }

    #[test]
    fn a_shorter_name_comes_before_those_it_begins() {
        in_order(&["x-ms-meta", "x-ms-meta-", "x-ms-meta-a", "x-ms-meta-ab"]);
    }

    #[test]
    fn headers_of_one_family_stay_together() {
        in_order(&[
            "x-ms-blob-content-type",
            "x-ms-blob-type",
            "x-ms-date",
            "x-ms-range",
            "x-ms-version",
        ]);
    }

    /// The rule as it is told, level by level, to hold the comparator against.
    fn told(a: &str, b: &str) -> Ordering {
        const ORDER: &str = "!#$%&*.^_`|~+0123456789abcdefghijklmnopqrstuvwxyz";
        let light = ['-', '\''];
        let rank = |name: &str| -> Vec<Option<usize>> {
            name.replace(light, "").chars().map(|c| ORDER.find(c)).collect()
        };
        let first = rank(a).cmp(&rank(b));
        if first != Ordering::Equal || a == b {
            return first;
        }
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        match a.iter().zip(&b).find(|(a, b)| a != b) {
            Some(('-', _)) => Ordering::Greater,
            Some((_, '-')) => Ordering::Less,
            Some(('\'', _)) => Ordering::Greater,
            Some((_, '\'')) => Ordering::Less,
            Some(_) => unreachable!("they differ in a letter, so the first level has told them apart"),
            None => a.len().cmp(&b.len()),
        }
    }

    proptest! {
        #[test]
        fn the_comparator_does_what_is_told(a in "[a-b0_'-]{0,7}", b in "[a-b0_'-]{0,7}") {
            prop_assert_eq!(compare(&a, &b), told(&a, &b));
        }

        #[test]
        fn the_order_is_total(a in "[!-~]{0,5}", b in "[!-~]{0,5}", c in "[!-~]{0,5}") {
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            prop_assert_eq!(compare(&a, &b) == Ordering::Equal, a == b);
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }
    }
}

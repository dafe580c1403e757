//! Which parts of a text let their reader in, wherever in it they stand: signatures in a query, in a URL that is a value,
//! or in what is neither and only looks like one.

use std::fmt::{self, Write};

use percent_encoding::percent_decode;

pub(crate) const REDACTED: &str = "REDACTED";

/// Writes a text with the values of its signatures hidden, each up to the next `&` or space. Says whether the text
/// ends with one of them.
pub(crate) fn write_without_signatures(out: &mut impl Write, text: &str) -> Result<bool, fmt::Error> {
    let mut rest = text;
    while let Some((before, after)) = split_after_sig(rest) {
        write!(out, "{before}{REDACTED}")?;
        let Some((_, following)) = after.find(['&', ' ']).and_then(|end| after.split_at_checked(end)) else {
            return Ok(true);
        };
        rest = following;
    }
    out.write_str(rest)?;
    Ok(false)
}

/// The text up to and with `sig=`, and what follows it. The name may be written in any case and percent-encoded, and so
/// may the equals sign.
fn split_after_sig(text: &str) -> Option<(&str, &str)> {
    let mut start = 0_usize;
    let signs = text.char_indices().filter_map(|(at, c)| match c {
        '&' | '=' => Some((at, 1)),
        '%' => encoded_equals(text.get(at..)?).map(|length| (at, length)),
        _ => None,
    });
    for (at, length) in signs {
        let (name, end) = (text.get(start..at)?, at.checked_add(length)?);
        if !text.get(at..)?.starts_with('&') && names_signature(name) {
            return text.split_at_checked(end);
        }
        start = end;
    }
    None
}

/// The length of an equals sign that is percent-encoded, once or again and again: `%3D`, `%253D`.
fn encoded_equals(text: &str) -> Option<usize> {
    let mut rest = text.strip_prefix('%')?;
    while let Some(encoded) = rest.strip_prefix("25") {
        rest = encoded;
    }
    let code = rest.get(..2)?;
    let length = text.len().checked_sub(rest.len())?.checked_add(2)?;
    code.eq_ignore_ascii_case("3d").then_some(length)
}

/// Whether a text ends with the name of a signature that is no part of a longer word, however often it is encoded.
fn names_signature(text: &str) -> bool {
    const DEEPEST: usize = 4;
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..DEEPEST {
        let named = bytes.split_last_chunk::<3>().is_some_and(|(before, name)| {
            name.eq_ignore_ascii_case(b"sig") && !before.last().is_some_and(u8::is_ascii_alphanumeric)
        });
        if named {
            return true;
        }
        let decoded: Vec<u8> = percent_decode(&bytes).collect();
        if decoded == bytes {
            return false;
        }
        bytes = decoded;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> (String, bool) {
        let mut shown = String::new();
        let ends = write_without_signatures(&mut shown, text).unwrap();
        (shown, ends)
    }

    #[test]
    fn a_signature_is_hidden_wherever_it_stands() {
        for (text, shown, ends) in [
            ("", "", false),
            ("sig", "sig", false),
            ("sig=", "sig=REDACTED", true),
            ("sig=planted", "sig=REDACTED", true),
            ("sv=1&SIG=planted&se=2", "sv=1&SIG=REDACTED&se=2", false),
            ("https://a/b?sig=planted c", "https://a/b?sig=REDACTED c", false),
            ("https://a/b?s%69g=planted", "https://a/b?s%69g=REDACTED", true),
            (
                "u=https%3A%2F%2Fa%3Fsig%3Dplanted&v=1",
                "u=https%3A%2F%2Fa%3Fsig%3DREDACTED&v=1",
                false,
            ),
            ("x?sig=planted&sig=b", "x?sig=REDACTED&sig=REDACTED", true),
            ("x=y?sig=planted=planted", "x=y?sig=REDACTED", true),
            ("x%26sig%3dplanted", "x%26sig%3dREDACTED", true),
            ("u=x%253Fsig%253Dplanted&v", "u=x%253Fsig%253DREDACTED&v", false),
            ("u=%2526sig=planted", "u=%2526sig=REDACTED", true),
            ("x%25253Fs%256525g=1&%25%2=", "x%25253Fs%256525g=1&%25%2=", false),
            (
                "design=1&sign=2&xsig=3&sig-=4",
                "design=1&sign=2&xsig=3&sig-=4",
                false,
            ),
            ("ü%zz%=%3&%", "ü%zz%=%3&%", false),
        ] {
            assert_eq!(redacted(text), (shown.to_owned(), ends), "{text}");
        }
    }
}

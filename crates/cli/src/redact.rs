//! The last net under all messages: whatever the text, a signature or a key that stands in it is not shown.
//!
//! Messages are made without secrets. But some quote what a person typed, and people paste a URL with a SAS, or a whole
//! connection string, into places where neither belongs.

/// What is followed by a secret, in lower case, and whether it must stand where a name can start: `design=` is no secret.
const MARKERS: [(&str, bool); 5] = [
    ("sig=", true),
    ("sig%3d", false),
    ("accountkey=", true),
    ("sharedaccesssignature=", true),
    ("sharedkey ", true),
];

/// The text with what follows `sig=`, `AccountKey=` and their like replaced by `REDACTED`.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let starts_a_name = !before.is_some_and(char::is_alphanumeric);
        let marker = MARKERS
            .into_iter()
            .filter(|(_, at_start)| starts_a_name || !at_start)
            .filter_map(|(marker, _)| {
                rest.get(..marker.len())
                    .filter(|head| head.eq_ignore_ascii_case(marker))
            })
            .next();
        match marker {
            Some(head) => {
                shown.push_str(head);
                shown.push_str("REDACTED");
                let value = rest.strip_prefix(head).unwrap_or_default();
                rest = value.trim_start_matches(|c: char| !ends_a_value(c));
                before = None;
            }
            None => {
                shown.push(c);
                before = Some(c);
                let mut chars = rest.chars();
                chars.next();
                rest = chars.as_str();
            }
        }
    }
    shown
}

fn ends_a_value(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '&' | ';' | '\'' | '"' | '`' | '>' | ')' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show() {
        for (text, shown) in [
            ("", ""),
            ("no secret here, só é", "no secret here, só é"),
            (
                "https://a/c?sv=1&sig=abc%3D&sp=r",
                "https://a/c?sv=1&sig=REDACTED&sp=r",
            ),
            (
                "'https://a/c?SIG=abc%3D' found",
                "'https://a/c?SIG=REDACTED' found",
            ),
            ("?sig=a?sig=b", "?sig=REDACTED"),
            (
                "AccountName=x;AccountKey=a/b+c==;EndpointSuffix=y",
                "AccountName=x;AccountKey=REDACTED;EndpointSuffix=y",
            ),
            ("SharedAccessSignature=sv=1", "SharedAccessSignature=REDACTED"),
            (
                "Authorization: SharedKey x:abc=",
                "Authorization: SharedKey REDACTED",
            ),
            ("a design=flat", "a design=flat"),
            ("…%26sig%3Dabc", "…%26sig%3DREDACTED"),
        ] {
            assert_eq!(without_secrets(text), shown, "{text}");
        }
    }
}

//! Showing what a tool complained about: a little of it, and nothing that could be a token.

const LONGEST: usize = 400;
/// No word of a message is this long; tokens, codes and keys are.
const LONGEST_WORD: usize = 48;

/// The text on one line, cut, without words that are too long to be words.
pub(super) fn without_tokens(text: &str) -> String {
    let mut shown = String::new();
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        // A token may stand in quotes, or after a colon.
        let secret =
            word.contains("eyJ") || word.split(['/', '.', ',']).any(|part| part.len() > LONGEST_WORD);
        shown.push_str(if secret { "[redacted]" } else { word });
        if shown.len() > LONGEST {
            shown.push_str(" …");
            break;
        }
    }
    shown.retain(|letter| !letter.is_control());
    if shown.is_empty() {
        shown.push_str("it said nothing");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_tokens_go() {
        for (text, expected) in [
            (
                "ERROR: Please run 'az login'\n to  set up",
                "ERROR: Please run 'az login' to set up",
            ),
            ("token:\"eyJ0eXAi.eyJ.c2ln\" x", "[redacted] x"),
            ("", "it said nothing"),
            (
                "see https://learn.microsoft.com/cli/azure/authenticate-azure-cli",
                "see https://learn.microsoft.com/cli/azure/authenticate-azure-cli",
            ),
        ] {
            assert_eq!(without_tokens(text), expected);
        }
        let key = "a".repeat(88);
        assert_eq!(without_tokens(&format!("--secret={key}")), "[redacted]");
        assert!(without_tokens(&"word ".repeat(1000)).len() < 450);
    }
}

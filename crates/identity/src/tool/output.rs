//! Showing what a tool complained about: a little of it, and nothing that could be a secret.

const LONGEST: usize = 400;
/// No word of a message is this long; tokens, codes and keys are.
const LONGEST_WORD: usize = 48;

/// What has one of these in its name is a secret, be it `client_secret=…`, `--password …` or `"accessToken": …`.
const SECRET_NAMES: &[&str] = &["password", "secret", "token", "code", "key", "assertion"];

/// How tokens and refresh tokens begin.
const TOKENS: &[&str] = &["eyJ", "0.A", "1.A"];

/// The text on one line, cut, without words that are too long to be words, look like tokens, or are the value of a secret's name.
pub(super) fn without_tokens(text: &str) -> String {
    let mut shown = String::new();
    let mut hidden = Hidden::default();
    // What does not show must not part a name either.
    let is_text = |letter: &char| letter.is_whitespace() || !letter.is_control();
    let text: String = text.chars().filter(is_text).collect();
    for word in text.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(if hidden.hides(word) { "[redacted]" } else { word });
        if shown.len() > LONGEST {
            shown.push_str(" …");
            break;
        }
    }
    if shown.is_empty() {
        shown.push_str("it said nothing");
    }
    shown
}

/// What the words before say of the next one.
#[derive(Default)]
enum Hidden {
    #[default]
    No,
    /// A name that ends without a separator, which may come as a word of its own.
    AfterSeparator,
    /// It is a value.
    Next,
    /// It is a value in quotes, up to the word with this one.
    Until(char),
}

impl Hidden {
    /// Whether this word is not to be shown.
    fn hides(&mut self, word: &str) -> bool {
        if let Self::AfterSeparator = self {
            let value = word.trim_start_matches(is_separator);
            match (value.len() < word.len(), value.is_empty()) {
                (true, true) => {
                    *self = Self::Next;
                    return false;
                }
                (true, false) => *self = Self::Next,
                (false, _) => *self = Self::No,
            }
        }
        match *self {
            Self::No | Self::AfterSeparator => self.hides_first(word),
            Self::Next => {
                self.value(word.trim_start_matches(is_separator));
                if let Self::No = self {
                    // It may be a name itself.
                    self.hides_first(word);
                }
                true
            }
            Self::Until(quote) => {
                if word.contains(quote) {
                    *self = Self::No;
                }
                true
            }
        }
    }

    /// Of a word that no other word speaks of.
    fn hides_first(&mut self, word: &str) -> bool {
        *self = Self::No;
        match value_of_secret(word) {
            Some("") => *self = Self::Next,
            Some(value) => {
                self.value(value);
                return true;
            }
            None if names_secret(word) => {
                *self = if word.starts_with("--") {
                    Self::Next
                } else {
                    Self::AfterSeparator
                };
            }
            None => {}
        }
        looks_like_a_secret(word)
    }

    /// Whether more words belong to a value that begins so.
    fn value(&mut self, value: &str) {
        let mut letters = value.chars();
        let quote = letters.next().filter(|first| matches!(first, '"' | '\''));
        *self = match quote {
            Some(quote) if !letters.any(|letter| letter == quote) => Self::Until(quote),
            // It only says what kind of secret comes.
            _ if value.eq_ignore_ascii_case("bearer") => Self::Next,
            _ => Self::No,
        };
    }
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '=' | ':')
}

fn names_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|name| text.contains(name))
}

/// What stands behind a secret's name and a separator; nothing, when the value is the next word.
fn value_of_secret(word: &str) -> Option<&str> {
    let (at, _) = word
        .match_indices(is_separator)
        .find(|(at, _)| word.get(..*at).is_some_and(names_secret))?;
    word.get(at..).map(|rest| rest.trim_start_matches(is_separator))
}

fn looks_like_a_secret(word: &str) -> bool {
    // A token may stand in quotes, or after a colon.
    let parts =
        || word.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '-' | '_'));
    word.contains("eyJ")
        || parts().any(|part| TOKENS.iter().any(|begin| part.starts_with(begin)))
        || word.split(['/', '.', ',']).any(|part| part.len() > LONGEST_WORD)
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
            (
                "ERROR: AADSTS700082: The refresh token has expired due to inactivity: 1.5 days, at 0.9",
                "ERROR: AADSTS700082: The refresh token has expired due to inactivity: 1.5 days, at 0.9",
            ),
        ] {
            assert_eq!(without_tokens(text), expected);
        }
        let key = "a".repeat(88);
        assert_eq!(without_tokens(&format!("--secret={key}")), "[redacted]");
        assert!(without_tokens(&"word ".repeat(1000)).len() < 450);
    }

    #[test]
    fn short_secrets_go_by_their_name_or_their_beginning() {
        for (text, expected) in [
            (
                "refresh token 0.AXoAplanted rest",
                "refresh token [redacted] rest",
            ),
            ("got '1.APlanted', \"eyJplanted\"", "got [redacted] [redacted]"),
            ("rt=0.AXoAplanted", "[redacted]"),
            ("password=planted! next", "[redacted] next"),
            ("password=cGxhbnRlZA== next", "[redacted] next"),
            ("Client_Secret: planted next", "Client_Secret: [redacted] next"),
            (
                "x-functions-KEY = planted next",
                "x-functions-KEY = [redacted] next",
            ),
            ("a key :planted next", "a key [redacted] next"),
            ("--password planted next", "--password [redacted] next"),
            ("{\"accessToken\":\"planted\"}", "[redacted]"),
            (
                "{\"accessToken\": \"planted\"} next",
                "{\"accessToken\": [redacted] next",
            ),
            (
                "secret: 'planted and planted' next",
                "secret: [redacted] [redacted] [redacted] next",
            ),
            ("token: Bearer planted next", "token: [redacted] [redacted] next"),
            ("https://example.net/?a=1&code=planted next", "[redacted] next"),
            ("client_assertion=planted", "[redacted]"),
            (
                "--key password = planted next",
                "--key [redacted] = [redacted] next",
            ),
            ("pass\u{0}word=planted", "[redacted]"),
            ("password:", "password:"),
        ] {
            assert_eq!(without_tokens(text), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_value_of_a_password_shows(before in "\\PC{0,20}", space in " ?", separator in "[:=]", value in "[a-z0-9!]{6,12}") {
            let text = format!("{before} password{space}{separator} {value}Q next");
            let shown = without_tokens(&text);
            proptest::prop_assert!(!shown.contains(&format!("{value}Q")), "{}", shown);
        }
    }
}

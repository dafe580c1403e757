//! Queries for tags that are understood, and those that are refused.

use proptest::prelude::*;

use super::*;

fn tags(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn blob() -> Vec<(String, String)> {
    tags(&[
        ("tag1", "firsttag"),
        ("tag1 name", "my tag"),
        ("Rank", "042"),
        ("quote'd", "it's"),
    ])
}

fn find(text: &str) -> Result<TagQuery, Malformed> {
    TagQuery::parse(text, Dialect::Find)
}

fn condition(text: &str) -> Result<TagQuery, Malformed> {
    TagQuery::parse(text, Dialect::Condition)
}

#[test]
fn searches_are_answered() {
    let cases = [
        ("tag1='firsttag'", true),
        ("tag1 = 'secondtag'", false),
        ("\"tag1\"='firsttag' and \"Rank\">='010'", true),
        ("  tag1='firsttag'\tAND(Rank>'042')  ", false),
        ("\"Rank\" >= '010' AND \"Rank\" < '100'", true),
        ("\"Rank\" <= '042'", true),
        ("\"Rank\" < '5'", true),
        ("\"rank\" = '042'", false),
        ("Rank='042' AND missing='x'", false),
        ("\"quote'd\"='it''s'", true),
        ("\"tag1 name\" = 'my tag'", true),
        ("@container='c' AND tag1='firsttag'", true),
        ("tag1='firsttag' AND @container = 'other'", false),
        ("@container='c'", true),
        ("((tag1='firsttag'))", true),
    ];
    for (text, expected) in cases {
        assert_eq!(find(text).unwrap().matches("c", &blob()), expected, "{text}");
    }
}

#[test]
fn conditions_have_two_more_operators() {
    let cases = [
        ("tag1 <> 'x'", true),
        ("tag1 <> 'firsttag'", false),
        ("missing <> 'x'", false),
        ("tag1 = 'x' OR Rank = '042'", true),
        ("tag1 = 'firsttag' or Rank = '1' and Rank = '2'", true),
        ("(tag1 = 'firsttag' or Rank = '1') and Rank = '2'", false),
        ("Rank > '0' AND Rank > '01' AND Rank <> '05'", true),
    ];
    for (text, expected) in cases {
        assert_eq!(condition(text).unwrap().matches("c", &blob()), expected, "{text}");
    }
}

#[test]
fn refusals_have_the_words_of_the_service() {
    let at = |position: usize, found: &str| {
        format!("Error parsing query at or near character position {position}: unexpected {found}")
    };
    let find_cases = [
        ("a='1' OR b='2'", at(7, "'OR'")),
        ("@container='x' AND Year='1'", at(20, "'Year'")),
        ("a<>'1'", at(2, "'<>'")),
        ("a='1", at(5, "end of input")),
        ("", at(1, "end of input")),
        ("a='1' AND", at(10, "end of input")),
        ("a", at(2, "end of input")),
        ("a='1' b", at(7, "'b'")),
        ("a=1", at(3, "'1'")),
        ("'a'='1'", at(1, "''a''")),
        ("\"\"='1'", at(1, "'\"\"'")),
        ("ä='1'", at(1, "'ä'")),
        ("(a='1'", at(7, "end of input")),
        ("@other='1'", at(1, "'@other'")),
        ("@container>'1'", at(11, "'>'")),
        ("@container='a' AND @container='b'", at(20, "'@container'")),
    ];
    for (text, expected) in find_cases {
        assert_eq!(find(text).unwrap_err().to_string(), expected, "{text}");
    }
    assert_eq!(
        condition("@container='x'").unwrap_err().to_string(),
        at(1, "'@container'")
    );
    assert_eq!(
        Malformed::ContainerTwice.to_string(),
        "Error parsing query: Cannot have container in both uri and query"
    );
}

#[test]
fn an_index_answers_ranges_and_equality() {
    for text in [
        "a>'1' AND a>='2'",
        "a='1' AND a='1'",
        "a='1' AND a<'2'",
        "a>'1' AND a<'2' AND a<'3'",
    ] {
        assert_eq!(find(text).unwrap_err(), Malformed::NotARange, "{text}");
        assert!(condition(text).is_ok(), "{text}");
    }
    let many = |count: usize| {
        (0..count)
            .map(|tag| format!("t{tag}='1'"))
            .collect::<Vec<_>>()
            .join(" AND ")
    };
    assert!(find(&many(10)).is_ok());
    assert_eq!(find(&many(11)).unwrap_err(), Malformed::TooManyTags);
    assert_eq!(condition(&many(11)).unwrap_err(), Malformed::TooManyTags);
}

#[test]
fn a_query_knows_its_container_and_its_keys() {
    let query = find("@container='c' AND b>'1' AND a='1' AND b<'9'").unwrap();
    assert_eq!(query.container(), Some("c"));
    assert_eq!(query.keys(), ["b", "a"]);
    assert_eq!(find("a='1'").unwrap().container(), None);
}

#[test]
fn depth_is_bounded() {
    let deep = format!("{}a='1'{}", "(".repeat(100_000), ")".repeat(100_000));
    assert!(matches!(
        condition(&deep),
        Err(Malformed::Unexpected { position: 17, .. })
    ));
    let long = vec!["a='1'"; 20_000].join(" OR ");
    assert!(condition(&long).unwrap().matches("c", &tags(&[("a", "1")])));
}

proptest! {
    #[test]
    fn nothing_panics(text in any::<String>(), near in "[a@\"'()=<> ANDOR]{0,40}") {
        for text in [text.as_str(), near.as_str()] {
            for dialect in [Dialect::Find, Dialect::Condition] {
                if let Ok(query) = TagQuery::parse(text, dialect) {
                    let _ = query.matches("c", &blob());
                }
            }
        }
    }

    #[test]
    fn any_key_and_value_can_be_asked_for(key in "[^\"]{1,20}", value in any::<String>()) {
        let text = format!("\"{key}\"='{}'", value.replace('\'', "''"));
        let query = find(&text).unwrap();
        prop_assert!(query.matches("c", &[(key, value)]));
    }
}

//! What is asked of tags: to find blobs by them, or as a condition of a call.

use lazuli_protocol::{ContainerName, Error, ErrorKind, check_tag_key, check_tag_value};

/// A condition is multiplied out when it is put together; more parts than this make no header.
const MOST_ALTERNATIVES: usize = 64;

const STANDS_ALONE: &str =
    "what is asked of tags as a text stands alone: write all of it in the text, or none";

/// Starts to say what the tag of this key must be.
///
/// The service compares values as text, letter by letter: give numbers and dates the same number of digits.
///
/// ```
/// use lazuli_blob::tag;
///
/// let query = tag("project").eq("apollo").and(tag("year").ge("1969")).in_container("logs");
/// assert_eq!(query.text()?, "@container = 'logs' AND \"project\" = 'apollo' AND \"year\" >= '1969'");
///
/// let condition = tag("stage").ne("done").or(tag("year").lt("1969"));
/// assert_eq!(condition.text()?, "\"stage\" <> 'done' OR \"year\" < '1969'");
///
/// assert!(tag("project").eq("it's").text().is_err());
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
pub fn tag(key: impl Into<String>) -> TagKey {
    TagKey(key.into())
}

/// The key of a tag, made by [`tag`].
#[derive(Clone, Debug)]
#[must_use = "a key alone asks for nothing"]
pub struct TagKey(String);

/// What blobs are found by: comparisons that must all hold. `=`, `>`, `>=`, `<`, `<=` and `AND` is all that the service takes here.
/// A text becomes a query as it is, and stands alone: what it says is not known here, and put together with more it could say something else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a query is to be sent"]
pub struct TagQuery {
    container: Option<String>,
    // An error is kept until the query is sent.
    terms: Result<Terms, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Terms {
    /// As somebody wrote it.
    Raw(String),
    /// All of these must hold.
    AllOf(Vec<String>),
}

/// What the tags of a blob must be for a call to be carried out: all that a [`TagQuery`] can say of tags, and `<>` and `OR`.
/// A text becomes a condition as it is, and stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a condition is to be given to a call"]
pub struct TagCondition(Result<Alternatives, String>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Alternatives {
    /// As somebody wrote it.
    Raw(String),
    /// One of these must hold; it holds when all that is in it does. Thus no parentheses are needed.
    AnyOf(Vec<Vec<String>>),
}

impl TagKey {
    /// Exactly this value.
    pub fn eq(self, value: impl AsRef<str>) -> TagQuery {
        self.compare("=", value.as_ref()).into()
    }

    /// A value that comes after this one.
    pub fn gt(self, value: impl AsRef<str>) -> TagQuery {
        self.compare(">", value.as_ref()).into()
    }

    /// This value, or one that comes after it.
    pub fn ge(self, value: impl AsRef<str>) -> TagQuery {
        self.compare(">=", value.as_ref()).into()
    }

    /// A value that comes before this one.
    pub fn lt(self, value: impl AsRef<str>) -> TagQuery {
        self.compare("<", value.as_ref()).into()
    }

    /// This value, or one that comes before it.
    pub fn le(self, value: impl AsRef<str>) -> TagQuery {
        self.compare("<=", value.as_ref()).into()
    }

    /// Any other value. The service takes it as a condition, and finds nothing by it.
    pub fn ne(self, value: impl AsRef<str>) -> TagCondition {
        TagQuery::from(self.compare("<>", value.as_ref())).into()
    }

    // What may stand in keys and values leaves nothing to escape: quotes are not among it.
    fn compare(self, operator: &str, value: &str) -> Result<String, String> {
        let Self(key) = self;
        check_tag_key(&key)
            .and_then(|()| check_tag_value(value))
            .map(|()| format!("\"{key}\" {operator} '{value}'"))
            .map_err(|error| error.to_string())
    }
}

impl TagQuery {
    /// Both this and the other, in the container that one of them names or both do.
    pub fn and(self, other: impl Into<Self>) -> Self {
        let other = other.into();
        let terms = match (self.terms, other.terms) {
            (Ok(Terms::AllOf(mut terms)), Ok(Terms::AllOf(more))) => {
                terms.extend(more);
                Ok(Terms::AllOf(terms))
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
            _ => Err(STANDS_ALONE.to_owned()),
        };
        match (self.container, other.container) {
            (Some(this), Some(that)) if this != that => Self {
                container: None,
                terms: Err(format!(
                    "no blob is both in {this:?} and in {that:?}: name one container"
                )),
            },
            (this, that) => Self {
                container: this.or(that),
                terms,
            },
        }
    }

    /// This or the other. That is a condition: blobs cannot be found by it.
    pub fn or(self, other: impl Into<TagCondition>) -> TagCondition {
        TagCondition::from(self).or(other)
    }

    /// Only in this container, when a whole account is searched.
    pub fn in_container(self, name: impl Into<String>) -> Self {
        self.and(Self {
            terms: Ok(Terms::AllOf(Vec::new())),
            container: Some(name.into()),
        })
    }

    /// The query as the service takes it.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a key, a value or a container's name that cannot be, for two containers, and for what was put
    /// together with a text.
    pub fn text(&self) -> Result<String, Error> {
        let container = match &self.container {
            Some(name) => Some(format!("@container = '{}'", ContainerName::new(name)?)),
            None => None,
        };
        match (self.terms.as_ref().map_err(invalid)?, container) {
            (Terms::Raw(text), None) => Ok(text.clone()),
            (Terms::Raw(_), Some(_)) => Err(Error::new(ErrorKind::InvalidInput, STANDS_ALONE)),
            (Terms::AllOf(terms), container) => {
                let all: Vec<&str> = container.iter().chain(terms).map(String::as_str).collect();
                Ok(all.join(" AND "))
            }
        }
    }

    /// The query for a search within a container, which is not named once more.
    pub(crate) fn text_in_container(self) -> Result<String, Error> {
        match &self.container {
            Some(name) => {
                let message =
                    format!("a search within a container names no other: take {name:?} out of the query");
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
            None => self.text(),
        }
    }
}

impl TagCondition {
    /// Both this and the other.
    pub fn and(self, other: impl Into<Self>) -> Self {
        self.join(other.into(), |these, those| {
            if these.len().saturating_mul(those.len()) > MOST_ALTERNATIVES {
                return Err(format!(
                    "a condition on tags has at most {MOST_ALTERNATIVES} alternatives"
                ));
            }
            let pairs = these
                .iter()
                .flat_map(|this| those.iter().map(move |that| [this.as_slice(), that].concat()));
            Ok(pairs.collect())
        })
    }

    /// This or the other.
    pub fn or(self, other: impl Into<Self>) -> Self {
        self.join(other.into(), |these, those| Ok([these, those].concat()))
    }

    fn join(
        self,
        other: Self,
        join: impl FnOnce(Vec<Vec<String>>, Vec<Vec<String>>) -> Result<Vec<Vec<String>>, String>,
    ) -> Self {
        Self(match (self.0, other.0) {
            (Ok(Alternatives::AnyOf(these)), Ok(Alternatives::AnyOf(those))) => {
                join(these, those).map(Alternatives::AnyOf)
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
            _ => Err(STANDS_ALONE.to_owned()),
        })
    }

    /// The condition as the service takes it.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a key or a value that cannot be, for a container, which is no tag, and for what was put together
    /// with a text.
    pub fn text(&self) -> Result<String, Error> {
        match self.0.as_ref().map_err(invalid)? {
            Alternatives::Raw(text) => Ok(text.clone()),
            Alternatives::AnyOf(alternatives) => {
                let all: Vec<String> = alternatives.iter().map(|terms| terms.join(" AND ")).collect();
                Ok(all.join(" OR "))
            }
        }
    }
}

fn invalid(message: &String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

impl From<Result<String, String>> for TagQuery {
    fn from(term: Result<String, String>) -> Self {
        Self {
            container: None,
            terms: term.map(|term| Terms::AllOf(vec![term])),
        }
    }
}

impl From<&str> for TagQuery {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for TagQuery {
    fn from(text: String) -> Self {
        Self {
            container: None,
            terms: Ok(Terms::Raw(text)),
        }
    }
}

impl From<TagQuery> for TagCondition {
    fn from(query: TagQuery) -> Self {
        Self(match (query.container, query.terms) {
            (Some(_), Ok(_)) => {
                Err("a condition on a blob's tags cannot ask for a container: it is known".to_owned())
            }
            (_, Ok(Terms::Raw(text))) => Ok(Alternatives::Raw(text)),
            (_, Ok(Terms::AllOf(terms))) => Ok(Alternatives::AnyOf(vec![terms])),
            (_, Err(error)) => Err(error),
        })
    }
}

impl From<&str> for TagCondition {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for TagCondition {
    fn from(text: String) -> Self {
        Self(Ok(Alternatives::Raw(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_are_multiplied_out() {
        let a_or_b = tag("a").eq("1").or(tag("b").ne("2"));
        assert_eq!(
            a_or_b.and(tag("c").gt("3").or(tag("d").le("4"))).text().unwrap(),
            "\"a\" = '1' AND \"c\" > '3' OR \"a\" = '1' AND \"d\" <= '4' OR \"b\" <> '2' AND \"c\" > '3' OR \"b\" <> '2' AND \"d\" <= '4'"
        );
        let mut wide = TagCondition::from(tag("a").eq("1"));
        for _ in 0..10 {
            wide = wide.and(tag("b").eq("1").or(tag("b").eq("2")));
        }
        assert!(wide.text().is_err());
    }

    #[test]
    fn texts_are_taken_as_they_are_and_stand_alone() {
        assert_eq!(TagQuery::from("\"a\"='b'").text().unwrap(), "\"a\"='b'");
        assert_eq!(TagCondition::from("(x)").text().unwrap(), "(x)");
        assert!(TagCondition::from("a").and(tag("b").eq("c")).text().is_err());
        // The text would take what stands before it into its first alternative.
        let either = "\"a\" = '1' OR \"b\" = '2'";
        let done = tag("stage").eq("done");
        assert!(done.clone().and(either).text().is_err());
        assert!(TagQuery::from(either).and(done.clone()).text().is_err());
        assert!(TagQuery::from(either).in_container("box").text().is_err());
        let condition = TagCondition::from(TagQuery::from(either));
        assert_eq!(condition.clone().text().unwrap(), either);
        assert!(condition.and(done).text().is_err());
        assert!(TagQuery::from(either).or(tag("c").eq("3")).text().is_err());
    }

    #[test]
    fn two_containers_are_none() {
        let (a, b) = (tag("a").eq("1"), tag("b").eq("2"));
        let both = a.clone().in_container("box").and(b.clone().in_container("box"));
        assert_eq!(
            both.text().unwrap(),
            "@container = 'box' AND \"a\" = '1' AND \"b\" = '2'"
        );
        let torn = a.in_container("box").and(b.in_container("chest"));
        assert!(torn.text().is_err() && torn.text_in_container().is_err());
        let renamed = tag("a").eq("1").in_container("box").in_container("chest");
        assert!(renamed.text().is_err());
    }

    #[test]
    fn nothing_can_be_smuggled_in() {
        for bad in ["'", "\"", "ü", "a\r\nb", "a' OR \"b\" = 'c"] {
            assert!(tag("key").eq(bad).text().is_err(), "{bad}");
            assert!(tag(bad).lt("value").text().is_err(), "{bad}");
            assert!(tag("key").ne(bad).or(tag("a").eq("b")).text().is_err(), "{bad}");
            assert!(tag("a").eq("b").in_container(bad).text().is_err(), "{bad}");
        }
        assert!(tag("").eq("").text().is_err());
        assert!(
            TagCondition::from(tag("a").eq("b").in_container("box"))
                .text()
                .is_err()
        );
    }
}

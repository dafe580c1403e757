//! The text that a received SAS should be the signature of, with the names and values of the request it came with.

use std::borrow::Cow;
use std::fmt::{self, Write};

use http::HeaderName;

use super::super::field::Field;
use super::super::layout::{Line, PREFIXED, Values, breaks_line};
use super::super::terms::SignedResource;
use super::parse::decode;
use super::{ReceivedSas, SasRefusal, SasRequest, SasResource};

/// Room for the usual text.
const USUAL_LENGTH: usize = 512;

impl ReceivedSas {
    /// The text to sign, for this request.
    pub(super) fn text(&self, request: &SasRequest<'_>) -> Result<String, SasRefusal> {
        let reading = Reading {
            sas: self,
            request,
            place: self.place(&request.resource)?,
        };
        reading.check_request()?;
        let mut text = String::with_capacity(USUAL_LENGTH);
        // Writing into a string does not fail.
        let _ = self.layout.write(self.version, &reading, &mut text);
        Ok(text)
    }

    /// What of the addressed resource the SAS is for. An account SAS is for all of it.
    fn place<'a>(&self, resource: &SasResource<'a>) -> Result<Place<'a>, SasRefusal> {
        let Some(signed) = self.resource else {
            return Ok(Place::default());
        };
        let place = match (signed, *resource) {
            (
                SignedResource::Container,
                SasResource::Container { container } | SasResource::Blob { container, .. },
            ) => Place::of("/blob", container, None),
            (SignedResource::Blob, SasResource::Blob { container, blob, .. }) => {
                Place::of("/blob", container, Some(blob))
            }
            (
                SignedResource::Snapshot,
                SasResource::Blob {
                    container,
                    blob,
                    snapshot: Some(instant),
                    ..
                },
            )
            | (
                SignedResource::Version,
                SasResource::Blob {
                    container,
                    blob,
                    version: Some(instant),
                    ..
                },
            ) => Place {
                instant,
                ..Place::of("/blob", container, Some(blob))
            },
            (SignedResource::Directory, SasResource::Blob { container, blob, .. }) => {
                let directory = self.depth.and_then(|depth| ancestor(blob, depth));
                Place::of(
                    "/blob",
                    container,
                    Some(directory.ok_or_else(|| mismatch(signed))?),
                )
            }
            (SignedResource::Share, SasResource::Share { share } | SasResource::File { share, .. }) => {
                Place::of("/file", share, None)
            }
            (SignedResource::File, SasResource::File { share, path }) => {
                Place::of("/file", share, Some(path))
            }
            _ => return Err(mismatch(signed)),
        };
        if place.texts().any(breaks_line) {
            return Err(mismatch(signed));
        }
        Ok(place)
    }
}

fn mismatch(signed: SignedResource) -> SasRefusal {
    SasRefusal::ResourceMismatch {
        resource: signed.name(),
    }
}

/// The first segments of a path, if it has as many.
fn ancestor(path: &str, depth: usize) -> Option<&str> {
    if depth == 0 {
        return Some("");
    }
    let slashes = path.match_indices('/').map(|(at, _)| at);
    let end = slashes.chain([path.len()]).nth(depth.checked_sub(1)?)?;
    path.get(..end)
}

// === impl Place ===

/// The parts of the canonical resource.
#[derive(Default)]
struct Place<'a> {
    prefix: &'static str,
    root: &'a str,
    path: Option<&'a str>,
    instant: &'a str,
}

impl<'a> Place<'a> {
    fn of(prefix: &'static str, root: &'a str, path: Option<&'a str>) -> Self {
        Self {
            prefix,
            root,
            path: path.filter(|path| !path.is_empty()),
            instant: "",
        }
    }

    /// What of it the request has chosen.
    fn texts(&self) -> impl Iterator<Item = &'a str> {
        [self.root, self.path.unwrap_or_default(), self.instant].into_iter()
    }
}

// === impl Reading ===

/// A SAS, the request that it came with, and what of it is signed.
struct Reading<'a> {
    sas: &'a ReceivedSas,
    request: &'a SasRequest<'a>,
    place: Place<'a>,
}

impl Reading<'_> {
    /// Whether the request has all that the SAS asks for, each once and in a form that can be signed.
    fn check_request(&self) -> Result<(), SasRefusal> {
        for name in self.names(Field::Srh) {
            let owned = || name.to_owned();
            match self.header(name) {
                Found::One(_) => {}
                Found::None => return Err(SasRefusal::SignedHeaderMissing { name: owned() }),
                Found::Unusable => return Err(SasRefusal::SignedHeaderUnusable { name: owned() }),
            }
        }
        for name in self.names(Field::Srq) {
            let owned = || name.to_owned();
            match self.parameter(name) {
                Found::One(_) => {}
                Found::None => return Err(SasRefusal::SignedQueryMissing { name: owned() }),
                Found::Unusable => return Err(SasRefusal::SignedQueryUnusable { name: owned() }),
            }
        }
        Ok(())
    }

    /// The names in a list of them.
    fn names(&self, field: Field) -> impl Iterator<Item = &str> {
        self.sas.get(field).into_iter().flat_map(|names| names.split(','))
    }

    fn header(&self, name: &str) -> Found<'_> {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
            return Found::None;
        };
        let values = self.request.parts.headers.get_all(name).into_iter();
        Found::of(values.map(|value| std::str::from_utf8(value.as_bytes()).ok().map(Cow::Borrowed)))
    }

    fn parameter(&self, wanted: &str) -> Found<'_> {
        let query = self.request.parts.uri.query().unwrap_or_default();
        Found::of(query.split('&').filter_map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let named = decode(name).is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            named.then(|| decode(value))
        }))
    }
}

// === impl Found ===

/// What a request has under a name.
enum Found<'a> {
    None,
    One(Cow<'a, str>),
    /// Several values, of which the server would use which it likes, or one that cannot stand on a line.
    Unusable,
}

impl<'a> Found<'a> {
    /// Of the values under the name, as far as they are text.
    fn of(mut values: impl Iterator<Item = Option<Cow<'a, str>>>) -> Self {
        match (values.next(), values.next()) {
            (None, _) => Self::None,
            (Some(Some(value)), None) if !breaks_line(&value) => Self::One(value),
            _ => Self::Unusable,
        }
    }

    fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::One(value) => value,
            Self::None | Self::Unusable => Cow::Borrowed(""),
        }
    }
}

impl Values for Reading<'_> {
    fn write(&self, line: Line, out: &mut impl Write) -> fmt::Result {
        match line {
            Line::Account => out.write_str(self.request.account.as_str()),
            Line::Field(field) => out.write_str(self.sas.get(field).unwrap_or_default()),
            Line::Resource => {
                if self.sas.version >= PREFIXED {
                    out.write_str(self.place.prefix)?;
                }
                for part in [
                    Some(self.request.account.as_str()),
                    Some(self.place.root),
                    self.place.path,
                ]
                .into_iter()
                .flatten()
                {
                    out.write_char('/')?;
                    out.write_str(part)?;
                }
                Ok(())
            }
            Line::Instant => out.write_str(self.place.instant),
            Line::Headers => self.names(Field::Srh).try_for_each(|name| {
                let value = self.header(name).into_text();
                writeln!(out, "{name}:{value}")
            }),
            Line::Query => self.names(Field::Srq).try_for_each(|name| {
                let value = self.parameter(name).into_text();
                write!(out, "\n{name}:{value}")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ancestor_has_as_many_segments() {
        for (path, depth, expected) in [
            ("a/b/c", 0, Some("")),
            ("a/b/c", 1, Some("a")),
            ("a/b/c", 2, Some("a/b")),
            ("a/b/c", 3, Some("a/b/c")),
            ("a/b/c", 4, None),
            ("a/b/", 2, Some("a/b")),
            ("ü/b", 1, Some("ü")),
        ] {
            assert_eq!(ancestor(path, depth), expected, "{path} {depth}");
        }
    }
}

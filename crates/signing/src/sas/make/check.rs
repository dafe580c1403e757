//! Whether the terms of a SAS go together, as far as the types have not seen to it.

use std::borrow::Cow;
use std::fmt::{self, Write};

use time::OffsetDateTime;

use super::super::field::Field;
use super::super::instant::{self, InstantText};
use super::super::layout::{Layout, Line, Values, breaks_line};
use super::super::terms::{SasService, SignedResource};
use super::draft::Place;
use super::sign::Writing;
use crate::error::{Error, ErrorKind};

/// The longest id of a stored access policy.
const POLICY_LENGTH: usize = 64;

/// The longest name of a container or share.
const ROOT_LENGTH: usize = 63;

/// The longest name of a blob.
const BLOB_LENGTH: usize = 1024;

fn refuse(why: impl fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidSas, format!("cannot make the SAS: {why}"))
}

impl Writing<'_> {
    pub(super) fn check(&self, layout: &Layout) -> Result<(), Error> {
        self.check_version(layout)?;
        self.check_texts()?;
        if let Some(place) = &self.draft.place {
            check_place(place)?;
        }
        self.check_permissions()?;
        self.check_times()?;
        if self.draft.addresses.is_some_and(|range| !range.is_ordered()) {
            return Err(refuse("the last of the addresses is before the first"));
        }
        self.check_key()
    }

    /// Whether the version knows this kind of SAS and every term of it.
    fn check_version(&self, layout: &Layout) -> Result<(), Error> {
        let version = self.draft.version;
        let needs = |what: &str, since| {
            refuse(format_args!(
                "{what} needs version {since} or later, not {version}"
            ))
        };
        if version < layout.since {
            return Err(needs(layout.name, layout.since));
        }
        let resource = self.draft.place.as_ref().map(|place| place.resource);
        if let Some(resource) = resource.filter(|resource| version < resource.since()) {
            return Err(needs(&format!("a SAS for {}", resource.name()), resource.since()));
        }
        for (line, since) in layout.newer_than(version) {
            // Which resource it is, is always sent and has been looked at.
            let sent = matches!(line, Line::Field(Field::Sr) | Line::Instant);
            let mut probe = Probe(false);
            if !sent && self.write(line, &mut probe).is_ok() && probe.0 {
                return Err(needs(&term(line), since));
            }
        }
        let permissions = self.draft.permissions;
        match permissions.newer_than(version, self.draft.place.is_none()) {
            Some((letter, since)) => Err(needs(&format!("the permission `{letter}`"), since)),
            None => Ok(()),
        }
    }

    /// Whether every text can stand on a line of its own.
    fn check_texts(&self) -> Result<(), Error> {
        if let Some((what, _)) = self.draft.texts().find(|(_, text)| breaks_line(text)) {
            return Err(refuse(format_args!(
                "the {what} has a line feed, a carriage return or a NUL"
            )));
        }
        if let Some(id) = &self.draft.policy {
            let length = id.chars().count();
            if !(1..=POLICY_LENGTH).contains(&length) {
                return Err(refuse(format_args!(
                    "the id of the stored access policy has {length} characters, but 1 to {POLICY_LENGTH} are allowed"
                )));
            }
        }
        if self.draft.agent.as_ref().is_some_and(|agent| agent.is_empty()) {
            return Err(refuse("the user in whose name it acts has no id"));
        }
        self.check_pairs()
    }

    /// Whether a request can have the headers and query parameters that it must have, and each of them once.
    fn check_pairs(&self) -> Result<(), Error> {
        let (headers, query) = (&self.draft.headers.0, &self.draft.query.0);
        let bad_header = |name: &str| http::HeaderName::from_bytes(name.as_bytes()).is_err();
        if headers.iter().any(|(name, _)| bad_header(name)) {
            return Err(refuse(
                "a header that a request must have has a name that no header can have",
            ));
        }
        if headers
            .iter()
            .any(|(_, value)| value.trim_matches([' ', '\t']) != value)
        {
            return Err(refuse(
                "a header that a request must have has a value with blanks around it, which HTTP does not carry",
            ));
        }
        let bad_query = |name: &str| name.is_empty() || name.contains([',', ':']);
        if query.iter().any(|(name, _)| bad_query(name)) {
            return Err(refuse(
                "a query parameter that a request must have has an empty name, or one with a comma or a colon",
            ));
        }
        if query.iter().any(|(name, _)| Field::named(name).is_some()) {
            return Err(refuse(
                "a query parameter that a request must have has the name of a parameter of the SAS itself",
            ));
        }
        if has_twice(headers) || has_twice(query) {
            return Err(refuse(
                "a header or query parameter that a request must have is given more than once",
            ));
        }
        Ok(())
    }

    fn check_permissions(&self) -> Result<(), Error> {
        let permissions = self.draft.permissions;
        if permissions.is_empty() && self.draft.policy.is_none() {
            return Err(refuse("it permits nothing; give at least one permission"));
        }
        let mut letters = permissions.letters().iter();
        match letters.find(|letter| !self.order.contains(*letter)) {
            Some(letter) => Err(refuse(format_args!(
                "it cannot have the permission `{letter}`, only some of `{}`",
                self.order
            ))),
            None => Ok(()),
        }
    }

    fn check_times(&self) -> Result<(), Error> {
        let whole = |at: Option<_>| at.and_then(instant::whole_seconds);
        let (start, expiry) = (whole(self.draft.starts), whole(self.draft.expires));
        if start.zip(expiry).is_some_and(|(start, expiry)| expiry <= start) {
            return Err(refuse("its expiry is not after its start"));
        }
        let Some(key) = self.signer.delegation() else {
            return Ok(());
        };
        // A start before the key's is usual, for clocks that differ; it does no more than begin with the key.
        if expiry.is_some_and(|expiry| expiry > key.expires || expiry <= key.starts) {
            return Err(refuse(
                "its expiry is not within the time of the user delegation key; ask the service for another key",
            ));
        }
        Ok(())
    }

    fn check_key(&self) -> Result<(), Error> {
        let service = self.draft.service();
        match self.signer.delegation() {
            Some(key) if !key.service.contains(service.letter()) => Err(refuse(format_args!(
                "the user delegation key is not for the {} service",
                service.name()
            ))),
            _ => Ok(()),
        }
    }
}

/// The text of a time of the SAS, if it has one.
pub(super) fn instant_text(name: &str, at: Option<OffsetDateTime>) -> Result<Option<InstantText>, Error> {
    let text = |at| {
        InstantText::of(at).ok_or_else(|| refuse(format_args!("its {name} is not in the years 0 to 9999")))
    };
    at.map(text).transpose()
}

/// Whether two of the pairs have one name.
fn has_twice(pairs: &[(Cow<'_, str>, Cow<'_, str>)]) -> bool {
    let mut rest = pairs.iter();
    std::iter::from_fn(|| Some((rest.next()?, rest.as_slice())))
        .any(|((name, _), later)| later.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)))
}

fn check_place(place: &Place<'_>) -> Result<(), Error> {
    let files = place.resource.service() == SasService::File;
    let root = if files { "share" } else { "container" };
    let name = place.root.strip_prefix('$').unwrap_or(&place.root);
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || place.root.len() > ROOT_LENGTH || !name.chars().all(allowed) {
        return Err(refuse(format_args!(
            "the name of the {root} is not one of up to {ROOT_LENGTH} lower-case letters, digits and hyphens"
        )));
    }
    // The root directory of a container has an empty path too.
    let pathless = matches!(
        place.resource,
        SignedResource::Container | SignedResource::Share | SignedResource::Directory
    );
    if !pathless && place.path.is_empty() {
        return Err(refuse(format_args!("{} has no name", place.resource.name())));
    }
    if !files && place.path.chars().count() > BLOB_LENGTH {
        return Err(refuse(format_args!(
            "the name of the blob has more than {BLOB_LENGTH} characters"
        )));
    }
    if place.resource == SignedResource::Directory && place.path.contains("//") {
        return Err(refuse("the path of the directory has an empty segment"));
    }
    let dated = matches!(place.resource, SignedResource::Snapshot | SignedResource::Version);
    if dated && place.instant.is_empty() {
        return Err(refuse(format_args!("{} has no id", place.resource.name())));
    }
    Ok(())
}

/// What a line is to the one who makes a SAS.
fn term(line: Line) -> String {
    match line {
        Line::Field(Field::Sip) => "a limit to IP addresses".to_owned(),
        Line::Field(Field::Spr) => "a limit to a protocol".to_owned(),
        Line::Field(Field::Ses) => "an encryption scope".to_owned(),
        Line::Field(Field::Saoid | Field::Suoid) => "an agent".to_owned(),
        Line::Field(Field::Scid) => "a correlation id".to_owned(),
        Line::Field(Field::Skdutid) => "a user delegation key with a delegated tenant".to_owned(),
        Line::Field(Field::Sduoid) => "a delegated user".to_owned(),
        Line::Field(Field::Rscc | Field::Rscd | Field::Rsce | Field::Rscl | Field::Rsct) => {
            "an override of a response header".to_owned()
        }
        Line::Headers => "a header that a request must have".to_owned(),
        Line::Query => "a query parameter that a request must have".to_owned(),
        Line::Field(field) => format!("`{}`", field.name()),
        Line::Account | Line::Resource | Line::Instant => "what it is for".to_owned(),
    }
}

// === impl Probe ===

/// Whether anything was written.
struct Probe(bool);

impl Write for Probe {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 |= !text.is_empty();
        Ok(())
    }
}

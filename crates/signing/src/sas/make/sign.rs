//! The text to sign and the token, both written from the same terms.

use std::borrow::Cow;
use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::super::field::Field;
use super::super::instant::InstantText;
use super::super::layout::{Layout, Line, PREFIXED, Values};
use super::super::terms::{RESOURCE_TYPES, SERVICES, SasService, SignedResource};
use super::super::token::SasToken;
use super::check::instant_text;
use super::draft::Draft;
use super::signer::Signer;
use crate::account_key::{MAC_LENGTH, MacBase64};
use crate::error::{Error, ErrorKind};

/// Room for the usual text and the usual token, so that neither grows.
const USUAL_LENGTH: usize = 512;

/// Room for a signature when each of its characters is encoded.
const SIGNATURE_LENGTH: usize = "&sig=".len() + 3 * 4 * MAC_LENGTH.div_ceil(3);

/// All but the characters that RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Draft<'_> {
    /// The service that a SAS for one resource is for.
    pub(super) fn service(&self) -> SasService {
        self.place
            .as_ref()
            .map_or(SasService::Blob, |place| place.resource.service())
    }

    /// Checks the terms, writes them down and signs them.
    pub(super) fn sign(
        &self,
        layout: &'static Layout,
        order: &'static str,
        signer: Signer<'_>,
    ) -> Result<SasToken, Error> {
        let writing = Writing {
            draft: self,
            order,
            signer,
            starts: instant_text("start", self.starts)?,
            expires: instant_text("expiry", self.expires)?,
        };
        writing.check(layout)?;
        // Each value was checked for what could fail here.
        let refuse =
            |source: fmt::Error| Error::new(ErrorKind::InvalidSas, "a SAS cannot be written").because(source);
        let mut text = String::with_capacity(USUAL_LENGTH);
        layout.write(self.version, &writing, &mut text).map_err(refuse)?;
        let mac = signer.mac(&text);
        let mut token = Zeroizing::new(String::with_capacity(USUAL_LENGTH));
        writing.push_parameters(&mut token).map_err(refuse)?;
        // A buffer that grows leaves copies behind, so the room for the secret is made before the secret.
        token.reserve(SIGNATURE_LENGTH);
        Parameter::new(Field::Sig, &mut token)
            .write_str(MacBase64::of(&mac).as_str())
            .map_err(refuse)?;
        Ok(SasToken::made(token))
    }
}

// === impl Writing ===

/// The terms of a SAS, the order of its permissions and the key that signs it.
#[derive(Clone, Copy)]
pub(super) struct Writing<'a> {
    pub(super) draft: &'a Draft<'a>,
    pub(super) order: &'static str,
    pub(super) signer: Signer<'a>,
    starts: Option<InstantText>,
    expires: Option<InstantText>,
}

impl Writing<'_> {
    /// Writes every parameter but the signature that has a value.
    fn push_parameters(&self, token: &mut String) -> fmt::Result {
        Field::ALL.iter().try_for_each(|field| {
            let mut parameter = Parameter::new(*field, token);
            self.write(Line::Field(*field), &mut parameter)
        })
    }

    fn write_field(&self, field: Field, out: &mut impl Write) -> fmt::Result {
        let draft = self.draft;
        match field {
            Field::Sv => out.write_str(draft.version.as_str()),
            Field::Ss => draft.services.write(SERVICES, out),
            Field::Srt => draft.types.write(RESOURCE_TYPES, out),
            Field::Sr => match &draft.place {
                Some(place) => out.write_str(place.resource.code()),
                None => Ok(()),
            },
            Field::Sdd => match &draft.place {
                Some(place) if place.resource == SignedResource::Directory => {
                    write!(out, "{}", place.depth())
                }
                _ => Ok(()),
            },
            Field::Sp => draft.permissions.letters().write(self.order, out),
            Field::St => out.write_str(self.starts.as_ref().map_or("", InstantText::as_str)),
            Field::Se => out.write_str(self.expires.as_ref().map_or("", InstantText::as_str)),
            Field::Sip => draft.addresses.map_or(Ok(()), |range| write!(out, "{range}")),
            Field::Spr => out.write_str(draft.protocol.map_or("", |protocol| protocol.as_str())),
            Field::Si => out.write_str(draft.policy.as_deref().unwrap_or_default()),
            Field::Ses => out.write_str(&draft.encryption_scope),
            Field::Skoid
            | Field::Sktid
            | Field::Skt
            | Field::Ske
            | Field::Sks
            | Field::Skv
            | Field::Skdutid => out.write_str(self.signer.get(field)),
            Field::Saoid | Field::Suoid => {
                out.write_str(draft.agent.as_ref().map_or("", |agent| agent.get(field)))
            }
            Field::Scid => out.write_str(&draft.correlation_id),
            Field::Sduoid => out.write_str(&draft.delegated_user_id),
            Field::Srh => write_names(&draft.headers.0, out),
            Field::Srq => write_names(&draft.query.0, out),
            Field::Rscc | Field::Rscd | Field::Rsce | Field::Rscl | Field::Rsct => {
                out.write_str(draft.overrides.get(field))
            }
            Field::Sig => Ok(()),
        }
    }

    fn write_resource(&self, out: &mut impl Write) -> fmt::Result {
        let Some(place) = &self.draft.place else {
            return Ok(());
        };
        if self.draft.version >= PREFIXED {
            out.write_char('/')?;
            out.write_str(place.resource.service().name())?;
        }
        for part in [self.signer.account().as_str(), &place.root, &place.path] {
            if !part.is_empty() {
                out.write_char('/')?;
                out.write_str(part)?;
            }
        }
        Ok(())
    }
}

fn write_names<T>(pairs: &[(Cow<'_, str>, T)], out: &mut impl Write) -> fmt::Result {
    for (at, (name, _)) in pairs.iter().enumerate() {
        if at > 0 {
            out.write_char(',')?;
        }
        out.write_str(name)?;
    }
    Ok(())
}

impl Values for Writing<'_> {
    fn write(&self, line: Line, out: &mut impl Write) -> fmt::Result {
        match line {
            Line::Account => out.write_str(self.signer.account().as_str()),
            Line::Field(field) => self.write_field(field, out),
            Line::Resource => self.write_resource(out),
            Line::Instant => out.write_str(self.draft.place.as_ref().map_or("", |place| &place.instant)),
            Line::Headers => {
                let mut headers = self.draft.headers.0.iter();
                headers.try_for_each(|(name, value)| writeln!(out, "{name}:{value}"))
            }
            Line::Query => {
                let mut query = self.draft.query.0.iter();
                query.try_for_each(|(name, value)| write!(out, "\n{name}:{value}"))
            }
        }
    }
}

// === impl Parameter ===

/// A parameter at the end of a token: percent-encodes what is written to it, and is not there while that is nothing.
struct Parameter<'t> {
    field: Field,
    token: &'t mut String,
    begun: bool,
}

impl<'t> Parameter<'t> {
    fn new(field: Field, token: &'t mut String) -> Self {
        Self {
            field,
            token,
            begun: false,
        }
    }

    fn push(&mut self, text: &str) {
        if !self.begun {
            if !self.token.is_empty() {
                self.token.push('&');
            }
            self.token.push_str(self.field.name());
            self.token.push('=');
            self.begun = true;
        }
        self.token.extend(utf8_percent_encode(text, ENCODED));
    }
}

impl Write for Parameter<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Most parameters are absent from most tokens.
        if !text.is_empty() {
            self.push(text);
        }
        Ok(())
    }
}

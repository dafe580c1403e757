//! A query taken apart: each parameter of a SAS once, in the form that it must have.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use super::super::field::Field;
use super::super::instant;
use super::super::ip_range::IpRange;
use super::super::layout::{self, Layout, Line, breaks_line};
use super::super::letters::Letters;
use super::super::permissions::Permissions;
use super::super::terms::{RESOURCE_TYPES, ResourceTypes, SERVICES, SasProtocol, SasService, SignedResource};
use super::super::version::SasVersion;
use super::{DelegationFields, ReceivedSas, SasKind, SasRefusal};

/// Room for the parameters of the usual SAS.
const USUAL_COUNT: usize = 16;

/// The parameters that only a user delegation SAS has, and must have.
const DELEGATION: [Field; 6] = [
    Field::Skoid,
    Field::Sktid,
    Field::Skt,
    Field::Ske,
    Field::Sks,
    Field::Skv,
];

impl ReceivedSas {
    /// Reads the SAS in a query, which is given as it was sent. `None` when the query has no `sig`: then it has no SAS.
    ///
    /// A parameter that the SAS's version does not sign yet is left out: it binds nobody.
    ///
    /// # Errors
    /// [`SasRefusal::DuplicateField`], [`MissingField`](SasRefusal::MissingField),
    /// [`MalformedField`](SasRefusal::MalformedField), [`FieldNotAllowed`](SasRefusal::FieldNotAllowed),
    /// [`UnknownVersion`](SasRefusal::UnknownVersion) or [`ExpiryBeforeStart`](SasRefusal::ExpiryBeforeStart).
    pub fn from_query(query: &str) -> Result<Option<Self>, SasRefusal> {
        let Some((mut fields, mac)) = Fields::read(query)? else {
            return Ok(None);
        };
        let version = fields.need(Field::Sv, SasVersion::read)?;
        let kind = fields.kind();
        let resource = match kind {
            SasKind::Account => None,
            _ => Some(fields.need(Field::Sr, SignedResource::read)?),
        };
        let layout = layout_of(kind, resource);
        if version < layout.since {
            let version = version.to_string();
            return Err(SasRefusal::UnknownVersion { version });
        }
        if resource.is_some_and(|resource| version < resource.since()) {
            return Err(malformed(Field::Sr));
        }
        fields.keep_signed(kind, layout, version, resource);
        let sas = Self {
            kind,
            version,
            layout,
            resource,
            depth: fields.depth(resource)?,
            permissions: fields.take(Field::Sp, Permissions::read)?,
            starts: fields.take(Field::St, instant::parse)?,
            expires: fields.take(Field::Se, instant::parse)?,
            addresses: fields.take(Field::Sip, IpRange::read)?,
            protocol: fields.take(Field::Spr, SasProtocol::read)?,
            types: fields.types(kind)?,
            delegation: fields.delegation(kind)?,
            values: fields.checked_names()?.0,
            mac,
        };
        sas.check_form()?;
        Ok(Some(sas))
    }

    /// What a SAS that names no stored access policy must say itself, and that it does not end before it begins.
    fn check_form(&self) -> Result<(), SasRefusal> {
        if self.policy().is_none() {
            for (field, absent) in [
                (Field::Sp, self.permissions.is_none()),
                (Field::Se, self.expires.is_none()),
            ] {
                if absent {
                    return Err(missing(field));
                }
            }
        }
        match (self.starts, self.expires) {
            (Some(start), Some(expiry)) if expiry <= start => {
                Err(SasRefusal::ExpiryBeforeStart { start, expiry })
            }
            _ => Ok(()),
        }
    }
}

fn layout_of(kind: SasKind, resource: Option<SignedResource>) -> &'static Layout {
    let files = resource.is_some_and(|resource| resource.service() == SasService::File);
    match (kind, files) {
        (SasKind::Account, _) => &layout::ACCOUNT,
        (SasKind::Service, false) => &layout::BLOB,
        (SasKind::Service, true) => &layout::FILE,
        (SasKind::UserDelegation, false) => &layout::DELEGATED_BLOB,
        (SasKind::UserDelegation, true) => &layout::DELEGATED_FILE,
    }
}

pub(super) fn missing(field: Field) -> SasRefusal {
    SasRefusal::MissingField { field: field.name() }
}

fn malformed(field: Field) -> SasRefusal {
    SasRefusal::MalformedField { field: field.name() }
}

/// Percent-decodes what stands in a query; a `+` is a space there.
pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if text.contains('+') {
        let text = text.replace('+', " ");
        let decoded = percent_decode_str(&text).decode_utf8().ok()?;
        return Some(Cow::Owned(decoded.into_owned()));
    }
    percent_decode_str(text).decode_utf8().ok()
}

// === impl Fields ===

/// The bytes of a signature.
type Mac = Zeroizing<Vec<u8>>;

/// The parameters of a SAS that have a value, in the order in which they came.
struct Fields(Vec<(Field, String)>);

impl Fields {
    /// All but the signature, and the signature's bytes.
    fn read(query: &str) -> Result<Option<(Self, Mac)>, SasRefusal> {
        let mut fields = Self(Vec::with_capacity(USUAL_COUNT));
        let mut seen = 0_u64;
        let mut signature = None;
        for parameter in query.split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let Some(field) = decode(name).and_then(|name| Field::named(&name)) else {
                continue;
            };
            let bit = 1 << field as u32;
            if seen & bit != 0 {
                return Err(SasRefusal::DuplicateField { field: field.name() });
            }
            seen |= bit;
            let value = decode(value).filter(|value| !breaks_line(value));
            let value = value.ok_or_else(|| malformed(field))?;
            if field == Field::Sig {
                signature = Some(Zeroizing::new(value.into_owned()));
            } else if !value.is_empty() {
                fields.0.push((field, value.into_owned()));
            }
        }
        let Some(signature) = signature else {
            return Ok(None);
        };
        if signature.is_empty() {
            return Err(missing(Field::Sig));
        }
        let mut mac = Zeroizing::new(Vec::with_capacity(signature.len()));
        match STANDARD.decode_vec(signature.as_bytes(), &mut mac) {
            Ok(()) => Ok(Some((fields, mac))),
            // The decoder's own error quotes a byte of the signature, so it is not passed on.
            Err(_) => Err(malformed(Field::Sig)),
        }
    }

    fn get(&self, field: Field) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == field);
        found.map(|(_, value)| value.as_str())
    }

    /// A value that may be absent.
    fn take<T>(&self, field: Field, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, SasRefusal> {
        let value = self.get(field);
        value
            .map(|value| read(value).ok_or_else(|| malformed(field)))
            .transpose()
    }

    /// A value that must be there.
    fn need<T>(&self, field: Field, read: impl FnOnce(&str) -> Option<T>) -> Result<T, SasRefusal> {
        self.take(field, read)?.ok_or_else(|| missing(field))
    }

    fn kind(&self) -> SasKind {
        let has = |fields: &[Field]| fields.iter().any(|field| self.get(*field).is_some());
        if has(&DELEGATION) {
            SasKind::UserDelegation
        } else if has(&[Field::Ss, Field::Srt]) {
            SasKind::Account
        } else {
            SasKind::Service
        }
    }

    /// Forgets what neither is signed nor says what is signed.
    fn keep_signed(
        &mut self,
        kind: SasKind,
        layout: &Layout,
        version: SasVersion,
        resource: Option<SignedResource>,
    ) {
        self.0.retain(|(field, _)| match field {
            Field::Sv => true,
            Field::Sr => resource.is_some(),
            Field::Sdd => resource == Some(SignedResource::Directory),
            Field::Srh => layout.signs(Line::Headers, version),
            Field::Srq => layout.signs(Line::Query, version),
            // A user delegation SAS that names a policy is refused, not read as if it named none.
            Field::Si => kind == SasKind::UserDelegation || layout.signs(Line::Field(*field), version),
            _ => layout.signs(Line::Field(*field), version),
        });
    }

    /// The same, if the names of what is signed of the request end where their values begin.
    fn checked_names(self) -> Result<Self, SasRefusal> {
        let ambiguous = |name: &str| name.is_empty() || name.contains(':');
        for field in [Field::Srh, Field::Srq] {
            if self
                .get(field)
                .is_some_and(|names| names.split(',').any(ambiguous))
            {
                return Err(malformed(field));
            }
        }
        Ok(self)
    }

    fn depth(&self, resource: Option<SignedResource>) -> Result<Option<usize>, SasRefusal> {
        if resource != Some(SignedResource::Directory) {
            return Ok(None);
        }
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let read = |text: &str| text.parse().ok().filter(|_| plain(text));
        self.need(Field::Sdd, read).map(Some)
    }

    fn types(&self, kind: SasKind) -> Result<Option<ResourceTypes>, SasRefusal> {
        if kind != SasKind::Account {
            return Ok(None);
        }
        let among = |order: &'static str| {
            move |text: &str| {
                let letters = Letters::read(text)?;
                letters
                    .iter()
                    .all(|letter| order.contains(letter))
                    .then_some(letters)
            }
        };
        self.need(Field::Ss, among(SERVICES))?;
        self.need(Field::Srt, among(RESOURCE_TYPES))
            .map(|letters| Some(ResourceTypes(letters)))
    }

    fn delegation(&self, kind: SasKind) -> Result<Option<DelegationFields>, SasRefusal> {
        if kind != SasKind::UserDelegation {
            return Ok(None);
        }
        if self.get(Field::Si).is_some() {
            let field = Field::Si.name();
            return Err(SasRefusal::FieldNotAllowed { field });
        }
        if self.get(Field::Saoid).is_some() && self.get(Field::Suoid).is_some() {
            let field = Field::Suoid.name();
            return Err(SasRefusal::FieldNotAllowed { field });
        }
        let text = |text: &str| Some(text.to_owned());
        Ok(Some(DelegationFields {
            object_id: self.need(Field::Skoid, text)?,
            tenant_id: self.need(Field::Sktid, text)?,
            starts: self.need(Field::Skt, instant::parse)?,
            expires: self.need(Field::Ske, instant::parse)?,
            service: self.need(Field::Sks, |value| Letters::read(value).and_then(|_| text(value)))?,
            version: self.need(Field::Skv, |value| {
                SasVersion::read(value).and_then(|_| text(value))
            })?,
            delegated_tenant_id: self.take(Field::Skdutid, text)?,
        }))
    }
}

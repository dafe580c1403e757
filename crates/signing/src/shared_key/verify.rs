//! The side of the server: is this request the one that the holder of the key has signed, and lately?

use http::HeaderMap;
use http::header::{AUTHORIZATION, DATE};
use http::request::Parts;
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

use super::SharedKey;
use super::string_to_sign::push_string_to_sign;
use crate::authorization::{Authorization, AuthorizationFault, parse_authorization};
use crate::canonical::{Reading, Text};
use crate::date;
use crate::headers::X_MS_DATE;
use crate::refusal::Refusal;
use crate::string_to_sign::StringToSign;

/// How far the date of a request may be from the server's: 15 minutes, either way.
pub const CLOCK_SKEW: Duration = Duration::minutes(15);

impl SharedKey {
    /// Checks the signature of a request against this account and key, by Shared Key or Shared Key Lite, whichever
    /// its `Authorization` says. A server looks the account up first, with
    /// [`parse_authorization`], and tries the account's second key when the first gives
    /// [`Refusal::SignatureMismatch`].
    ///
    /// `now` is the server's time; a request dated more than `tolerance` (usually [`CLOCK_SKEW`]) before or after it
    /// is refused. Where the SDKs differ, each of their forms is accepted: a path that begins with
    /// `/ACCOUNT-secondary` signed so or as the primary's, whitespace inside `x-ms-` values signed as sent or folded, a `+`
    /// in the query signed as it is or as the space that servers read.
    /// The comparison takes the same time wherever the signatures differ.
    ///
    /// # Errors
    /// The first [`Refusal`] that applies, in the order of its variants.
    pub fn verify(&self, parts: &Parts, now: OffsetDateTime, tolerance: Duration) -> Result<(), Refusal> {
        let mut values = parts.headers.get_all(AUTHORIZATION).iter();
        let value = values.next().ok_or(Refusal::MissingAuthorization)?;
        if values.next().is_some() {
            return Err(AuthorizationFault::Repeated.into());
        }
        let authorization = parse_authorization(value)?;
        if authorization.account() != self.account().as_str() {
            return Err(AuthorizationFault::AccountMismatch.into());
        }
        let date = date_of(&parts.headers)?;
        if (now - date).abs() > tolerance {
            return Err(Refusal::DateOutOfWindow { date, now, tolerance });
        }
        self.verify_mac(parts, &authorization)
    }

    fn verify_mac(&self, parts: &Parts, authorization: &Authorization) -> Result<(), Refusal> {
        let mut likeliest: Option<Text> = None;
        let mut text = Text::new();
        let has_plus = parts.uri.query().is_some_and(|query| query.contains('+'));
        let told_apart = |reading: &Reading| has_plus || !reading.plus_is_space;
        for reading in Reading::ACCEPTED.into_iter().filter(told_apart) {
            text.truncate(0);
            push_string_to_sign(&mut text, authorization.scheme(), self.account(), parts, reading)
                .map_err(Refusal::Unsignable)?;
            if likeliest.as_ref() == Some(&text) {
                continue;
            }
            if bool::from(self.mac_of(&text).as_slice().ct_eq(authorization.mac())) {
                return Ok(());
            }
            likeliest.get_or_insert_with(|| text.clone());
        }
        let likeliest = likeliest.map_or_else(String::new, |text| text.to_str().into_owned());
        Err(Refusal::SignatureMismatch {
            string_to_sign: StringToSign::new(likeliest),
        })
    }
}

/// The date that was signed: `x-ms-date`, or `Date` where the former is absent.
fn date_of(headers: &HeaderMap) -> Result<OffsetDateTime, Refusal> {
    let header = if headers.contains_key(&X_MS_DATE) {
        &X_MS_DATE
    } else {
        &DATE
    };
    let mut values = headers.get_all(header).iter();
    let value = values.next().ok_or(Refusal::MissingDate)?;
    let alone = values.next().is_none();
    let date = value.to_str().ok().filter(|_| alone).and_then(date::parse);
    date.ok_or_else(|| Refusal::UnreadableDate {
        header: header.clone(),
    })
}

//! The key pair that tokens are signed with.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::jwt::Jwt;

/// An RSA key pair of 2,048 bits and the id that tokens name it by.
pub(super) struct SigningKey {
    pair: KeyPair,
    id: String,
    modulus: String,
    exponent: String,
}

impl SigningKey {
    /// Makes a new one, which takes some tenths of a second. `None` when the machine has no randomness to give.
    pub(super) fn generate() -> Option<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let (modulus, exponent) = components(pair.public_key().as_ref())?;
        let (modulus, exponent) = (URL_SAFE_NO_PAD.encode(modulus), URL_SAFE_NO_PAD.encode(exponent));
        // The thumbprint of RFC 7638.
        let canonical = format!(r#"{{"e":"{exponent}","kty":"RSA","n":"{modulus}"}}"#);
        let id = URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
        Some(Self {
            pair,
            id,
            modulus,
            exponent,
        })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The public half, as an entry of a JSON Web Key Set.
    pub(super) fn public(&self) -> Value {
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id,
            "x5t": self.id,
            "n": self.modulus,
            "e": self.exponent,
        })
    }

    /// Makes a token of claims. `None` when the signature cannot be made, which no input causes.
    pub(super) fn sign(&self, claims: &Map<String, Value>) -> Option<String> {
        let header = json!({ "typ": "JWT", "alg": "RS256", "x5t": self.id, "kid": self.id });
        let encode = |json: Vec<u8>| URL_SAFE_NO_PAD.encode(json);
        let header = encode(serde_json::to_vec(&header).ok()?);
        let claims = encode(serde_json::to_vec(claims).ok()?);
        let signed = format!("{header}.{claims}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let made = self.pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        );
        made.ok()?;
        Some(format!("{signed}.{}", encode(signature)))
    }

    /// Whether a token has the signature of this key.
    pub(super) fn has_signed(&self, jwt: &Jwt<'_>) -> bool {
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        let signature = jwt.signature().filter(|_| jwt.header("alg") == Some("RS256"));
        signature.is_some_and(|signature| key.verify(jwt.signed(), &signature).is_ok())
    }
}

/// The modulus and the exponent of an RSA public key in DER, each without leading zeros.
fn components(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, []) = element(0x30, der)? else {
        return None;
    };
    let (modulus, rest) = element(0x02, sequence)?;
    let (exponent, []) = element(0x02, rest)? else {
        return None;
    };
    let bare = |number: &'_ [u8]| number.iter().take_while(|byte| **byte == 0).count();
    Some((modulus.get(bare(modulus)..)?, exponent.get(bare(exponent)..)?))
}

/// What an element of DER holds, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(*length & 0x7f).min(3))?;
        let length = bytes
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte));
        (length, rest)
    };
    rest.split_at_checked(length).filter(|_| *first == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_is_taken_apart() {
        assert_eq!(components(&[0x30, 6, 2, 2, 0, 9, 2, 1, 3][..8]), None);
        assert_eq!(
            components(&[0x30, 7, 2, 2, 0, 9, 2, 1, 3]),
            Some((&[9][..], &[3][..]))
        );
        assert_eq!(
            components(&[0x30, 0x81, 7, 2, 2, 0, 9, 2, 1, 3]),
            Some((&[9][..], &[3][..]))
        );
        for bad in [&[][..], &[0x30], &[0x30, 0x84, 1], &[0x31, 0], &[0x30, 0]] {
            assert_eq!(components(bad), None);
        }
    }
}

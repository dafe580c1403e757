//! The secret of an account. Only the keyed state of the MAC is kept, so signing does not repeat the key schedule.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorKind};

/// Length of an HMAC-SHA256, in bytes.
pub(crate) const MAC_LENGTH: usize = 32;

/// Length of it in padded base64.
const MAC_BASE64_LENGTH: usize = 44;

/// One of the two keys of a storage account. It is wiped from memory when its last clone is dropped, shows nothing in
/// `Debug`, and cannot be read back. A clone is cheap.
///
/// ```
/// use lazuli_signing::{AccountKey, EMULATOR_KEY};
///
/// let key = AccountKey::from_base64(EMULATOR_KEY)?;
/// assert_eq!(format!("{key:?}"), "AccountKey([redacted])");
/// # Ok::<(), lazuli_signing::Error>(())
/// ```
#[derive(Clone)]
pub struct AccountKey(Arc<SecretBox<KeyedMac>>);

impl AccountKey {
    /// Reads a key as the portal and the tools show it: standard base64 with padding.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidAccountKey`] when the text is empty or not base64. The message quotes none of it.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let refuse = |why: &'static str| Error::new(ErrorKind::InvalidAccountKey, why);
        // Enough room from the start: a buffer that grows leaves copies of the key behind.
        let mut key = Zeroizing::new(Vec::with_capacity(text.len()));
        // The decoder's own error quotes a byte of the key, so it is not passed on.
        STANDARD.decode_vec(text, &mut key).map_err(|_| {
            refuse("the account key is not base64; copy all of it, with its `=` at the end and no spaces or quotes")
        })?;
        if key.is_empty() {
            return Err(refuse("the account key is empty"));
        }
        let state = SecretBox::try_init_with(|| Hmac::new_from_slice(&key).map(KeyedMac))
            .map_err(|_| refuse("the account key has a length that no MAC can take"))?;
        Ok(Self(Arc::new(state)))
    }

    /// The MAC of a message.
    pub(crate) fn mac(&self, message: impl AsRef<[u8]>) -> [u8; MAC_LENGTH] {
        let mut mac = self.0.expose_secret().0.clone();
        mac.update(message.as_ref());
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountKey([redacted])")
    }
}

// === impl KeyedMac ===

/// The MAC after it has taken in the key: as good as the key itself.
#[derive(Clone)]
struct KeyedMac(Hmac<Sha256>);

impl Zeroize for KeyedMac {
    fn zeroize(&mut self) {
        // The state that is replaced wipes itself (the `zeroize` features of `hmac` and `sha2`).
        self.0 = Hmac::new(&hmac::digest::Key::<Hmac<Sha256>>::default());
    }
}

// === impl MacBase64 ===

/// A MAC in base64, on the stack. It is a signature, so it has no `Debug`.
pub(crate) struct MacBase64([u8; MAC_BASE64_LENGTH]);

impl MacBase64 {
    pub(crate) fn of(mac: &[u8; MAC_LENGTH]) -> Self {
        let mut text = [0; MAC_BASE64_LENGTH];
        let written = STANDARD.encode_slice(mac, &mut text);
        debug_assert_eq!(written, Ok(MAC_BASE64_LENGTH));
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        // Base64 is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second test case of RFC 4231: the key is `Jefe`.
    #[test]
    fn the_mac_is_the_one_of_the_standard() {
        let key = AccountKey::from_base64("SmVmZQ==").unwrap();
        let hex: String = key
            .mac("what do ya want for nothing?")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn base64_on_the_stack_is_the_same() {
        let mac = AccountKey::from_base64("SmVmZQ==").unwrap().mac("");
        assert_eq!(MacBase64::of(&mac).as_str(), STANDARD.encode(mac));
    }

    #[test]
    fn a_key_signs_the_same_twice() {
        let key = AccountKey::from_base64(crate::EMULATOR_KEY).unwrap();
        assert_eq!(key.mac("text"), key.clone().mac("text"));
    }

    #[test]
    fn wiping_forgets_the_key() {
        let mut state = KeyedMac(Hmac::new_from_slice(b"Jefe").unwrap());
        state.zeroize();
        let of = |state: &KeyedMac| state.0.clone().chain_update("text").finalize().into_bytes();
        assert_eq!(of(&state), of(&KeyedMac(Hmac::new_from_slice(b"").unwrap())));
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        for text in [
            "SmVmZQ",
            "SmVmZQ== ",
            "Sm VmZQ==",
            "\"SmVmZQ==\"",
            "SmVm_Q==",
            "SmVmZR==",
        ] {
            let error = AccountKey::from_base64(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidAccountKey);
            assert_eq!(
                error.to_string(),
                "the account key is not base64; copy all of it, with its `=` at the end and no spaces or quotes"
            );
        }
        assert_eq!(
            AccountKey::from_base64("").unwrap_err().to_string(),
            "the account key is empty"
        );
    }
}

//! What a caller can choose about TLS, unread.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretSlice;

/// Whom to trust, who this client is, and which versions are spoken. All PEM is read when TLS is set up.
#[derive(Clone, Default)]
pub(crate) struct TlsOptions {
    pub(super) roots: Vec<Arc<SecretSlice<u8>>>,
    pub(super) forgets_machine: bool,
    pub(super) identity: Option<Identity>,
    pub(super) only_1_3: bool,
}

/// A certificate chain and its key.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "_tls"),
    expect(dead_code, reason = "without TLS nobody reads what was chosen for it")
)]
pub(crate) struct Identity {
    // A file can hold both, and be given for both.
    pub(super) chain: Arc<SecretSlice<u8>>,
    pub(super) key: Arc<SecretSlice<u8>>,
}

impl TlsOptions {
    pub(crate) fn add_roots(&mut self, pem: &[u8]) {
        self.roots.push(Arc::new(pem.to_vec().into()));
    }

    pub(crate) fn forget_machine(&mut self) {
        self.forgets_machine = true;
    }

    pub(crate) fn identify(&mut self, chain: &[u8], key: &[u8]) {
        self.identity = Some(Identity {
            chain: Arc::new(chain.to_vec().into()),
            key: Arc::new(key.to_vec().into()),
        });
    }

    pub(crate) fn only_1_3(&mut self, only: bool) {
        self.only_1_3 = only;
    }
}

impl fmt::Debug for TlsOptions {
    // PEM is not shown, of whatever it may be.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsOptions")
            .field("roots", &self.roots.len())
            .field("forgets_machine", &self.forgets_machine)
            .field("identifies", &self.identity.is_some())
            .field("only_1_3", &self.only_1_3)
            .finish()
    }
}

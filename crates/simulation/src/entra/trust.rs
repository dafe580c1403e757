//! Whose tokens the storage services believe.

/// Which access tokens the simulated storage services take, beside those that the simulation itself has issued.
///
/// A token of the simulation, by its issuer or by the id of its key, is always checked wholly: issuer, audience, times and signature.
/// This is about all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenTrust {
    /// Believes the claims: the issuer must have the form of an Entra issuer, the audience must be the account or Azure Storage, and
    /// the token must be valid now. **The signature is not looked at**: the keys of Entra cannot be asked for offline. Real tokens work,
    /// and so do the unsigned ones of test suites; whoever can reach the service can write one. It is what Azurite has as
    /// `--oauth basic`.
    #[default]
    Claims,
    /// Refuses them: their issuer is not the one of this simulation.
    Signed,
}

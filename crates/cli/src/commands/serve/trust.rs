//! Whose access tokens are let in.

use clap::ValueEnum;
use lazuli_simulation::entra::TokenTrust;

/// Which access tokens of others are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Oauth {
    /// All that read as good ones of Entra; nobody looks at their signatures
    #[value(alias = "basic")]
    Claims,
    /// None: only those of the identity endpoints here
    Signed,
}

/// What was wished, or what opens no door that is not open already: on this machine, and where all accounts have the well-known key,
/// everybody is let in as it is.
pub(super) fn decide(wish: Option<Oauth>, is_local: bool, keys_are_public: bool) -> TokenTrust {
    match wish {
        Some(Oauth::Claims) => TokenTrust::Claims,
        Some(Oauth::Signed) => TokenTrust::Signed,
        None if is_local && keys_are_public => TokenTrust::Claims,
        None => TokenTrust::Signed,
    }
}

/// What to say where other machines can reach the services.
pub(super) fn warnings(trust: TokenTrust, has_endpoints: bool) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    if trust == TokenTrust::Claims {
        warnings.push("whoever can reach this address can write a token that is let in: use --oauth signed");
    }
    if has_endpoints {
        warnings.push("whoever can reach this address can get a token for every account, by --identity-port");
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_opened_unasked() {
        use TokenTrust::{Claims, Signed};
        for (wish, is_local, keys_are_public, trust) in [
            (None, true, true, Claims),
            (None, true, false, Signed),
            (None, false, true, Signed),
            (None, false, false, Signed),
            (Some(Oauth::Claims), false, false, Claims),
            (Some(Oauth::Signed), true, true, Signed),
        ] {
            assert_eq!(decide(wish, is_local, keys_are_public), trust);
        }
        assert_eq!(warnings(Signed, false), [""; 0]);
        assert_eq!(warnings(Claims, true).len(), 2);
    }
}

//! Several sources, asked one after the other.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};

use crate::answer::Late;
use crate::{AccessToken, Error, ErrorKind, TokenCredential, TokenFuture, TokenRequest};

/// Sources that are asked in the order in which they were written.
///
/// - A source that is [not available](crate::Error::is_unavailable), or a developer tool that fails, is skipped.
/// - Any other failure ends the search: a source that is there and says no should not be papered over with another identity.
/// - The first that gives a token is remembered, and from then on asked alone, so that a program keeps the identity it began with.
/// - When all are skipped, the error says why for each.
///
/// ```
/// use lazuli_identity::{
///     AccessToken, ChainedTokenCredential, Error, ErrorKind, STORAGE_SCOPE, TokenCredential, TokenFuture, TokenRequest,
/// };
/// use time::macros::datetime;
///
/// #[derive(Debug)]
/// struct Nothing;
/// impl TokenCredential for Nothing {
///     fn get_token(&self, _: TokenRequest) -> TokenFuture<'_> {
///         Box::pin(async { Err(Error::new(ErrorKind::Unavailable, "there is nothing here")) })
///     }
/// }
///
/// #[derive(Debug)]
/// struct Something;
/// impl TokenCredential for Something {
///     fn get_token(&self, _: TokenRequest) -> TokenFuture<'_> {
///         Box::pin(async { Ok(AccessToken::new("eyJ0eXAi", datetime!(2026-06-26 01:00 UTC))) })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let chain = ChainedTokenCredential::new().then(Nothing).then(Something);
/// assert_eq!(chain.get_token(TokenRequest::new(STORAGE_SCOPE)).await?.secret(), "eyJ0eXAi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ChainedTokenCredential {
    sources: Vec<Arc<dyn TokenCredential>>,
    // Set by the first success, and the same for all clones.
    winner: Arc<OnceLock<usize>>,
}

impl ChainedTokenCredential {
    /// With no source yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks this one when those before it have nothing.
    #[must_use]
    pub fn then(mut self, source: impl TokenCredential) -> Self {
        self.sources.push(Arc::new(source));
        // It is another chain than its clones are.
        self.winner = Arc::default();
        self
    }

    /// The names of the sources, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.sources.iter().map(|source| source.name())
    }

    async fn token(&self, mut request: TokenRequest) -> Result<AccessToken, Error> {
        if let Some(source) = self.winner.get().and_then(|&at| self.sources.get(at)) {
            return source.get_token(request).await;
        }
        // Alone it is not in a hurry.
        request.in_chain |= self.sources.len() > 1;
        let mut skipped = Vec::new();
        for (at, source) in self.sources.iter().enumerate() {
            match source.get_token(request.clone()).await {
                Ok(token) => {
                    if *self.winner.get_or_init(|| at) == at {
                        tracing::debug!(source = source.name(), "the source of tokens from now on");
                    }
                    return Ok(token);
                }
                Err(error) if is_skipped(&error) => skipped.push((source.name(), error)),
                Err(error) => return Err(ended(source.name(), error, &skipped)),
            }
        }
        Err(nothing(&skipped))
    }
}

fn is_skipped(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Process => true,
        // An authority that answers too slowly is there.
        ErrorKind::Timeout => !error.source().is_some_and(<dyn StdError>::is::<Late>),
        _ => false,
    }
}

fn ended(name: &str, error: Error, skipped: &[(&'static str, Error)]) -> Error {
    let before = match skipped {
        [] => String::new(),
        some => format!("after {}: ", list(some)),
    };
    error.after(&format!("{before}{name}: "))
}

fn nothing(skipped: &[(&'static str, Error)]) -> Error {
    match skipped {
        [] => Error::unavailable("the chain has no source"),
        [(name, error)] => Error::unavailable(format!("{name}: {error}")),
        some => Error::unavailable(format!("no source has a token: {}", list(some))),
    }
}

fn list(skipped: &[(&'static str, Error)]) -> String {
    let each = skipped.iter().map(|(name, error)| format!("{name} ({error})"));
    each.collect::<Vec<_>>().join("; ")
}

impl TokenCredential for ChainedTokenCredential {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        Box::pin(self.token(request))
    }

    fn name(&self) -> &'static str {
        "ChainedTokenCredential"
    }
}

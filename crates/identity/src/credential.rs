//! The trait of everything that has tokens to give.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::{AccessToken, Error, TokenRequest};

/// A token on its way.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// A source of tokens of Microsoft Entra.
///
/// # No cache
/// A source asks its authority each time it is asked. [`storage_credential`](crate::storage_credential) makes of it a credential
/// that keeps what it got.
///
/// # A source of one's own
/// ```
/// use lazuli_identity::{AccessToken, STORAGE_SCOPE, TokenCredential, TokenFuture, TokenRequest};
/// use time::macros::datetime;
///
/// /// A token that somebody pasted.
/// #[derive(Debug)]
/// struct Pasted(AccessToken);
///
/// impl TokenCredential for Pasted {
///     fn get_token(&self, _: TokenRequest) -> TokenFuture<'_> {
///         Box::pin(async { Ok(self.0.clone()) })
///     }
/// }
///
/// let source = Pasted(AccessToken::new("eyJ0eXAi", datetime!(2026-06-26 01:00 UTC)));
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let token = source.get_token(TokenRequest::new(STORAGE_SCOPE)).await?;
/// assert_eq!(token.secret(), "eyJ0eXAi");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait TokenCredential: Debug + Send + Sync + 'static {
    /// Gets a token.
    ///
    /// # Errors
    /// [`Unavailable`](crate::ErrorKind::Unavailable) where the source is not there, so that a chain goes on; any other kind ends a
    /// chain.
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_>;

    /// What a chain calls it in its errors.
    fn name(&self) -> &'static str {
        "TokenCredential"
    }
}

impl<T: TokenCredential + ?Sized> TokenCredential for Arc<T> {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        (**self).get_token(request)
    }

    fn name(&self) -> &'static str {
        (**self).name()
    }
}

impl<T: TokenCredential + ?Sized> TokenCredential for Box<T> {
    fn get_token(&self, request: TokenRequest) -> TokenFuture<'_> {
        (**self).get_token(request)
    }

    fn name(&self) -> &'static str {
        (**self).name()
    }
}

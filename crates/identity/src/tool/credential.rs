//! What the credentials of all developer tools have in common.

/// The options and the trait of a credential whose fields are a `tool` and its `tenants`, and which has a method `token`.
macro_rules! tool_credential {
    ($credential:ident, $program:literal) => {
        impl $credential {
            /// Of this tenant, by its id or domain name.
            ///
            /// # Errors
            /// When it cannot be a tenant.
            pub fn tenant(mut self, tenant: &str) -> Result<Self, $crate::Error> {
                self.tenants = self.tenants.with_own(tenant)?;
                Ok(self)
            }

            /// Gives tokens of these tenants too; `*` for any. Without a [tenant](Self::tenant) of its own, any tenant may be asked for.
            #[must_use]
            pub fn additionally_allowed_tenants<I: Into<String>>(
                mut self,
                tenants: impl IntoIterator<Item = I>,
            ) -> Self {
                self.tenants.allow(tenants);
                self
            }

            #[doc = concat!("Another program than `", $program, "`: a name that is looked for in `PATH`, or a path. One that is not")]
            /// whole begins in the folder that this process is in.
            #[must_use]
            pub fn program(mut self, program: impl Into<std::path::PathBuf>) -> Self {
                self.tool.program = program.into();
                self
            }

            /// How long it may take, 10 s unless said otherwise.
            #[must_use]
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.tool.timeout = timeout;
                self
            }
        }

        impl Default for $credential {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $crate::TokenCredential for $credential {
            fn get_token(&self, request: $crate::TokenRequest) -> $crate::TokenFuture<'_> {
                Box::pin(self.token(request))
            }

            fn name(&self) -> &'static str {
                stringify!($credential)
            }
        }
    };
}
pub(super) use tool_credential;

//! The terms that a SAS of every kind can have, written once for both builders.

/// Makes the methods for the common terms: `$same` is the builder as it is, `$dated` the builder once it has an expiry.
macro_rules! common_terms {
    (impl[$($generics:tt)*] $same:ty => $dated:ty) => {
        impl<$($generics)*> $same {
            /// Until when it lets in. Fractions of a second are cut off.
            #[must_use]
            pub fn expires(mut self, at: OffsetDateTime) -> $dated {
                self.draft.expires = Some(at);
                self.becomes()
            }

            /// From when on it lets in; without this it does so at once. Leave some minutes for clocks that differ.
            /// Fractions of a second are cut off.
            #[must_use]
            pub fn starts(mut self, at: OffsetDateTime) -> Self {
                self.draft.starts = Some(at);
                self
            }

            /// The addresses that may use it: an [`Ipv4Addr`](std::net::Ipv4Addr), or a range `first..=last` of them.
            #[must_use]
            pub fn ip(mut self, addresses: impl Into<IpRange>) -> Self {
                self.draft.addresses = Some(addresses.into());
                self
            }

            /// What it may be sent over. Without this the service takes both.
            #[must_use]
            pub fn protocol(mut self, protocol: SasProtocol) -> Self {
                self.draft.protocol = Some(protocol);
                self
            }

            /// The version whose rules it follows, in place of [`SasVersion::LATEST`].
            #[must_use]
            pub fn version(mut self, version: SasVersion) -> Self {
                self.draft.version = version;
                self
            }
        }
    };
}

pub(super) use common_terms;

//! The query parameters of a SAS: one table of all of them, in the order in which a token made here has them.

/// Makes the enum, the list of it and the names from one table.
macro_rules! fields {
    ($($(#[doc = $doc:literal])* $field:ident $name:literal)*) => {
        /// A query parameter of a SAS.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Field { $($(#[doc = $doc])* $field,)* }

        impl Field {
            /// All of them, the signature last.
            pub(super) const ALL: &[Self] = &[$(Self::$field),*];

            /// The name on the wire.
            pub(super) const fn name(self) -> &'static str {
                match self { $(Self::$field => $name,)* }
            }
        }
    };
}

fields! {
    /// Version.
    Sv "sv"
    /// Services of an account SAS.
    Ss "ss"
    /// Resource types of an account SAS.
    Srt "srt"
    /// What kind of resource a service or user delegation SAS is for.
    Sr "sr"
    /// How many segments the path of a directory has.
    Sdd "sdd"
    /// Permissions.
    Sp "sp"
    /// Start.
    St "st"
    /// Expiry.
    Se "se"
    /// Addresses that may use it.
    Sip "sip"
    /// Protocols that it may be used over.
    Spr "spr"
    /// Stored access policy.
    Si "si"
    /// Encryption scope.
    Ses "ses"
    /// Whose key a user delegation key is.
    Skoid "skoid"
    /// The tenant of that user.
    Sktid "sktid"
    /// Start of the key.
    Skt "skt"
    /// Expiry of the key.
    Ske "ske"
    /// Service of the key.
    Sks "sks"
    /// Version of the key.
    Skv "skv"
    /// The tenant that the user who may use the SAS is in.
    Skdutid "skdutid"
    /// A user whom the key's owner has authorized.
    Saoid "saoid"
    /// A user whose access is checked against the ACL.
    Suoid "suoid"
    /// Correlation id.
    Scid "scid"
    /// The user who alone may use the SAS.
    Sduoid "sduoid"
    /// Names of the headers that a request must have.
    Srh "srh"
    /// Names of the query parameters that a request must have.
    Srq "srq"
    /// `Cache-Control` of the response.
    Rscc "rscc"
    /// `Content-Disposition` of the response.
    Rscd "rscd"
    /// `Content-Encoding` of the response.
    Rsce "rsce"
    /// `Content-Language` of the response.
    Rscl "rscl"
    /// `Content-Type` of the response.
    Rsct "rsct"
    /// The signature.
    Sig "sig"
}

impl Field {
    /// The parameter of a name, in whatever case it is written.
    pub(super) fn named(name: &str) -> Option<Self> {
        let same = |field: &&Self| field.name().eq_ignore_ascii_case(name);
        Self::ALL.iter().find(same).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for field in Field::ALL {
            assert_eq!(Field::named(&field.name().to_uppercase()), Some(*field));
        }
        assert_eq!(Field::named("comp"), None);
        assert_eq!(Field::named(""), None);
        assert_eq!(Field::ALL.last(), Some(&Field::Sig));
    }
}

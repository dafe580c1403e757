//! Who a token was made for.

/// The holder of an access token, as its claims say.
///
/// The ids are what the token has: GUIDs where Entra made it, any text where a test suite did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The user's or service principal's object id: `oid`, or `sub` where there is none.
    pub(crate) object_id: String,
    /// The tenant: `tid`, or that of the issuer where there is none.
    pub(crate) tenant_id: String,
    /// The application that asked for the token: `appid`, or `azp` in tokens of version 2.
    pub(crate) application_id: Option<String>,
}

//! The stored access policies of a container: what a shared access signature may leave to the container to say.

use super::Timestamp;

/// One policy. What it leaves out, the signatures that name it say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredPolicy {
    /// The name that signatures give it.
    pub(crate) id: Box<str>,
    pub(crate) start: Option<Timestamp>,
    pub(crate) expiry: Option<Timestamp>,
    /// The letters of what it allows.
    pub(crate) permission: Option<Box<str>>,
}

/// Who may do what with a container, besides the owner of the account: what Set Container ACL sets as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccessControl {
    pub(crate) public_access: Option<lazuli_protocol::PublicAccess>,
    /// At most five, in the order that they came in.
    pub(crate) policies: Vec<StoredPolicy>,
}

impl AccessControl {
    /// The policy of a name.
    pub(crate) fn policy(&self, id: &str) -> Option<&StoredPolicy> {
        self.policies.iter().find(|policy| *policy.id == *id)
    }
}

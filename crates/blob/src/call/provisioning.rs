//! What calls take that set containers up.

use lazuli_protocol::PublicAccess;

use super::Call;
use super::by_date::conditional_by_date;
use crate::operations::{CreateContainer, DeleteContainer, SetContainerAcl};

impl Call<CreateContainer> {
    /// Keeps a pair with the container.
    pub fn metadata(self, name: &str, value: impl Into<String>) -> Self {
        self.try_with(|operation| Ok(operation.metadata.insert(name, value)?))
    }
}

macro_rules! opens {
    ($($operation:ty)*) => {$(
        impl Call<$operation> {
            /// Lets anybody read without a key.
            pub fn public_access(self, access: PublicAccess) -> Self {
                self.with(|operation| operation.public_access = Some(access))
            }
        }
    )*};
}

opens! { CreateContainer SetContainerAcl }
conditional_by_date! { DeleteContainer SetContainerAcl }

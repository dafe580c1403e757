//! What calls take that set containers up.

use lazuli_protocol::PublicAccess;
use time::OffsetDateTime;

use super::Call;
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

macro_rules! conditional_by_date {
    ($($operation:ty)*) => {$(
        impl Call<$operation> {
            /// Only if the container changed after `at`, to the second. Of a container the service compares dates only.
            pub fn if_modified_since(self, at: OffsetDateTime) -> Self {
                self.with(|operation| {
                    operation.conditions = std::mem::take(&mut operation.conditions).if_modified_since(at);
                })
            }

            /// Only if the container did not change after `at`, to the second.
            pub fn if_unmodified_since(self, at: OffsetDateTime) -> Self {
                self.with(|operation| {
                    operation.conditions = std::mem::take(&mut operation.conditions).if_unmodified_since(at);
                })
            }
        }
    )*};
}

opens! { CreateContainer SetContainerAcl }
conditional_by_date! { DeleteContainer SetContainerAcl }

//! Conditions on containers, of which the service compares dates only.

/// Gives calls of these operations the conditions by date, and no others.
macro_rules! conditional_by_date {
    ($($operation:ty)*) => {$(
        impl $crate::Call<$operation> {
            /// Only if the container changed after `at`, to the second. Of a container the service compares dates only.
            pub fn if_modified_since(self, at: time::OffsetDateTime) -> Self {
                self.with(|operation| {
                    operation.conditions = std::mem::take(&mut operation.conditions).if_modified_since(at);
                })
            }

            /// Only if the container did not change after `at`, to the second.
            pub fn if_unmodified_since(self, at: time::OffsetDateTime) -> Self {
                self.with(|operation| {
                    operation.conditions = std::mem::take(&mut operation.conditions).if_unmodified_since(at);
                })
            }
        }
    )*};
}

pub(super) use conditional_by_date;

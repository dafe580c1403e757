//! What calls take that set containers up.

use lazuli_protocol::PublicAccess;
use lazuli_protocol::xml::{CorsRule, Logging, Metrics, RetentionPolicy, StaticWebsite};
use time::OffsetDateTime;

use super::Call;
use super::by_date::conditional_by_date;
use crate::operations::{
    CreateContainer, DeleteContainer, SetContainerAcl, SetContainerMetadata, SetServiceProperties,
};

impl Call<CreateContainer> {
    /// Keeps a pair with the container.
    pub fn metadata(self, name: &str, value: impl Into<String>) -> Self {
        self.try_with(|operation| Ok(operation.metadata.insert(name, value)?))
    }

    /// Encrypts blobs that name no scope with this one of the account.
    pub fn default_encryption_scope(self, name: impl Into<String>) -> Self {
        self.with(|operation| operation.default_encryption_scope = Some(name.into()))
    }

    /// Whether blobs may name no other scope than the default one.
    pub fn deny_encryption_scope_override(self, denied: bool) -> Self {
        self.with(|operation| operation.deny_encryption_scope_override = Some(denied))
    }
}

impl Call<SetContainerMetadata> {
    /// Only if the container changed after `at`, to the second. It is all that the service compares here.
    pub fn if_modified_since(self, at: OffsetDateTime) -> Self {
        self.with(|operation| {
            operation.conditions = std::mem::take(&mut operation.conditions).if_modified_since(at);
        })
    }
}

impl Call<SetServiceProperties> {
    /// Says what is logged of requests.
    pub fn logging(self, logging: Logging) -> Self {
        self.with(|operation| operation.properties.logging = Some(logging))
    }

    /// Says what is counted each hour.
    pub fn hour_metrics(self, metrics: Metrics) -> Self {
        self.with(|operation| operation.properties.hour_metrics = Some(metrics))
    }

    /// Says what is counted each minute.
    pub fn minute_metrics(self, metrics: Metrics) -> Self {
        self.with(|operation| operation.properties.minute_metrics = Some(metrics))
    }

    /// Sets these rules for pages of other origins, at most five, in place of those that are there.
    pub fn cors(self, rules: impl IntoIterator<Item = CorsRule>) -> Self {
        let rules = rules.into_iter().collect();
        self.with(|operation| operation.properties.cors = Some(rules))
    }

    /// Says which version of the protocol requests are read by that name none.
    pub fn default_service_version(self, version: impl Into<String>) -> Self {
        self.with(|operation| operation.properties.default_service_version = Some(version.into()))
    }

    /// Says how long deleted blobs can be brought back.
    pub fn delete_retention_policy(self, policy: RetentionPolicy) -> Self {
        self.with(|operation| operation.properties.delete_retention_policy = Some(policy))
    }

    /// Serves the container `$web` as a site, or stops it.
    pub fn static_website(self, site: StaticWebsite) -> Self {
        self.with(|operation| operation.properties.static_website = Some(site))
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

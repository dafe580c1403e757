//! The containers that belong to the service itself.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use lazuli_protocol::Metadata;

use super::{AccessControl, Container, ContainerProperties, Tag, Timestamp};

/// Where the logs of an account's requests go. It is there from the beginning, and stays.
pub(crate) const LOGS: &str = "$logs";
const CHANGE_FEED: &str = "$blobchangefeed";

/// The beginning of 2020, in ticks since 1970: nothing tells when an account was made, and the same has to be told after each opening.
const BEGINNING: i64 = 1_577_836_800 * 10_000_000;

/// Whether lists leave a container out unless they are asked for those of the system.
pub(crate) fn is_system(container: &str) -> bool {
    matches!(container, LOGS | CHANGE_FEED)
}

/// `$logs`, as it is where nobody has written to it.
pub(crate) fn untouched_logs() -> &'static Container {
    static CONTAINER: LazyLock<Container> = LazyLock::new(|| {
        let made = Timestamp::from_ticks(BEGINNING);
        Container {
            properties: Arc::new(ContainerProperties {
                tag: Tag::ZERO.next(made),
                modified: made,
                metadata: Metadata::new(),
                access: AccessControl::default(),
                lease: None,
                default_scope: None,
                scope_is_fixed: false,
            }),
            blobs: BTreeMap::new(),
        }
    });
    &CONTAINER
}

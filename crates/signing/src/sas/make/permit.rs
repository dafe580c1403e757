//! One method a permission, and only where the service has its letter.

use super::AccountSas;
use super::ResourceSas;
use super::marker::{Blob, Container, Directory, File, Given, Resource, Share, Snapshot, Version};

/// The letter of a permission.
macro_rules! letter {
    (read) => {
        "r"
    };
    (add) => {
        "a"
    };
    (create) => {
        "c"
    };
    (write) => {
        "w"
    };
    (delete) => {
        "d"
    };
    (delete_version) => {
        "x"
    };
    (permanent_delete) => {
        "y"
    };
    (list) => {
        "l"
    };
    (tags) => {
        "t"
    };
    (filter_by_tags) => {
        "f"
    };
    (move_item) => {
        "m"
    };
    (execute) => {
        "e"
    };
    (set_immutability_policy) => {
        "i"
    };
    (update) => {
        "u"
    };
    (process) => {
        "p"
    };
}

/// What a permission is for.
macro_rules! meaning {
    (read) => { "Permits to read content, properties and metadata (`r`)." };
    (add) => { "Permits to add a block to an append blob, a message or an entity (`a`)." };
    (create) => { "Permits to create what is not there yet, and to take snapshots (`c`)." };
    (write) => { "Permits to create and to write over content, properties and metadata (`w`)." };
    (delete) => { "Permits to delete (`d`)." };
    (delete_version) => { "Permits to delete a version of a blob (`x`). Since 2019-10-10." };
    (permanent_delete) => { "Permits to delete a soft-deleted snapshot or version for good (`y`). Since 2019-10-10." };
    (list) => { "Permits to list (`l`)." };
    (tags) => { "Permits to read and write the tags of blobs (`t`). Since 2019-12-12." };
    (filter_by_tags) => { "Permits to find blobs by their tags (`f`). Since 2021-04-10, for an account 2019-12-12." };
    (move_item) => { "Permits to move a blob or a directory to another place (`m`). Since 2020-02-10." };
    (execute) => { "Permits to read system properties and, with a hierarchical namespace, the POSIX ACL (`e`). Since 2020-02-10." };
    (set_immutability_policy) => { "Permits to set or delete immutability policies and legal holds (`i`). Since 2020-08-04." };
    (update) => { "Permits to update messages and entities (`u`)." };
    (process) => { "Permits to get and delete messages (`p`)." };
}

/// Makes the methods, and the list of their letters in the same order.
macro_rules! permissions {
    ($($resource:ty: $($method:ident)*;)*) => {$(
        impl Resource for $resource {
            const PERMISSIONS: &'static str = concat!($(letter!($method)),*);
        }

        impl<'a, P, E, K> ResourceSas<'a, $resource, P, E, K> {
            $(
                #[doc = meaning!($method)]
                #[must_use]
                pub fn $method(self) -> ResourceSas<'a, $resource, Given, E, K> {
                    self.permits(letter!($method))
                }
            )*
        }
    )*};
}

permissions! {
    Container: read add create write delete delete_version permanent_delete list tags filter_by_tags move_item execute
        set_immutability_policy;
    Blob: read add create write delete delete_version permanent_delete tags move_item execute set_immutability_policy;
    Snapshot: read add create write delete delete_version permanent_delete tags move_item execute
        set_immutability_policy;
    Version: read add create write delete delete_version permanent_delete tags move_item execute
        set_immutability_policy;
    Directory: read add create write delete delete_version permanent_delete list tags move_item execute
        set_immutability_policy;
    Share: read create write delete list;
    File: read create write delete;
}

/// Makes the methods of an account SAS, and the list of their letters in the same order.
macro_rules! account_permissions {
    ($($method:ident)*) => {
        /// The letters that an account SAS has permissions for, in the order in which they are written.
        pub(super) const ACCOUNT_PERMISSIONS: &str = concat!($(letter!($method)),*);

        impl<'a, S, T, P, E> AccountSas<'a, S, T, P, E> {
            $(
                #[doc = meaning!($method)]
                #[must_use]
                pub fn $method(self) -> AccountSas<'a, S, T, Given, E> {
                    self.permits(letter!($method))
                }
            )*
        }
    };
}

account_permissions! {
    read write delete delete_version permanent_delete list add create update process filter_by_tags tags
    set_immutability_policy
}

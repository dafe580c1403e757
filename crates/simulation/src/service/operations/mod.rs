//! The operations, a file for each resource and direction.

mod account_information;
mod append_blob;
mod batch;
mod blob_headers;
mod block_list;
mod container_acl;
mod containers;
mod copy_blob;
mod delete_blob;
mod document;
mod expiry;
mod find_blobs;
mod from_url;
mod get_blob;
mod holds;
mod leases;
mod list_blobs;
mod list_containers;
mod marker;
mod page_blob;
mod page_ranges;
mod put_blob;
mod put_blob_from_url;
mod put_block;
mod query_blob;
mod restore_container;
mod service_properties;
mod set_blob;
mod snapshot_blob;
mod tags;
mod tier;
mod user_delegation_key;

pub(super) use account_information::get_account_information;
pub(super) use append_blob::{append_block, put_append_blob, seal_append_blob};
pub(super) use batch::blob_batch;
pub(super) use block_list::{get_block_list, put_block_list};
pub(super) use container_acl::{get_container_acl, set_container_acl};
pub(super) use containers::{
    create_container, delete_container, get_container_metadata, get_container_properties,
    set_container_metadata,
};
pub(super) use copy_blob::{abort_copy_blob, copy_blob, copy_blob_from_url, incremental_copy_blob};
pub(super) use delete_blob::{delete_blob, undelete_blob};
pub(super) use expiry::set_blob_expiry;
pub(super) use find_blobs::find_blobs;
pub(super) use from_url::{append_block_from_url, put_block_from_url, put_page_from_url};
pub(super) use get_blob::{check_readable, cut, get_blob, get_blob_metadata, get_blob_properties};
pub(super) use holds::{delete_immutability_policy, set_immutability_policy, set_legal_hold};
pub(super) use leases::{lease_blob, lease_container};
pub(super) use list_blobs::list_blobs;
pub(super) use list_containers::list_containers;
pub(super) use page_blob::{put_page, put_page_blob};
pub(super) use page_ranges::get_page_ranges;
pub(super) use put_blob::put_blob;
pub(super) use put_blob_from_url::put_blob_from_url;
pub(super) use put_block::put_block;
pub(super) use query_blob::query_blob;
pub(super) use restore_container::{rename_container, restore_container};
pub(super) use service_properties::{get_service_properties, get_service_stats, set_service_properties};
pub(super) use set_blob::{set_blob_metadata, set_blob_properties};
pub(super) use snapshot_blob::snapshot_blob;
pub(super) use tags::{get_blob_tags, set_blob_tags};
pub(super) use tier::set_blob_tier;
pub(super) use user_delegation_key::get_user_delegation_key;

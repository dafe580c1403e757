//! The scenarios, by topic, and the one list of them all.

mod access_policies;
mod append_blobs;
mod batches;
mod blocks;
mod cached_reads;
mod cancellation;
mod checked_content;
mod checksums;
mod conditions;
mod containers;
mod content_headers;
mod copies;
mod credentials;
mod deletion;
mod encryption;
mod expiry;
mod from_urls;
mod leases;
mod listing;
mod listing_pages;
mod listing_tables;
mod metadata;
mod names;
mod page_blobs;
mod protection;
mod queries;
mod range_checksums;
mod ranges;
mod round_trips;
mod service_settings;
mod shared_access_signatures;
mod snapshots;
mod soft_delete;
mod streaming;
mod tags;
mod tiers;
mod transfers;
mod versions;

use crate::Scenario;

/// Hands the list of all scenarios to another macro, as `topic { name name … } topic { … }`.
#[macro_export]
macro_rules! each_scenario {
    ($macro:ident) => {
        $macro! {
            containers {
                a_container_is_made_once
                containers_are_listed_by_prefix_and_page
                a_list_of_containers_goes_on_at_a_marker
                a_deleted_container_takes_its_blobs_along
                a_container_is_deleted_under_a_date
                a_container_keeps_metadata
                a_container_says_what_it_is
                metadata_of_a_container_is_replaced_whole
                a_deleted_container_is_restored
                a_container_is_given_another_name
            }
            access_policies {
                policies_come_back_and_are_replaced_whole
                a_container_is_opened_and_closed
                policies_are_set_under_a_date
            }
            round_trips {
                content_of_any_size_comes_back
                properties_say_what_was_written
                a_new_write_replaces_all
                a_part_of_a_file_is_sent
            }
            names {
                any_name_comes_back
                names_differ_by_a_single_bit
                the_longest_name
                names_that_xml_cannot_hold
            }
            ranges {
                any_range_that_holds_a_byte
                ranges_beyond_the_end_are_refused
                an_empty_blob_has_no_ranges
            }
            range_checksums {
                a_range_comes_with_its_crc64
                a_range_comes_with_its_md5
            }
            checked_content {
                a_download_is_checked_where_the_service_can
                what_must_be_checked_is_or_fails
                uploads_go_in_segments_where_the_service_can
                streams_are_held_against_what_arrived
            }
            conditions {
                reads_under_one_condition
                reads_under_two_conditions
                writes_under_one_condition
                writes_under_two_conditions
                conditions_on_a_blob_that_is_not_there
            }
            metadata {
                metadata_comes_back_and_is_replaced_whole
                metadata_shows_in_lists_when_asked_for
                values_at_their_limits
            }
            content_headers {
                all_headers_come_back
                a_write_resets_headers
                headers_are_set_whole
            }
            blocks {
                blocks_are_committed_in_any_order
                what_is_not_committed_is_dropped
                blocks_of_the_blob_are_used_again
                the_latest_block_of_an_id_counts
                blocks_that_are_not_there_are_refused
                ids_of_another_length_are_refused
                a_blob_of_uncommitted_blocks_is_not_there
                an_empty_list_makes_an_empty_blob
            }
            checksums {
                the_service_tells_what_arrived
                content_with_a_wrong_md5_is_refused
                content_with_a_wrong_crc64_is_refused
                an_md5_to_keep_must_be_right
            }
            listing {
                names_come_in_order
                a_delimiter_makes_folders
                a_prefix_selects
                a_list_starts_from_a_name
                uncommitted_blobs_show_when_asked_for
                entries_say_what_the_blob_is
                a_missing_container_cannot_be_listed
            }
            listing_pages {
                every_page_size_gives_the_same_list
                pages_of_folders
                a_list_goes_on_at_a_saved_marker
                more_than_a_page_holds
            }
            listing_tables {
                a_table_says_what_a_document_says
                a_table_has_folders
                a_table_ends_before_a_name
            }
            deletion {
                a_deleted_blob_is_gone
                what_is_not_there_is_said_precisely
                deletion_takes_blocks_along
            }
            service_settings {
                an_account_says_what_kind_it_is
                an_account_says_that_it_has_folders
                settings_come_back_and_stay_until_named
                the_second_place_says_how_far_it_is
                a_token_gets_a_key_to_sign_with
            }
            leases {
                a_lease_on_a_blob_is_taken_renewed_and_given_back
                a_lease_goes_on_under_another_id
                a_lease_is_broken_at_once_or_after_a_while
                a_leased_blob_is_changed_by_its_holder_alone
                a_leased_container_is_deleted_by_its_holder_alone
                a_lease_on_a_container_is_broken
                work_is_done_under_a_lease
            }
            snapshots {
                a_snapshot_stays_as_the_blob_was
                a_snapshot_may_have_metadata_of_its_own
                a_snapshot_is_taken_under_conditions
                a_blob_is_deleted_with_its_snapshots_or_not_at_all
            }
            versions {
                each_write_leaves_a_version
                a_version_is_deleted_alone
                an_old_version_is_made_the_current_one
            }
            soft_delete {
                a_deleted_blob_is_brought_back
            }
            append_blobs {
                content_is_added_at_the_end
                appends_under_conditions
                a_sealed_blob_grows_no_more
            }
            page_blobs {
                pages_are_written_and_cleared
                pages_since_a_snapshot
                a_page_blob_grows_and_shrinks
                a_sequence_number_guards_pages
            }
            tags {
                tags_come_back_and_are_replaced_whole
                calls_under_conditions_on_tags
                blobs_are_found_by_their_tags
            }
            tiers {
                a_blob_is_moved_between_price_classes
                an_archived_blob_cannot_be_read
                a_blob_comes_back_from_the_archive
            }
            protection {
                a_policy_keeps_a_blob_until_a_time
                a_legal_hold_keeps_a_blob_until_it_is_lifted
            }
            expiry {
                a_blob_is_given_an_end
                a_blob_is_gone_after_its_end
                an_account_without_folders_keeps_all
            }
            encryption {
                a_blob_says_what_it_is_encrypted_with
                a_container_may_have_one_scope_for_all
            }
            copies {
                a_copy_has_what_its_source_has
                a_copy_is_done_when_it_is_answered
                a_copy_from_another_account_needs_its_leave
                a_source_is_read_with_a_token
                a_copy_under_conditions
                a_snapshot_takes_the_place_of_its_blob
                a_copy_that_is_done_cannot_be_given_up
                a_pending_copy_is_given_up_or_awaited
                a_page_blob_is_copied_snapshot_by_snapshot
            }
            from_urls {
                a_blob_is_put_from_a_url
                blocks_are_put_from_a_url
                appends_are_read_from_a_url
                pages_are_read_from_a_url
            }
            batches {
                each_part_has_an_outcome_of_its_own
                a_batch_of_a_container
                more_than_one_request_holds
            }
            queries {
                a_table_is_asked
                a_table_comes_as_json_and_goes
                progress_and_bad_records_are_told
                a_table_of_parquet_is_asked
            }
            credentials {
                a_wrong_key_opens_nothing_and_shows_nowhere
            }
            shared_access_signatures {
                an_account_signature_opens_what_it_names
                a_container_signature_opens_one_container
                a_blob_signature_opens_one_blob
                a_policy_can_be_taken_back
                a_signature_has_its_time
                a_changed_signature_opens_nothing
            }
            streaming {
                a_long_stream_goes_up_and_comes_down
                a_stream_that_can_be_sent_once
                a_stream_of_another_length_fails
            }
            cancellation {
                a_download_is_dropped_half_way
                an_upload_is_dropped_half_way
                a_block_is_dropped_half_way
            }
            cached_reads {
                a_blob_is_read_through_a_cache
                changes_are_seen_through_a_cache
            }
            transfers {
                a_tree_goes_up_and_comes_down
                sizes_around_every_boundary
                what_is_there_is_kept_when_asked
                names_that_no_file_can_have_are_refused
                only_what_is_below_the_prefix_is_deleted
                one_file_at_a_time
            }
        }
    };
}

macro_rules! table {
    ($($topic:ident { $($name:ident)* })*) => {
        /// Every scenario.
        pub const ALL: &[Scenario] = &[
            $($(Scenario {
                topic: stringify!($topic),
                name: stringify!($name),
                run: |backend| Box::pin($topic::$name(backend)),
            },)*)*
        ];
    };
}

each_scenario!(table);

//! What an account says of itself, and what its blob service is told to do.

use lazuli_blob::operations::GetAccountInformation;
use lazuli_blob::{Call, delegation_key};
use lazuli_protocol::xml::{CorsRule, KeyInfo, Metrics, RetentionPolicy, StaticWebsite};
use lazuli_protocol::{AccountKind, Clock as _, GeoReplicationStatus, SkuName, SystemClock};
use lazuli_signing::{EMULATOR_ACCOUNT, Sas};
use time::Duration;

use crate::expect::holds;
use crate::{Backend, Feature, Trait};

pub(super) async fn an_account_says_what_kind_it_is(backend: &Backend) {
    let container = backend.container("kind").await;
    let asked: [Call<GetAccountInformation>; 3] = [
        backend.blobs().account_info(),
        container.account_info(),
        container.blob("none").account_info(),
    ];
    for call in asked {
        let told = call.await.unwrap();
        assert_eq!(told.sku_name, Some(SkuName::StandardRagrs));
        assert_eq!(told.account_kind, Some(AccountKind::StorageV2));
        if backend.knows(Feature::HierarchicalNamespace) {
            assert_eq!(told.is_hns_enabled, Some(false));
        }
    }
}

pub(super) async fn an_account_says_that_it_has_folders(backend: &Backend) {
    let Some(folders) = backend.account_with(Trait::HierarchicalNamespace) else {
        return;
    };
    let told = folders.account_info().await.unwrap();
    assert_eq!(told.is_hns_enabled, Some(true));
}

pub(super) async fn settings_come_back_and_stay_until_named(backend: &Backend) {
    let blobs = backend.blobs();
    let before = blobs.properties().await.unwrap();
    assert!(before.logging.is_some() && before.hour_metrics.is_some() && before.minute_metrics.is_some());
    let mut rule = CorsRule::new(["https://example.org", "https://example.com"], ["GET", "PUT"]);
    rule.allowed_headers = vec!["x-ms-meta-*".to_owned()];
    rule.exposed_headers = vec!["x-ms-meta-data*".to_owned(), "etag".to_owned()];
    rule.max_age_seconds = 600;
    let site = StaticWebsite::new("index.html").error_document("sorry/404.html");
    blobs
        .set_properties()
        .cors([rule.clone()])
        .static_website(site.clone())
        .await
        .unwrap();
    let told = blobs.properties().await.unwrap();
    assert_eq!(told.cors, Some(vec![rule.clone()]));
    assert_eq!(told.static_website, Some(site));
    // What was not named is as it was.
    assert_eq!(told.hour_metrics, before.hour_metrics);
    assert_eq!(told.delete_retention_policy, before.delete_retention_policy);

    let mut metrics = Metrics::default();
    metrics.version = Some("1.0".to_owned());
    metrics.enabled = true;
    metrics.include_apis = Some(true);
    metrics.retention_policy = Some(RetentionPolicy::for_days(5));
    blobs
        .set_properties()
        .hour_metrics(metrics.clone())
        .static_website(StaticWebsite::off())
        .await
        .unwrap();
    let told = blobs.properties().await.unwrap();
    assert_eq!(told.hour_metrics, Some(metrics));
    assert_eq!(told.minute_metrics, before.minute_metrics);
    assert_eq!(told.cors, Some(vec![rule]));
    assert!(!told.static_website.unwrap().enabled);

    blobs.set_properties().cors([]).await.unwrap();
    let told = blobs.properties().await.unwrap();
    assert_eq!(told.cors.unwrap_or_default(), []);
}

pub(super) async fn the_second_place_says_how_far_it_is(backend: &Backend) {
    let stats = backend.blobs_in_two_places().stats().await.unwrap();
    let told = stats.geo_replication.unwrap();
    assert_eq!(told.status, Some(GeoReplicationStatus::Live));
    let age = SystemClock.now() - told.last_sync_time.unwrap();
    assert!(age < Duration::HOUR && age > -Duration::MINUTE, "{age}");
}

pub(super) async fn a_token_gets_a_key_to_sign_with(backend: &Backend) {
    if backend.lacks(Feature::UserDelegation) {
        return;
    }
    let container = backend.container("delegated").await;
    container.blob("a").upload("hello").await.unwrap();
    let now = SystemClock.now();
    let asked = backend
        .signed_in()
        .user_delegation_key(KeyInfo::new(now, now + Duration::HOUR));
    let told = asked.await.unwrap();
    assert_eq!(told.signed_service, "b");
    let key = delegation_key(EMULATOR_ACCOUNT.parse().unwrap(), &told).unwrap();
    let token = Sas::blob(container.name(), "a")
        .read()
        .expires(now + Duration::HOUR)
        .sign(&key)
        .unwrap();
    let guest = backend.blobs_as(token).container(container.name());
    holds(&guest.blob("a"), b"hello").await;
    assert!(guest.blob("a").upload("mine").await.is_err());
    assert!(guest.blob("b").download().await.is_err());
}

//! Containers: made, listed, deleted.

use futures_util::TryStreamExt as _;
use lazuli_blob::operations::{LeaseTime, ListContainersInclude};
use lazuli_protocol::{ErrorCode, Metadata, PublicAccess};

use crate::expect::{listed, put_all, refused};
use crate::{Backend, Feature, Trait};

pub(super) async fn a_container_is_made_once(backend: &Backend) {
    let container = backend.blobs().container(backend.name("once"));
    container.create().await.unwrap();
    refused(container.create().await, 409, ErrorCode::ContainerAlreadyExists);
}

async fn several(backend: &Backend, about: &str, count: usize) -> Vec<String> {
    let mut names = Vec::new();
    for _ in 0..count {
        names.push(backend.container(about).await.name().to_owned());
    }
    names.sort();
    names
}

pub(super) async fn containers_are_listed_by_prefix_and_page(backend: &Backend) {
    let names = several(backend, "paged", 5).await;
    several(backend, "other", 1).await;
    for size in [1, 2, 5, 5000] {
        let list = backend.blobs().list_containers().prefix("paged-").page_size(size);
        let pages: Vec<_> = list.pages().try_collect().await.unwrap();
        assert!(
            pages.iter().all(|page| page.containers.len() <= size as usize),
            "{size}"
        );
        let found: Vec<_> = pages
            .into_iter()
            .flat_map(|page| page.containers)
            .map(|item| item.name)
            .collect();
        assert_eq!(found, names, "{size}");
    }
    let all: Vec<_> = backend
        .blobs()
        .list_containers()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(all.iter().any(|item| item.name.starts_with("other-")));
    assert!(all.is_sorted_by_key(|item| item.name.clone()));
    let item = all.iter().find(|item| item.name == names[0]).unwrap();
    assert!(item.etag.is_some() && item.last_modified.is_some());
}

pub(super) async fn a_list_of_containers_goes_on_at_a_marker(backend: &Backend) {
    let names = several(backend, "marked", 4).await;
    let list = || backend.blobs().list_containers().prefix("marked-");
    let first = list().page_size(3).pages().try_next().await.unwrap().unwrap();
    assert_eq!(first.containers.len(), 3);
    let rest = list().marker(first.next_marker.unwrap()).items();
    let rest: Vec<_> = rest.map_ok(|item| item.name).try_collect().await.unwrap();
    assert_eq!(rest, names[3..]);
}

pub(super) async fn a_deleted_container_takes_its_blobs_along(backend: &Backend) {
    let container = backend.container("deleted").await;
    put_all(&container, &["a", "b"]).await;
    container.delete().await.unwrap();
    let blob = container.blob("a");
    let gone = ErrorCode::ContainerNotFound;
    refused(container.delete().await, 404, gone.clone());
    refused(container.list().pages().try_next().await, 404, gone.clone());
    refused(blob.download().await, 404, gone.clone());
    refused(blob.properties().await, 404, gone.clone());
    refused(blob.upload("x").await, 404, gone.clone());
    refused(blob.delete().await, 404, gone);
    let left = backend.blobs().list_containers().prefix(container.name()).items();
    assert_eq!(left.try_collect::<Vec<_>>().await.unwrap(), []);
}

pub(super) async fn a_container_is_deleted_under_a_date(backend: &Backend) {
    let container = backend.blobs().container(backend.name("dated"));
    let made = container.create().await.unwrap().last_modified;
    let second = time::Duration::SECOND;
    let not_met = ErrorCode::ConditionNotMet;
    refused(
        container.delete().if_unmodified_since(made - second).await,
        412,
        not_met.clone(),
    );
    refused(container.delete().if_modified_since(made).await, 412, not_met);
    container.delete().if_unmodified_since(made).await.unwrap();
}

pub(super) async fn a_container_keeps_metadata(backend: &Backend) {
    let container = backend.blobs().container(backend.name("described"));
    container
        .create()
        .metadata("Project", "apollo")
        .metadata("stage", "2")
        .await
        .unwrap();
    let list = || backend.blobs().list_containers().prefix(container.name());
    let told = list().include(ListContainersInclude::Metadata).items();
    let told: Vec<_> = told.try_collect().await.unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].metadata.get("project"), Some("apollo"));
    assert_eq!(told[0].metadata.get("stage"), Some("2"));
    let untold: Vec<_> = list().items().try_collect().await.unwrap();
    assert!(untold[0].metadata.is_empty());
}

pub(super) async fn a_container_says_what_it_is(backend: &Backend) {
    let container = backend.blobs().container(backend.name("told"));
    refused(container.properties().await, 404, ErrorCode::ContainerNotFound);
    let made = container
        .create()
        .metadata("crew", "Armstrong, Aldrin")
        .public_access(PublicAccess::Blob)
        .await
        .unwrap();
    let told = container.properties().await.unwrap();
    assert_eq!((&told.etag, told.last_modified), (&made.etag, made.last_modified));
    assert_eq!(told.metadata.get("crew"), Some("Armstrong, Aldrin"));
    assert_eq!(told.public_access, Some(PublicAccess::Blob));
    assert_eq!(told.has_immutability_policy, Some(false));
    assert_eq!(told.has_legal_hold, Some(false));
    // What is in it does not change it.
    put_all(&container, &["a"]).await;
    assert_eq!(container.properties().await.unwrap().etag, made.etag);
}

pub(super) async fn metadata_of_a_container_is_replaced_whole(backend: &Backend) {
    let container = backend.blobs().container(backend.name("replaced"));
    let made = container.create().metadata("project", "apollo").await.unwrap();
    let set = container
        .set_metadata()
        .metadata("stage", "2")
        .metadata("crew", "Collins")
        .await
        .unwrap();
    assert_ne!(set.etag, made.etag);
    let told = container.properties().await.unwrap();
    let pairs = |metadata: &Metadata| {
        let pairs = metadata.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>()
    };
    assert_eq!(pairs(&told.metadata), ["crew=Collins", "stage=2"]);
    assert_eq!(told.etag, set.etag);
    let unchanged = container.set_metadata().if_modified_since(told.last_modified);
    refused(unchanged.await, 412, ErrorCode::ConditionNotMet);
    let earlier = told.last_modified - time::Duration::HOUR;
    container.set_metadata().if_modified_since(earlier).await.unwrap();
    assert!(container.properties().await.unwrap().metadata.is_empty());
}

pub(super) async fn a_deleted_container_is_restored(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::SoftDelete) else {
        return;
    };
    let container = backend.container_in(&blobs, "restored").await;
    put_all(&container, &["a", "b"]).await;
    container.delete().await.unwrap();
    refused(container.properties().await, 404, ErrorCode::ContainerNotFound);
    let deleted = blobs
        .list_containers()
        .prefix(container.name())
        .include(ListContainersInclude::Deleted)
        .items();
    let deleted: Vec<_> = deleted.try_collect().await.unwrap();
    assert_eq!(deleted.len(), 1);
    assert!(deleted[0].deleted && deleted[0].deleted_time.is_some());
    let version = deleted[0].version.clone().unwrap();
    container.restore(version.as_str()).await.unwrap();
    assert_eq!(listed(container.list()).await, ["a", "b"]);
    let again = container.restore(version).await;
    assert!(again.is_err(), "{again:?}");
}

pub(super) async fn a_container_is_given_another_name(backend: &Backend) {
    if backend.lacks(Feature::RenamedContainers) {
        return;
    }
    let old = backend.container("old").await;
    put_all(&old, &["a", "b"]).await;
    let new = backend.blobs().container(backend.name("new"));
    new.rename_from(old.name()).await.unwrap();
    assert_eq!(listed(new.list()).await, ["a", "b"]);
    refused(old.properties().await, 404, ErrorCode::ContainerNotFound);
    // A lease guards a name as it guards from deletion.
    let held = new.acquire_lease(LeaseTime::Infinite).await.unwrap().lease_id;
    let third = backend.blobs().container(backend.name("third"));
    let unheld = third.rename_from(new.name()).await;
    refused(unheld, 412, ErrorCode::LeaseIdMissing);
    let renamed = third.rename_from(new.name()).source_lease(held.unwrap());
    renamed.await.unwrap();
    assert_eq!(listed(third.list()).await, ["a", "b"]);
}

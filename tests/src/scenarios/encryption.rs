//! Named scopes that containers and blobs are encrypted with.

use lazuli_protocol::ErrorCode;

use crate::expect::{holds, refused};
use crate::{Backend, Trait};

pub(super) async fn a_blob_says_what_it_is_encrypted_with(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::EncryptionScope) else {
        return;
    };
    let blob = backend.container_in(&blobs, "free").await.blob("a");
    let written = blob.upload("x").encryption_scope(Trait::SCOPE).await.unwrap();
    assert_eq!(written.encryption.scope.as_deref(), Some(Trait::SCOPE));
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.encryption.scope.as_deref(), Some(Trait::SCOPE));
    assert_eq!(properties.encryption.by_service, Some(true));
    holds(&blob, b"x").await;
    blob.upload("y").await.unwrap();
    assert_eq!(blob.properties().await.unwrap().encryption.scope, None);
}

pub(super) async fn a_container_may_have_one_scope_for_all(backend: &Backend) {
    let Some(blobs) = backend.account_with(Trait::EncryptionScope) else {
        return;
    };
    let container = blobs.container(backend.name("fixed"));
    container
        .create()
        .default_encryption_scope(Trait::SCOPE)
        .deny_encryption_scope_override(true)
        .await
        .unwrap();
    let told = container.properties().await.unwrap();
    assert_eq!(told.default_encryption_scope.as_deref(), Some(Trait::SCOPE));
    assert_eq!(told.deny_encryption_scope_override, Some(true));
    let blob = container.blob("a");
    let other = blob.upload("x").encryption_scope("other").await;
    refused(other, 403, ErrorCode::RequestForbiddenByContainerEncryptionPolicy);
    blob.upload("x").await.unwrap();
    let properties = blob.properties().await.unwrap();
    assert_eq!(properties.encryption.scope.as_deref(), Some(Trait::SCOPE));
}

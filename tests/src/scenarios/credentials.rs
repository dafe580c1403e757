//! Keys: the right one opens, the wrong one opens nothing, and neither shows.

use std::error::Error;

use futures_util::TryStreamExt as _;
use lazuli_protocol::ErrorCode;
use lazuli_signing::EMULATOR_KEY;

use crate::expect::{holds, refused};
use crate::{Backend, Feature};

const WRONG_KEY: &str =
    "d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXkgd3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXkgd3Jvbmc=";

/// All that an error ever says, down to its last cause.
fn all_words(error: &lazuli_blob::Error) -> String {
    let mut words = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(next) = cause {
        words.push_str(&format!(" {next} {next:?}"));
        cause = next.source();
    }
    words
}

/// The words that look like 32 bytes in base64, as a signature does.
fn signatures(text: &str) -> Vec<&str> {
    let base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let words = text.split(|c| !base64(c));
    words
        .filter(|word| word.len() == 44 && word.ends_with('='))
        .collect()
}

pub(super) async fn a_wrong_key_opens_nothing_and_shows_nowhere(backend: &Backend) {
    let container = backend.container("locked").await;
    container.blob("a").upload("hello").await.unwrap();
    let stranger = backend.blobs_with_key(WRONG_KEY);
    let theirs = stranger.container(container.name());
    let refusals = [
        theirs.blob("a").download().await.map(drop).unwrap_err(),
        theirs.blob("a").properties().await.map(drop).unwrap_err(),
        theirs.blob("a").upload("mine").await.map(drop).unwrap_err(),
        theirs.blob("a").delete().await.map(drop).unwrap_err(),
        theirs.list().pages().try_next().await.map(drop).unwrap_err(),
        stranger
            .list_containers()
            .pages()
            .try_next()
            .await
            .map(drop)
            .unwrap_err(),
    ];
    let code = match backend.knows(Feature::AuthenticationFailed) {
        true => ErrorCode::AuthenticationFailed,
        false => ErrorCode::AuthorizationFailure,
    };
    for error in refusals {
        let words = all_words(&error);
        for key in [WRONG_KEY, EMULATOR_KEY] {
            assert!(!words.contains(key), "a key shows in an error");
        }
        assert_eq!(signatures(&words), [""; 0], "{words}");
        refused(Err::<(), _>(error), 403, code.clone());
    }
    holds(&container.blob("a"), b"hello").await;
}

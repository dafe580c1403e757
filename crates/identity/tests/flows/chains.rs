//! Chains: the order, what is skipped, what ends them, and that the winner stays.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lazuli_identity::{
    AccessToken, ChainedTokenCredential, ClientSecretCredential, Error, ErrorKind, STORAGE_SCOPE,
    TokenCredential, TokenFuture, TokenRequest,
};

use crate::script::{CLIENT, NOW, Script, Step, TENANT};

/// Does what the list says, call by call, and its last entry for ever.
#[derive(Debug)]
struct Source {
    name: &'static str,
    outcomes: Mutex<Vec<Option<ErrorKind>>>,
    asked: AtomicUsize,
}

impl Source {
    fn of(name: &'static str, outcomes: &[Option<ErrorKind>]) -> Arc<Self> {
        Arc::new(Self {
            name,
            outcomes: Mutex::new(outcomes.to_vec()),
            asked: AtomicUsize::new(0),
        })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl TokenCredential for Source {
    fn get_token(&self, _: TokenRequest) -> TokenFuture<'_> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut outcomes = self.outcomes.lock().unwrap();
        let outcome = if outcomes.len() > 1 {
            outcomes.remove(0)
        } else {
            outcomes[0]
        };
        Box::pin(async move {
            match outcome {
                None => Ok(AccessToken::new(self.name, NOW)),
                Some(kind) => Err(Error::new(kind, format!("{} has nothing", self.name))),
            }
        })
    }

    fn name(&self) -> &'static str {
        self.name
    }
}

fn storage() -> TokenRequest {
    TokenRequest::new(STORAGE_SCOPE)
}

const UNAVAILABLE: Option<ErrorKind> = Some(ErrorKind::Unavailable);

#[tokio::test]
async fn the_first_that_has_a_token_wins_and_is_asked_alone_from_then_on() {
    let sources = [
        Source::of("a", &[UNAVAILABLE]),
        Source::of("b", &[Some(ErrorKind::Process)]),
        Source::of("c", &[Some(ErrorKind::Timeout)]),
        Source::of("d", &[None, UNAVAILABLE]),
        Source::of("e", &[None]),
    ];
    let chain = sources
        .iter()
        .fold(ChainedTokenCredential::new(), |chain, source| {
            chain.then(Arc::clone(source))
        });
    assert_eq!(chain.get_token(storage()).await.unwrap().secret(), "d");
    // Its failure is the chain's: the identity of a program does not change while it runs.
    let error = chain.clone().get_token(storage()).await.unwrap_err();
    assert_eq!(error.to_string(), "d has nothing");
    assert_eq!(sources.each_ref().map(|source| source.asked()), [1, 1, 1, 2, 0]);
}

#[tokio::test]
async fn a_source_that_says_no_ends_the_search() {
    for kind in [
        ErrorKind::Refused,
        ErrorKind::InvalidInput,
        ErrorKind::InvalidResponse,
        ErrorKind::Transport,
    ] {
        let last = Source::of("c", &[None]);
        let chain = ChainedTokenCredential::new()
            .then(Source::of("a", &[UNAVAILABLE]))
            .then(Source::of("b", &[Some(kind)]))
            .then(Arc::clone(&last));
        let error = chain.get_token(storage()).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.to_string(), "after a (a has nothing): b: b has nothing");
        assert_eq!(last.asked(), 0);
    }
}

#[tokio::test]
async fn when_all_are_skipped_the_error_lists_each_and_the_next_call_asks_all_again() {
    let late = Source::of("b", &[UNAVAILABLE, None]);
    let chain = ChainedTokenCredential::new()
        .then(Source::of("a", &[UNAVAILABLE]))
        .then(late);
    let error = chain.get_token(storage()).await.unwrap_err();
    assert!(error.is_unavailable());
    assert_eq!(
        error.to_string(),
        "no source has a token: a (a has nothing); b (b has nothing)"
    );
    assert_eq!(chain.get_token(storage()).await.unwrap().secret(), "b");
    let error = ChainedTokenCredential::new()
        .get_token(storage())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "the chain has no source");
}

#[tokio::test(start_paused = true)]
async fn an_authority_whose_answer_does_not_come_is_given_up_and_ends_the_search() {
    let script = Script::of([Step::Stall, Step::Stall, Step::Stall]);
    let source = ClientSecretCredential::new(TENANT, CLIENT, "s", &script.settings()).unwrap();
    let last = Source::of("c", &[None]);
    let chain = ChainedTokenCredential::new().then(source).then(Arc::clone(&last));
    let begun = tokio::time::Instant::now();
    let asked = tokio::time::timeout(Duration::from_secs(600), chain.get_token(storage())).await;
    let error = asked.unwrap().unwrap_err();
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::Transport, true),
        "{error}"
    );
    // Three tries of ten seconds, in which nothing came, and the waits between them.
    assert_eq!((last.asked(), script.seen().len()), (0, 3));
}

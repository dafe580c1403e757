//! Faults one at a time, where it is known what becomes of the call.

use std::time::Duration;

use lazuli_blob::ErrorKind;
use lazuli_tests::faults::{Fault, Refusal, Wait, When};

use crate::stand::Stand;
use crate::state::{BLOB, Content};
use crate::story::{Story, Task};
use crate::work::{Output, Work};

const BUSY: Refusal = Refusal {
    status: 503,
    code: Some("ServerBusy"),
    wait: Some(Wait::Millis(20)),
    garbage: None,
};

/// One fault, and then nothing: what the works come to that can be repeated.
#[tokio::test(start_paused = true)]
async fn one_fault_is_mended() {
    for fault in [
        Fault::Refuse,
        Fault::Close(When::Before),
        Fault::Close(When::After),
        Fault::CutUpload(700),
        Fault::Answer(When::Before, BUSY),
        Fault::Answer(When::After, BUSY),
    ] {
        for work in [
            Work::Put { len: 1000 },
            Work::Get,
            Work::GetRange { first: 100, len: 50 },
            Work::Properties,
            Work::List { page: 3 },
            Work::SetMetadata,
        ] {
            let stand = Stand::in_process(&[Some(fault)]).await;
            stand.quiet.blob(BLOB).upload("x".repeat(1234)).await.unwrap();
            let outcome = work.run(&stand.troubled, 0).await;
            assert!(outcome.is_ok(), "{work:?} after {fault:?}: {outcome:?}");
        }
    }
}

/// A body that breaks in the middle goes on: its reader notices nothing.
#[tokio::test(start_paused = true)]
async fn a_broken_body_goes_on() {
    for fault in [
        Fault::Cut(0),
        Fault::Cut(500),
        Fault::Cut(999),
        Fault::Truncate(500),
        Fault::Stall(500),
    ] {
        for work in [Work::Get, Work::GetRange { first: 100, len: 500 }] {
            let stand = Stand::in_process(&[Some(fault)]).await;
            let content = Work::content(0, 100_000);
            stand.quiet.blob(BLOB).upload(content.clone()).await.unwrap();
            let expected = match work {
                Work::Get => content,
                _ => content.slice(100..600),
            };
            let outcome = work.run(&stand.troubled, 0).await;
            assert_eq!(
                outcome.unwrap(),
                Output::Content(Content(expected)),
                "{work:?} after {fault:?}"
            );
        }
    }
}

/// A list that breaks in the middle is asked for again.
#[tokio::test(start_paused = true)]
async fn a_broken_list_is_asked_for_again() {
    for fault in [Fault::Cut(0), Fault::Cut(500), Fault::Stall(500)] {
        let stand = Stand::in_process(&[Some(fault)]).await;
        let work = Work::List { page: 3 };
        let outcome = work.run(&stand.troubled, 0).await;
        assert!(outcome.is_ok(), "{fault:?}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_sent_twice_fails_and_says_so() {
    for (fault, kind, tries, done) in [
        (Fault::Close(When::Before), ErrorKind::Connection, 1, 0),
        (Fault::Close(When::After), ErrorKind::Connection, 1, 1),
        (Fault::Answer(When::Before, BUSY), ErrorKind::Service, 1, 0),
        (Fault::Answer(When::After, BUSY), ErrorKind::Service, 1, 1),
        (Fault::Hang(When::After), ErrorKind::Timeout, 1, 1),
    ] {
        let stand = Stand::in_process(&[Some(fault)]).await;
        let error = Work::Once { len: 10 }.run(&stand.troubled, 0).await.unwrap_err();
        let counts = stand.ledger.requests().into_values().next().unwrap();
        assert_eq!(
            (error.kind(), counts.sent, counts.carried_out),
            (kind, tries, done),
            "{fault:?}: {error:?}"
        );
    }
    // It cannot have arrived, so it may be sent.
    let stand = Stand::in_process(&[Some(Fault::Refuse)]).await;
    assert!(Work::Once { len: 10 }.run(&stand.troubled, 0).await.is_ok());
}

/// The answer was lost, and the second try finds the work done.
#[tokio::test(start_paused = true)]
async fn a_lost_answer_shows_in_the_second_one() {
    let lost = [Some(Fault::Close(When::After))];
    let stand = Stand::in_process(&lost).await;
    stand.quiet.blob(BLOB).upload("x").await.unwrap();
    let error = Work::Delete.run(&stand.troubled, 0).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);

    let stand = Stand::in_process(&lost).await;
    let error = Work::PutNew { len: 5 }.run(&stand.troubled, 0).await.unwrap_err();
    assert!(matches!(error.status().unwrap().as_u16(), 409 | 412), "{error:?}");
}

/// Without faults a story comes to its end, over sockets too.
#[tokio::test]
async fn without_faults_all_is_well() {
    let base = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let story = Story {
        exists: false,
        tasks: [
            Work::Put { len: 300_000 },
            Work::Get,
            Work::SetMetadata,
            Work::Properties,
            Work::Blocks { lens: vec![5, 6] },
            Work::List { page: 2 },
            Work::Once { len: 9 },
            Work::Delete,
            Work::PutNew { len: 7 },
        ]
        .map(|work| Task { work, given_up: None })
        .into(),
        faults: vec![],
    };
    let stand = Stand::over_sockets(&[], lazuli_transport::RetryPolicy::never(), Default::default()).await;
    tokio::time::timeout(Duration::from_secs(20), story.tell(stand, base))
        .await
        .unwrap();
}

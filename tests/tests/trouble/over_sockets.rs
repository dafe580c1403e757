//! Any story, over sockets, where connections really break and time really passes: so faults are quick, and bodies do not stop for good.

use std::time::Duration;

use lazuli_protocol::OperationKind;
use lazuli_transport::{Backoff, Deadlines, RetryPolicy, Rule, Trouble};
use proptest::prelude::*;
use tokio::runtime::{Builder, Handle};

use crate::script::{Limits, story};
use crate::stand::Stand;

const KINDS: [OperationKind; 4] = [
    OperationKind::SmallRead,
    OperationKind::LargeRead,
    OperationKind::Write,
    OperationKind::List,
];

const TROUBLES: [Trouble; 5] = [
    Trouble::ServerBusy,
    Trouble::Unavailable,
    Trouble::InternalError,
    Trouble::Timeout,
    Trouble::Connection,
];

fn quick() -> (RetryPolicy, Deadlines) {
    let rule = Rule {
        tries: 3,
        backoff: Backoff::Fixed(Duration::from_millis(2)),
    };
    let policy = TROUBLES.iter().fold(RetryPolicy::default(), |policy, trouble| {
        policy.rule(*trouble, rule)
    });
    let time = Duration::from_secs(2);
    let deadlines = KINDS.iter().fold(Deadlines::default(), |deadlines, kind| {
        deadlines.with(*kind, time)
    });
    (policy, deadlines)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_succeeds_or_fails_as_documented(story in story(Limits { patient: false })) {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let base = Handle::current().metrics().num_alive_tasks();
            let (retry, deadlines) = quick();
            let stand = Stand::over_sockets(&story.faults, retry, deadlines).await;
            story.tell(stand, base).await;
        });
    }
}

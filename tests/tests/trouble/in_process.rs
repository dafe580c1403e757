//! Any story, in this process, where the time is paused and passes in no time.

use proptest::prelude::*;
use tokio::runtime::{Builder, Handle};

use crate::script::{Limits, story};
use crate::stand::Stand;

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_succeeds_or_fails_as_documented(story in story(Limits { patient: true })) {
        let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let base = Handle::current().metrics().num_alive_tasks();
            let stand = Stand::in_process(&story.faults).await;
            story.tell(stand, base).await;
        });
    }
}

//! How a story is told for any value: on one back end, in a container of its own each time.

use std::fmt::Debug;

use lazuli_blob::ContainerClient;
use lazuli_tests::{Backend, Kind};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};

/// How many values each story is told with.
const CASES: u32 = 96;

pub(crate) fn told_for_any<S>(values: S, story: impl AsyncFn(ContainerClient, S::Value))
where
    S: Strategy<Value: Debug>,
{
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build().unwrap();
    let backend = runtime.block_on(Backend::start(Kind::InProcess));
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(CASES)
    };
    let told = TestRunner::new(config).run(&values, |value| {
        runtime.block_on(async {
            let container = backend.container("any").await;
            story(container, value).await;
        });
        Ok(())
    });
    told.unwrap_or_else(|error| panic!("{error}"));
}

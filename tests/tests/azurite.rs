//! Every scenario on Azurite, which takes seconds to start, so that one of it serves them all.

use lazuli_tests::{Kind, run_all};

#[test]
#[ignore = "needs the tools: cargo xtask test"]
fn every_scenario() {
    run_all(Kind::Azurite);
}

//! Rounds: each contestant has its turn in each, so that a slow moment of the machine is everybody's.

use std::error::Error;

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;

use crate::contestant::Contestant;
use crate::pages::{ENTRIES, SIZE};

/// What an entry cost each contestant, in microseconds of CPU: the medians over the rounds. A round before the first one warms up.
pub fn hold(
    rounds: usize,
    runtime: &Runtime,
    contestants: &mut [Box<dyn Contestant>],
) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut costs = vec![Vec::new(); contestants.len()];
    for round in 0..=rounds {
        for (contestant, costs) in contestants.iter_mut().zip(&mut costs) {
            let begun = cpu();
            let found = runtime.block_on(contestant.list())?;
            if round > 0 {
                costs.push((cpu() - begun) * 1e6 / ENTRIES as f64);
            }
            if found != (ENTRIES, ENTRIES as u64 * SIZE) {
                return Err(format!("{} listed {found:?}", contestant.name()).into());
            }
        }
    }
    Ok(costs.into_iter().map(median).collect())
}

/// The CPU time of this thread, in seconds: system calls with it, the server without.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

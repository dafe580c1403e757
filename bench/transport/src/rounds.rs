//! Rounds: each client has its turn in each, so that a slow moment of the machine is everybody's.

use std::error::Error;

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;

use crate::client::Client;
use crate::server::Blob;

/// What is done in a turn, and how often it is done.
pub struct Rounds {
    pub count: usize,
    pub blob: Blob,
    /// So many reads make a turn.
    pub reads: u32,
}

impl Rounds {
    /// What a read cost each client, in seconds of CPU, round by round. A round before the first one warms up.
    pub fn hold(
        &self,
        runtime: &Runtime,
        clients: &mut [Box<dyn Client>; 2],
    ) -> Result<Vec<[f64; 2]>, Box<dyn Error>> {
        let mut rounds = Vec::new();
        for round in 0..=self.count {
            let mut costs = [0.0; 2];
            // Who goes first changes, so that neither always follows the other.
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for at in order {
                let client = &mut clients[at];
                let begun = cpu();
                for _ in 0..self.reads {
                    let count = runtime.block_on(client.read(self.blob))?;
                    if count != self.blob.length() {
                        return Err(format!("{count} of {} bytes came", self.blob.length()).into());
                    }
                }
                costs[at] = (cpu() - begun) / f64::from(self.reads);
            }
            if round > 0 {
                rounds.push(costs);
            }
        }
        Ok(rounds)
    }
}

/// The CPU time of this thread, in seconds.
pub fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

pub fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

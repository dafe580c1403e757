//! A contestant in Rust: batches that are made, then timed, then dropped.

use std::error::Error;
use std::hint::black_box;

use rustix::time::{ClockId, clock_gettime};

use crate::allocations;
use crate::contest::{Contestant, Cost, Entry};

/// So many operations between two looks at the clock.
const BATCH: usize = 64;
/// So many batches make a turn.
const BATCHES: usize = 256;

/// An operation on what was made for it before; only the operation is timed.
pub struct Operation<Made, Operate> {
    make: fn() -> Made,
    operate: Operate,
}

impl<Made, Done, Operate> Operation<Made, Operate>
where
    Made: 'static,
    Operate: FnMut(&mut Made) -> Result<Done, Box<dyn Error>> + 'static,
{
    pub fn entry(name: &str, make: fn() -> Made, operate: Operate) -> Entry {
        Entry {
            name: name.to_owned(),
            contestant: Ok(Box::new(Self { make, operate })),
        }
    }
}

impl<Made, Done, Operate> Contestant for Operation<Made, Operate>
where
    Operate: FnMut(&mut Made) -> Result<Done, Box<dyn Error>>,
{
    fn turn(&mut self) -> Result<Cost, Box<dyn Error>> {
        let (mut seconds, mut allocations) = (0.0, 0);
        for _ in 0..BATCHES {
            let mut made: Vec<Made> = (0..BATCH).map(|_| (self.make)()).collect();
            let mut done: Vec<Done> = Vec::with_capacity(BATCH);
            let (clock, count) = (cpu_seconds(), allocations::so_far());
            for one in &mut made {
                done.push((self.operate)(black_box(one))?);
            }
            seconds += cpu_seconds() - clock;
            allocations += allocations::so_far() - count;
            black_box((made, done));
        }
        let operations = (BATCH * BATCHES) as f64;
        Ok(Cost {
            seconds: seconds / operations,
            allocations: Some(allocations as f64 / operations),
        })
    }
}

/// The CPU time of this thread.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

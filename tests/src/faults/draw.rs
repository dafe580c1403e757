//! Faults by chance.

use std::time::Duration;

use fastrand::Rng;

use super::fault::{Fault, GARBAGE, Refusal, Share, Wait, When};

type Draw = fn(&mut Rng) -> Fault;

/// How often each kind comes, beside the others. Those that cost the caller a timeout are rare, or they would be all that happens.
const KINDS: &[(u32, Draw)] = &[
    (8, |_| Fault::Refuse),
    (8, |rng| Fault::Close(when(rng))),
    (8, |rng| Fault::CutUpload(rng.u64(..70_000))),
    (1, |rng| Fault::Hang(when(rng))),
    (24, |rng| Fault::Answer(when(rng), refusal(rng))),
    (12, |rng| Fault::Cut(share(rng))),
    (12, |rng| Fault::Truncate(share(rng))),
    (1, |rng| Fault::Stall(share(rng))),
    (4, |rng| Fault::Trickle(Duration::from_millis(rng.u64(1..2000)))),
    (6, |rng| Fault::SayMore(rng.u64(1..5000))),
    (6, |rng| Fault::SayFewer(rng.u64(1..5000))),
    (6, |rng| Fault::Garbage(rng.usize(..GARBAGE.len()))),
];

impl Fault {
    /// Any fault.
    #[must_use]
    pub fn draw(rng: &mut Rng) -> Self {
        let all = KINDS.iter().map(|(weight, _)| weight).sum::<u32>();
        let mut at = rng.u32(..all);
        for (weight, make) in KINDS {
            match at.checked_sub(*weight) {
                Some(left) => at = left,
                None => return make(rng),
            }
        }
        Self::Refuse
    }
}

fn when(rng: &mut Rng) -> When {
    if rng.bool() { When::Before } else { When::After }
}

fn share(rng: &mut Rng) -> Share {
    rng.u16(..1000)
}

fn refusal(rng: &mut Rng) -> Refusal {
    let (status, code) = Refusal::TROUBLES[rng.usize(..Refusal::TROUBLES.len())];
    let wait = match rng.u8(..3) {
        0 => Some(Wait::Seconds(rng.u64(..2))),
        1 => Some(Wait::Millis(rng.u64(..500))),
        _ => None,
    };
    let garbage = rng.bool().then(|| rng.usize(..GARBAGE.len()));
    Refusal {
        status,
        code,
        wait,
        garbage,
    }
}

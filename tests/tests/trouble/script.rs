//! Any script of faults and any story of works, small ones first.

use std::time::Duration;

use lazuli_tests::faults::{Fault, GARBAGE, Refusal, Wait, When};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::story::{Story, Task};
use crate::work::Work;

/// What a script may ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bodies may stop, and answers may ask for waits of seconds.
    pub(crate) patient: bool,
}

pub(crate) fn story(limits: Limits) -> impl Strategy<Value = Story> {
    let faults = vec(option::weighted(0.7, fault(limits)), 0..14);
    (any::<bool>(), vec(task(limits), 1..6), faults).prop_map(|(exists, tasks, faults)| Story {
        exists,
        tasks,
        faults,
    })
}

fn task(limits: Limits) -> impl Strategy<Value = Task> {
    let longest = if limits.patient { 60_000_u64 } else { 300 };
    (work(), option::weighted(0.1, 0..longest)).prop_map(|(work, millis)| Task {
        work,
        given_up: millis.map(Duration::from_millis),
    })
}

fn work() -> impl Strategy<Value = Work> {
    let len = || prop_oneof![4 => 0..2000_usize, 1 => Just(300_000_usize)];
    prop_oneof![
        2 => len().prop_map(|len| Work::Put { len }),
        1 => len().prop_map(|len| Work::PutNew { len }),
        3 => Just(Work::Get),
        3 => (0..1500_u64, 1..2000_u64).prop_map(|(first, len)| Work::GetRange { first, len }),
        1 => Just(Work::Properties),
        2 => vec(1..2000_usize, 1..4).prop_map(|lens| Work::Blocks { lens }),
        2 => (1..8_u32).prop_map(|page| Work::List { page }),
        1 => Just(Work::SetMetadata),
        1 => Just(Work::Delete),
        2 => len().prop_map(|len| Work::Once { len }),
    ]
}

fn fault(limits: Limits) -> impl Strategy<Value = Fault> {
    let longest = if limits.patient { 120_000_u64 } else { 300 };
    prop_oneof![
        1 => Just(Fault::Refuse),
        1 => when().prop_map(Fault::Close),
        1 => (0..3000_u64).prop_map(Fault::CutUpload),
        1 => (0..3000_u64).prop_map(move |bytes| if limits.patient { Fault::StallUpload(bytes) } else { Fault::CutUpload(bytes) }),
        1 => when().prop_map(Fault::Hang),
        4 => (when(), refusal(limits)).prop_map(|(when, refusal)| Fault::Answer(when, refusal)),
        2 => share().prop_map(Fault::Cut),
        2 => share().prop_map(Fault::Truncate),
        2 => share().prop_map(move |share| if limits.patient { Fault::Stall(share) } else { Fault::Cut(share) }),
        1 => (1..longest).prop_map(|millis| Fault::Trickle(Duration::from_millis(millis))),
        1 => (1..5000_u64).prop_map(Fault::SayMore),
        1 => (1..5000_u64).prop_map(Fault::SayFewer),
        1 => garbage().prop_map(Fault::Garbage),
    ]
}

fn when() -> impl Strategy<Value = When> {
    select(vec![When::Before, When::After])
}

fn share() -> impl Strategy<Value = u16> {
    0..1000_u16
}

fn garbage() -> impl Strategy<Value = usize> {
    0..GARBAGE.len()
}

fn refusal(limits: Limits) -> impl Strategy<Value = Refusal> {
    let seconds = if limits.patient { 100_u64 } else { 1 };
    let wait = prop_oneof![
        Just(None),
        (0..seconds).prop_map(|seconds| Some(Wait::Seconds(seconds))),
        (0..500_u64).prop_map(|millis| Some(Wait::Millis(millis))),
    ];
    (select(Refusal::TROUBLES), wait, option::of(garbage())).prop_map(|((status, code), wait, garbage)| {
        Refusal {
            status,
            code,
            wait,
            garbage,
        }
    })
}

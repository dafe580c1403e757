//! Whether memory is flat.

/// Samples of a process's memory, one a second, in KiB.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(pub(super) Vec<u64>);

/// How much more the end may have than the time after the warm-up: a tenth, and 16 MiB for what an allocator holds on to.
const GROWTH_PERCENT: u64 = 10;
const GROWTH_KIB: u64 = 16 * 1024;

/// The first quarter of a run is its warm-up; what follows and what ends it are each a tenth.
const WARM_UP: usize = 4;
const WINDOW: usize = 10;

impl Memory {
    /// The medians after the warm-up and at the end; `None` when there are too few samples to tell.
    pub(super) fn ends(&self) -> Option<(u64, u64)> {
        let all = self.0.len();
        let window = all / WINDOW;
        if window < 3 {
            return None;
        }
        let after = self.0.get(all / WARM_UP..all / WARM_UP + window)?;
        let end = self.0.get(all - window..)?;
        Some((median(after), median(end)))
    }

    /// Whether it is flat, as far as one can tell.
    pub(super) fn is_flat(&self) -> bool {
        self.ends()
            .is_none_or(|(after, end)| end <= after + after * GROWTH_PERCENT / 100 + GROWTH_KIB)
    }
}

fn median(samples: &[u64]) -> u64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_shows_and_noise_does_not() {
        let run = |grow: fn(u64) -> u64| Memory((0..120).map(grow).collect());
        // It warms up, and then goes up and down.
        assert!(run(|second| (second * 10_000).min(200_000) + second % 7 * 1000).is_flat());
        // 1 MiB a second.
        assert!(!run(|second| 100_000 + second * 1024).is_flat());
        assert_eq!(Memory(vec![1; 20]).ends(), None);
    }
}

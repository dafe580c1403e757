//! What the command line says.

use std::time::Duration;

/// How the program is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Runs the soak.
    Soak(Options),
    /// Is the service of one.
    Serve(Options),
}

/// The shape of a soak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) time: Duration,
    pub(super) in_flight: usize,
    /// Of a hundred requests, how many meet a fault.
    pub(super) faults: u8,
    pub(super) seed: u64,
}

const USAGE: &str = "soak [--minutes N] [--in-flight N] [--faults PERCENT] [--seed S]";

impl Mode {
    /// Reads the words; without a seed, `seed` is taken.
    pub(super) fn parse(words: &[String], seed: u64) -> Result<Self, String> {
        let mut options = Options {
            time: Duration::from_secs(30 * 60),
            in_flight: 1000,
            faults: 5,
            seed,
        };
        let mut serve = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--serve" {
                serve = true;
                continue;
            }
            let value = words.next().and_then(|value| value.parse::<u64>().ok());
            let refuse = || format!("`{word}` is not understood; usage: {USAGE}");
            let value = value.ok_or_else(refuse)?;
            match word.as_str() {
                "--minutes" if value > 0 => options.time = Duration::from_secs(value.saturating_mul(60)),
                "--seconds" if value > 0 => options.time = Duration::from_secs(value),
                "--in-flight" if (1..=20_000).contains(&value) => {
                    options.in_flight = value.try_into().map_err(|_| refuse())?;
                }
                "--faults" if value <= 100 => options.faults = value.try_into().map_err(|_| refuse())?,
                "--seed" => options.seed = value,
                _ => return Err(refuse()),
            }
        }
        Ok(if serve {
            Self::Serve(options)
        } else {
            Self::Soak(options)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Mode, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Mode::parse(&words, 7)
    }

    #[test]
    fn words_become_options() {
        let options = |seconds, in_flight, faults, seed| Options {
            time: Duration::from_secs(seconds),
            in_flight,
            faults,
            seed,
        };
        assert_eq!(parsed(""), Ok(Mode::Soak(options(1800, 1000, 5, 7))));
        assert_eq!(
            parsed("--minutes 2 --in-flight 9 --faults 50 --seed 3"),
            Ok(Mode::Soak(options(120, 9, 50, 3)))
        );
        assert_eq!(
            parsed("--serve --seconds 5"),
            Ok(Mode::Serve(options(5, 1000, 5, 7)))
        );
        for bad in [
            "--minutes",
            "--minutes 0",
            "--faults 101",
            "--in-flight 0",
            "--loud 1",
        ] {
            assert!(parsed(bad).unwrap_err().contains("usage"), "{bad}");
        }
    }
}

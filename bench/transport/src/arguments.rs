//! The command line.

use std::error::Error;

/// What the developer asked for.
pub struct Arguments {
    /// How often each client has its turn.
    pub rounds: usize,
    /// The most that a small read may cost over hyper, in microseconds of CPU.
    pub micros: f64,
    /// The most that a GiB may cost over hyper, in percent of CPU.
    pub percent: f64,
}

impl Arguments {
    pub fn read() -> Result<Self, Box<dyn Error>> {
        let mut found = Self {
            rounds: 15,
            micros: 15.0,
            percent: 3.0,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
            let wrong = |_| format!("`{value}` is no number");
            match word.as_str() {
                "--rounds" => {
                    found.rounds = value
                        .parse()
                        .map_err(|_| format!("`{value}` is no number of rounds"))?;
                }
                "--micros" => found.micros = value.parse().map_err(wrong)?,
                "--percent" => found.percent = value.parse().map_err(wrong)?,
                _ => {
                    return Err(
                        format!("no option `{word}`; there are --rounds, --micros and --percent").into(),
                    );
                }
            }
        }
        found.rounds = found.rounds.max(1);
        Ok(found)
    }
}

//! The command line.

use std::error::Error;

/// What the developer asked for.
pub struct Arguments {
    /// A Python that has `azure-storage-blob`.
    pub python: Option<String>,
    /// How often each contestant has its turn.
    pub rounds: usize,
    /// How many times as fast as reqsign ours has to be.
    pub floor: f64,
}

impl Arguments {
    pub fn read() -> Result<Self, Box<dyn Error>> {
        let mut found = Self {
            python: None,
            rounds: 31,
            floor: 3.0,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
            match word.as_str() {
                "--python" => found.python = Some(value),
                "--rounds" => {
                    found.rounds = value
                        .parse()
                        .map_err(|_| format!("`{value}` is no number of rounds"))?
                }
                "--floor" => found.floor = value.parse().map_err(|_| format!("`{value}` is no ratio"))?,
                _ => {
                    return Err(
                        format!("no option `{word}`; there are --python, --rounds and --floor").into(),
                    );
                }
            }
        }
        found.rounds = found.rounds.max(1);
        Ok(found)
    }
}

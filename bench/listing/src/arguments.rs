//! The command line.

use std::error::Error;

/// What the developer asked for.
pub struct Arguments {
    /// How often each contestant has its turn.
    pub rounds: usize,
    /// The most that an entry may cost, in microseconds of CPU.
    pub micros: f64,
    /// An endpoint and a container to list, once, and to measure nothing.
    pub once: Option<(String, String)>,
}

impl Arguments {
    pub fn read() -> Result<Self, Box<dyn Error>> {
        let mut found = Self {
            rounds: 15,
            micros: 2.5,
            once: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--rounds" => found.rounds = value()?.parse()?,
                "--micros" => found.micros = value()?.parse()?,
                "--once" => found.once = Some((value()?, value()?)),
                _ => {
                    let known = "--rounds N, --micros MOST and --once ENDPOINT CONTAINER";
                    return Err(format!("no option `{word}`; there are {known}").into());
                }
            }
        }
        found.rounds = found.rounds.max(1);
        Ok(found)
    }
}

//! Rounds: each contestant has its turn in each, and what counts is the median over the rounds.

use std::error::Error;

/// One who does the operation.
pub trait Contestant {
    /// Does the operation many times; the first turn only warms up.
    fn turn(&mut self) -> Result<Cost, Box<dyn Error>>;
}

/// What one operation costs.
#[derive(Clone, Copy)]
pub struct Cost {
    /// CPU time, in seconds.
    pub seconds: f64,
    /// Allocations, where somebody counts them.
    pub allocations: Option<f64>,
}

/// A line of the table before it is known.
pub struct Entry {
    pub name: String,
    /// Who does it, or why nobody does.
    pub contestant: Result<Box<dyn Contestant>, String>,
}

/// A line of the table.
pub struct Line {
    pub name: String,
    /// The median cost, or why there is none.
    pub cost: Result<Cost, String>,
    /// How many times as fast the first contestant is: the median of the rounds' ratios.
    pub ratio: f64,
}

pub fn hold(mut entries: Vec<Entry>, rounds: usize) -> Result<Vec<Line>, Box<dyn Error>> {
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); entries.len()];
    for round in 0..=rounds {
        for (entry, costs) in entries.iter_mut().zip(&mut costs) {
            let Ok(contestant) = &mut entry.contestant else {
                continue;
            };
            let cost = contestant
                .turn()
                .map_err(|error| format!("{}: {error}", entry.name))?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    let first: Vec<f64> = costs[0].iter().map(|cost| cost.seconds).collect();
    let lines = entries.into_iter().zip(&costs).map(|(entry, costs)| Line {
        name: entry.name,
        cost: entry.contestant.map(|_| Cost {
            seconds: median(costs.iter().map(|cost| cost.seconds)),
            allocations: costs.first().and_then(|cost| cost.allocations),
        }),
        ratio: median(costs.iter().zip(&first).map(|(cost, first)| cost.seconds / first)),
    });
    Ok(lines.collect())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

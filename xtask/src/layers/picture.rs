//! The floors as a drawing for a terminal and for the docs.

use super::floors::Place;
use super::graph::{Crate, Use};

/// Draws every floor that has a crate, the highest first; a `?` marks what is used only behind a feature.
pub(crate) fn draw(table: &[Place], beside: &[&str], crates: &[Crate]) -> String {
    let placed: Vec<(&Place, &Crate)> = table
        .iter()
        .filter_map(|place| Some((place, crates.iter().find(|one| one.name == place.name)?)))
        .collect();
    let wide = placed
        .iter()
        .map(|(place, _)| place.name.len())
        .max()
        .unwrap_or(0);
    let mut floors: Vec<u8> = placed.iter().map(|(place, _)| place.floor).collect();
    floors.sort_unstable();
    floors.dedup();

    let rows: Vec<Vec<String>> = floors
        .iter()
        .rev()
        .map(|floor| {
            placed
                .iter()
                .filter(|(place, _)| place.floor == *floor)
                .map(|(place, one)| row(place.name, wide, &one.uses))
                .collect()
        })
        .collect();
    let inner = rows
        .iter()
        .flatten()
        .map(|row| row.chars().count())
        .max()
        .unwrap_or(0);

    let mut lines = vec![border('┌', '┐', inner)];
    for (index, (floor, rows)) in floors.iter().rev().zip(&rows).enumerate() {
        if index > 0 {
            lines.push(border('├', '┤', inner));
        }
        for (position, row) in rows.iter().enumerate() {
            let label = if position == 0 {
                floor.to_string()
            } else {
                String::new()
            };
            lines.push(format!("{label:>2} │ {row:<inner$} │"));
        }
    }
    lines.push(border('└', '┘', inner));
    let outside: Vec<&str> = beside
        .iter()
        .copied()
        .filter(|name| crates.iter().any(|one| one.name == *name))
        .collect();
    if !outside.is_empty() {
        lines.push(format!("   beside the floors: {}", outside.join(", ")));
    }
    lines.join("\n")
}

fn row(name: &str, wide: usize, uses: &[Use]) -> String {
    if uses.is_empty() {
        return name.to_owned();
    }
    let uses: Vec<String> = uses
        .iter()
        .map(|used| format!("{}{}", used.name, if used.optional { "?" } else { "" }))
        .collect();
    format!("{name:<wide$} → {}", uses.join(", "))
}

fn border(left: char, right: char, inner: usize) -> String {
    format!("   {left}{}{right}", "─".repeat(inner.saturating_add(2)))
}

#[cfg(test)]
mod tests {
    use super::super::floors::{BESIDE, FLOORS};
    use super::super::graph::examples::crate_using;
    use super::*;

    #[test]
    fn floors_are_drawn_from_the_top() {
        let crates = [
            crate_using("protocol", &[]),
            crate_using("signing", &["protocol"]),
            crate_using("simulation", &["protocol", "signing"]),
            crate_using("blob", &["protocol", "signing?"]),
            crate_using("xtask", &[]),
        ];
        let expected = "   \
   ┌─────────────────────────────────┐
 4 │ blob       → protocol, signing? │
   │ simulation → protocol, signing  │
   ├─────────────────────────────────┤
 1 │ signing    → protocol           │
   ├─────────────────────────────────┤
 0 │ protocol                        │
   └─────────────────────────────────┘
   beside the floors: xtask";
        assert_eq!(draw(FLOORS, BESIDE, &crates), expected);
    }

    #[test]
    fn no_line_ends_in_a_space() {
        let crates = [crate_using("protocol", &[]), crate_using("cli", &["protocol"])];
        assert!(
            draw(FLOORS, BESIDE, &crates)
                .lines()
                .all(|line| line == line.trim_end())
        );
    }
}

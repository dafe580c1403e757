//! The table, as text.

use crate::contest::Line;

pub fn print(title: &str, lines: &[Line]) {
    println!(
        "{title:<32} {:>10}  {:>8}  {:>11}  {:>13}",
        "ops/s", "µs", "allocations", "lazuli is"
    );
    for (at, line) in lines.iter().enumerate() {
        let name = &line.name;
        let cost = match &line.cost {
            Ok(cost) => cost,
            Err(why) => {
                println!("  {name:<30} {why}");
                continue;
            }
        };
        let allocations = cost
            .allocations
            .map_or("-".to_owned(), |count| format!("{count:.1}"));
        let ratio = if at == 0 {
            String::new()
        } else {
            format!("{:.1} x as fast", line.ratio)
        };
        let (rate, micros) = (1.0 / cost.seconds, cost.seconds * 1e6);
        println!("  {name:<30} {rate:>10.0}  {micros:>8.2}  {allocations:>11}  {ratio:>13}");
    }
    println!();
}

//! Every recorded request can be made by the client, from its types: the same method, path, query, headers and body.

use std::collections::BTreeMap;

use crate::counts::Counts;
use crate::difference::{self, Difference};
use crate::exchange::Exchange;
use crate::served::{self, Served};
use crate::wanted::Wanted;
use crate::{reasons, rows, shared};

const REFUSED: &str = "the client does not make what the service refused";

/// What became of the requests.
struct Making {
    counts: Counts,
    /// How often each excuse was needed.
    excused: BTreeMap<&'static str, u32>,
    wrong: BTreeMap<String, (u32, String)>,
}

#[test]
fn every_request_is_made() {
    let Some(archive) = shared() else { return };
    let mut making = Making {
        counts: Counts::new(&["made", "excused", "refused", "missing"]),
        excused: BTreeMap::new(),
        wrong: BTreeMap::new(),
    };
    archive.each(|place, exchange| {
        let Some(row) = rows::of(exchange) else { return };
        match served::by(row, exchange) {
            Some(served) => making.make(place, served, exchange),
            None => making.counts.add(row, "missing"),
        }
    });
    making.counts.tell("requests");
    for (why, times) in &making.excused {
        println!("{times:>6}  {why}");
    }
    let wrong: Vec<String> = making
        .wrong
        .iter()
        .map(|(what, (times, example))| format!("{times} times {what}\n        {example}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} unexplained:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

impl Making {
    fn make(&mut self, place: &str, served: &Served, exchange: &Exchange) {
        let row = served.row;
        let Some(wanted) = Wanted::of(row, exchange) else {
            return self.fail(format!("{row}: a URL that is none"), &exchange.request.uri);
        };
        let differences = match (served.build)(&wanted) {
            Ok(made) => difference::between(&made, &wanted),
            // What the client refuses to send, the service refused too.
            Err(_) if exchange.response.status >= 400 => {
                self.counts.add(row, "refused");
                *self.excused.entry(REFUSED).or_default() += 1;
                return;
            }
            Err(error) => vec![Difference::refused(&error)],
        };
        let mut exact = true;
        for difference in &differences {
            exact = false;
            match reasons::of(row, difference) {
                Some(why) => *self.excused.entry(why).or_default() += 1,
                None => {
                    if exchange.response.status == 400 {
                        // What was wrong on purpose cannot be said in types.
                        self.counts.add(row, "refused");
                        *self.excused.entry(REFUSED).or_default() += 1;
                        return;
                    }
                    let what = format!("{row}: {:?} {}", difference.part, difference.name);
                    let (ours, theirs) = (brief(&difference.ours), brief(&difference.theirs));
                    let example = format!("{ours}, not {theirs} in {place}");
                    return self.fail(what, &example);
                }
            }
        }
        self.counts.add(row, if exact { "made" } else { "excused" });
    }

    fn fail(&mut self, what: String, example: &str) {
        self.wrong
            .entry(what)
            .or_insert_with(|| (0, example.to_owned()))
            .0 += 1;
    }
}

fn brief(side: &Option<String>) -> String {
    let text = format!("{side:?}");
    text.chars().take(400).collect()
}

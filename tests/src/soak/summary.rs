//! What a soak found, and whether it is good.

use std::time::Duration;

use super::memory::Memory;
use super::service::Said;
use super::tally::Counts;

/// What was still there when nothing should have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Leftovers {
    /// Tasks of the client.
    pub(super) tasks: usize,
    /// Sockets of the client.
    pub(super) sockets: usize,
    /// Connections at the service.
    pub(super) connections: u64,
    /// Requests and answers at the service.
    pub(super) exchanges: u64,
    /// Works that failed when there was no trouble any more.
    pub(super) failed_calm: u64,
}

impl Leftovers {
    /// Whether everything is closed.
    pub(super) fn none(&self) -> bool {
        (self.tasks, self.sockets, self.connections, self.exchanges) == (0, 0, 0, 0)
    }
}

#[derive(Debug)]
pub(super) struct Summary {
    pub(super) took: Duration,
    pub(super) counts: Counts,
    pub(super) said: Said,
    /// The client's and the service's.
    pub(super) memories: [Memory; 2],
    pub(super) leftovers: Leftovers,
    /// Whether faults were asked for.
    pub(super) faults: bool,
    pub(super) seed: u64,
}

impl Summary {
    /// Prints it, and says what is not as it must be.
    pub(super) fn judge(&self) -> Result<(), String> {
        self.print();
        let Leftovers { failed_calm, .. } = self.leftovers;
        let [client, service] = &self.memories;
        let checks = [
            ("wrong bytes or undocumented failures", self.counts.wrong_all == 0),
            ("failures without trouble", failed_calm == 0),
            ("things left open", self.leftovers.none()),
            ("growing memory of the client", client.is_flat()),
            ("growing memory of the service", service.is_flat()),
            ("no operations", self.counts.all() > 0),
            ("no faults", !self.faults || !self.said.faults.is_empty()),
        ];
        let found: Vec<&str> = checks
            .iter()
            .filter(|(_, good)| !good)
            .map(|(what, _)| *what)
            .collect();
        if found.is_empty() {
            println!("all is well");
            return Ok(());
        }
        Err(format!("{}; seed {}", found.join(", "), self.seed))
    }

    fn print(&self) {
        let Self { counts, said, .. } = self;
        let all = counts.all();
        let rate = all as f64 / self.took.as_secs_f64();
        println!("\n{all} operations in {:.0?}, {rate:.0} a second", self.took);
        table(counts.works.iter().map(|(name, count)| (*name, *count)));
        let again = said.seen.saturating_sub(counts.calls);
        println!(
            "{} calls, {} requests at the service: {again} sent again",
            counts.calls, said.seen
        );
        println!("p50 {:.1?}, p99 {:.1?}", counts.within(500), counts.within(990));
        println!("{} faults struck", said.faults.values().sum::<u64>());
        table(said.faults.iter().map(|(name, count)| (name.as_str(), *count)));
        println!("{} operations failed, as documented", counts.failed());
        table(
            counts
                .failures
                .iter()
                .map(|(name, count)| (name.as_str(), *count)),
        );
        println!("{} wrong", counts.wrong_all);
        for wrong in &counts.wrong {
            println!("  {wrong}");
        }
        for (who, memory) in ["client", "service"].iter().zip(&self.memories) {
            match memory.ends() {
                Some((after, end)) => println!(
                    "memory of the {who}: {} MiB after the warm-up, {} MiB at the end",
                    after / 1024,
                    end / 1024
                ),
                None => println!("memory of the {who}: not measured, for want of Linux or of time"),
            }
        }
        let Leftovers {
            tasks,
            sockets,
            connections,
            exchanges,
            failed_calm,
        } = self.leftovers;
        println!(
            "left: {tasks} tasks, {sockets} sockets, {connections} connections, {exchanges} exchanges; {failed_calm} failures after the trouble"
        );
    }
}

fn table<'a>(rows: impl Iterator<Item = (&'a str, u64)>) {
    for (name, count) in rows {
        println!("  {name:<22} {count:>10}");
    }
}

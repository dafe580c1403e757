//! What a person sees while a transfer runs: a bar on a terminal, a line a file elsewhere.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use lazuli_transfer::{Event, Observer};

use crate::output::{Output, printable};
use crate::size::{count, size};

/// What is done to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    /// One file, whose failure is told by the one who asked for it.
    CopyFile,
    CopyTree,
    Delete,
}

impl Verb {
    fn done(self) -> &'static str {
        match self {
            Self::CopyFile | Self::CopyTree => "copied",
            Self::Delete => "deleted",
        }
    }

    fn infinitive(self) -> &'static str {
        match self {
            Self::CopyFile | Self::CopyTree => "copy",
            Self::Delete => "delete",
        }
    }
}

/// Shows what a transfer does.
pub(crate) struct Watcher {
    output: Output,
    verb: Verb,
    bar: Option<ProgressBar>,
    found: AtomicU64,
    ended: AtomicU64,
    all_found: AtomicBool,
    over: AtomicBool,
}

const TICK: Duration = Duration::from_millis(120);
const COPY: &str =
    "{spinner} {bar:20} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {msg}  {eta} left";
const DELETE: &str = "{spinner} {bar:20} {msg}  {eta} left";

impl Watcher {
    /// A watcher for a transfer that is about to start. Its bar is drawn once there is something to move.
    pub(crate) fn new(output: Output, verb: Verb) -> Self {
        let bar = output.draws_bars().then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
            let template = if verb == Verb::Delete { DELETE } else { COPY };
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self {
            output,
            verb,
            bar,
            found: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            all_found: AtomicBool::new(false),
            over: AtomicBool::new(false),
        }
    }

    /// Takes the bar away and says no more: what comes now is the result, and what work that was given up still tells is of no
    /// interest.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn found(&self, bytes: u64) {
        let first = self.found.fetch_add(1, Ordering::Relaxed) == 0;
        if let Some(bar) = &self.bar {
            if first {
                bar.set_draw_target(ProgressDrawTarget::stderr());
                bar.enable_steady_tick(TICK);
            }
            bar.inc_length(if self.verb == Verb::Delete { 1 } else { bytes });
        }
        self.show_count();
    }

    fn ended(&self) {
        self.ended.fetch_add(1, Ordering::Relaxed);
        if let Some(bar) = &self.bar
            && self.verb == Verb::Delete
        {
            bar.inc(1);
        }
        self.show_count();
    }

    fn show_count(&self) {
        let Some(bar) = &self.bar else { return };
        let (ended, found) = (
            self.ended.load(Ordering::Relaxed),
            self.found.load(Ordering::Relaxed),
        );
        // Until all is found, the total grows.
        let more = if self.all_found.load(Ordering::Relaxed) {
            ""
        } else {
            "+"
        };
        let noun = if self.verb == Verb::Delete { "blob" } else { "file" };
        bar.set_message(format!("{ended} of {}{more}", count(found, noun)));
    }

    fn line(&self, line: impl Fn() -> String, even_on_terminal: bool) {
        match &self.bar {
            None => self.output.note(line()),
            Some(bar) if even_on_terminal => bar.suspend(|| self.output.note(line())),
            Some(_) => {}
        }
    }
}

impl Observer for Watcher {
    fn event(&self, event: &Event<'_>) {
        if self.over.load(Ordering::SeqCst) {
            return;
        }
        match event {
            Event::Found { bytes, .. } => self.found(*bytes),
            Event::AllFound => {
                self.all_found.store(true, Ordering::Relaxed);
                self.show_count();
            }
            Event::Moved { bytes } => {
                if let Some(bar) = &self.bar {
                    bar.inc(*bytes);
                }
            }
            Event::Finished { name, bytes } => {
                self.ended();
                let done = self.verb.done();
                self.line(
                    || match self.verb {
                        Verb::Delete => format!("{done} {}", printable(name)),
                        _ => format!("{done} {} ({})", printable(name), size(*bytes)),
                    },
                    false,
                );
            }
            Event::Skipped { name, reason } => {
                self.ended();
                self.line(|| format!("skipped {}: {reason}", printable(name)), true);
            }
            Event::Failed { name, error } => {
                self.ended();
                if self.verb != Verb::CopyFile {
                    let line = format!("cannot {} {}: {error}", self.verb.infinitive(), printable(name));
                    match &self.bar {
                        Some(bar) => bar.suspend(|| self.output.problem(&line)),
                        None => self.output.problem(&line),
                    }
                }
            }
            // An event of a later version has nothing to show here.
            _ => {}
        }
    }
}

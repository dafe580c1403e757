//! The end of a tool that nobody waits for any more, and of the programs that it has started: `az` is a script that runs Python.

use tokio::process::{Child, Command};

/// Ends the whole group of a child when it is dropped, unless the child has ended by itself.
pub(super) struct Group(#[cfg(unix)] Option<rustix::process::Pid>);

impl Group {
    /// The child is to lead a group of its own.
    pub(super) fn prepare(command: &mut Command) {
        command.kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
    }

    #[cfg(unix)]
    pub(super) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Child) -> Self {
        Self()
    }

    /// The child has ended and its id may be another's by now.
    pub(super) fn ended(&mut self) {
        #[cfg(unix)]
        {
            self.0 = None;
        }
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(id) = self.0 {
            // A group that is gone already is what is wanted.
            let _ = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
        }
    }
}

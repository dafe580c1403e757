//! Why a connection could not be accepted, and so whether another one can be.

use std::io;

/// How long an error of a listening socket lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is over: the connection was gone before it was accepted.
    OneConnection,
    /// It passes: the machine has no more sockets or memory to give, or its network is away.
    Passing,
    /// It stays: the socket is closed, or is none that listens.
    Lasting,
}

use Trouble::{OneConnection, Passing};

const KINDS: &[(io::ErrorKind, Trouble)] = &[
    (io::ErrorKind::ConnectionAborted, OneConnection),
    (io::ErrorKind::ConnectionReset, OneConnection),
    (io::ErrorKind::ConnectionRefused, OneConnection),
    (io::ErrorKind::Interrupted, OneConnection),
    (io::ErrorKind::OutOfMemory, Passing),
    (io::ErrorKind::NetworkDown, Passing),
    (io::ErrorKind::NetworkUnreachable, Passing),
    (io::ErrorKind::HostUnreachable, Passing),
    (io::ErrorKind::TimedOut, Passing),
    // A firewall forbids a connection.
    (io::ErrorKind::PermissionDenied, Passing),
];

/// Errors that have no kind, by the system's numbers: too many open files of this process, and of all; no buffers; and on Linux errors of the
/// new connection's protocol, option, machine and host.
const NUMBERS: &[i32] = if cfg!(windows) {
    &[10_024, 10_055]
} else if cfg!(any(target_os = "linux", target_os = "android")) {
    &[24, 23, 105, 71, 92, 64, 112]
} else {
    &[24, 23, 55]
};

impl Trouble {
    pub(super) fn of(error: &io::Error) -> Self {
        if let Some((_, trouble)) = KINDS.iter().find(|(kind, _)| *kind == error.kind()) {
            return *trouble;
        }
        let passes = error
            .raw_os_error()
            .is_some_and(|number| NUMBERS.contains(&number));
        if passes { Passing } else { Self::Lasting }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_systems_numbers_tell_how_long_it_lasts() {
        // EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, EPROTO, ENETDOWN.
        for number in [24, 23, 105, 12, 1, 71, 100] {
            assert_eq!(
                Trouble::of(&io::Error::from_raw_os_error(number)),
                Passing,
                "{number}"
            );
        }
        // ECONNABORTED, ECONNRESET, EINTR.
        for number in [103, 104, 4] {
            assert_eq!(
                Trouble::of(&io::Error::from_raw_os_error(number)),
                OneConnection,
                "{number}"
            );
        }
        // EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP.
        for number in [9, 22, 88, 95] {
            assert_eq!(
                Trouble::of(&io::Error::from_raw_os_error(number)),
                Trouble::Lasting,
                "{number}"
            );
        }
    }
}

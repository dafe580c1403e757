//! From the errors of the libraries to what a person reads: what failed, why, what to do next, and the exit code.

use std::error::Error as StdError;
use std::fmt::Write as _;
use std::io;

use lazuli_blob::ErrorKind;
use lazuli_protocol::ErrorCode;

use crate::account::Source;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::location::Remote;

/// What was being done, and where.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// `cannot copy docs to az://quickstart/docs`.
    pub(crate) what: String,
    /// The place in the account that this is about.
    pub(crate) remote: Remote,
    /// What let the command in.
    pub(crate) source: Source,
    /// Whether the service is on this machine.
    pub(crate) loopback: bool,
}

impl About {
    /// What an error of the client means.
    pub(crate) fn blob(&self, error: &lazuli_blob::Error) -> Failure {
        let code = error.code().map(ErrorCode::as_str);
        let said = match error.kind() {
            // What the source of tokens says stands between this error and the deepest cause.
            ErrorKind::Credential => error.source().map_or_else(|| error.to_string(), with_causes),
            _ => with_causes(error),
        };
        let failure = Failure::new(exit_of(error), said)
            .code(code)
            .while_doing(&self.what);
        match self.advice(error) {
            Some(advice) => failure.help(advice),
            None => failure,
        }
    }

    /// What an error of the transfer engine means.
    pub(crate) fn transfer(&self, error: &lazuli_transfer::Error) -> Failure {
        if let Some(error) = error.blob() {
            return self.blob(error);
        }
        let exit = match error.kind() {
            lazuli_transfer::ErrorKind::Io => error.as_io().map_or(Exit::Failed, exit_of_io),
            lazuli_transfer::ErrorKind::Changed => Exit::Conflict,
            _ => Exit::Failed,
        };
        Failure::new(exit, with_causes(error)).while_doing(&self.what)
    }

    fn advice(&self, error: &lazuli_blob::Error) -> Option<String> {
        match error.code() {
            Some(ErrorCode::ContainerNotFound) => {
                let mut account = self.remote.with_path("");
                let place = account.to_string();
                account.container = None;
                return Some(format!(
                    "make the container with `lazuli mb {place}`, or see which there are with `lazuli ls {account}`"
                ));
            }
            Some(ErrorCode::ContainerAlreadyExists) => {
                return Some(
                    "nothing needs to be done if it is yours; --if-missing makes this no error".to_owned(),
                );
            }
            Some(ErrorCode::ContainerBeingDeleted) => {
                return Some("wait half a minute until the old container is gone, and try again".to_owned());
            }
            Some(ErrorCode::BlobNotFound) => {
                let folder = self
                    .remote
                    .path
                    .trim_end_matches('/')
                    .rsplit_once('/')
                    .map_or("", |(folder, _)| folder);
                let folder = if folder.is_empty() {
                    String::new()
                } else {
                    format!("{folder}/")
                };
                return Some(format!(
                    "see what there is with `lazuli ls {}`",
                    self.remote.with_path(folder)
                ));
            }
            _ => {}
        }
        if exit_of(error) == Exit::Denied {
            return Some(self.source.advice());
        }
        match error.kind() {
            ErrorKind::Connect if self.loopback => {
                Some("is `lazuli serve` running, and on that port? Start it in another terminal".to_owned())
            }
            ErrorKind::Connect => Some("check the account's name in the address, and the network".to_owned()),
            ErrorKind::Proxy => Some(
                "check HTTPS_PROXY, or name the host in NO_PROXY if it is to be reached directly".to_owned(),
            ),
            ErrorKind::InsecureUrl => Some("write https:// instead of http://".to_owned()),
            ErrorKind::Tls => {
                Some("check this machine's certificates and clock, and the name in the address".to_owned())
            }
            _ => None,
        }
    }
}

/// An error with its deepest cause, where the message does not have that already.
pub(crate) fn with_causes(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let deepest = std::iter::successors(error.source(), |&error| error.source()).last();
    if let Some(cause) = deepest.map(ToString::to_string)
        && !text.contains(&cause)
    {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {cause}");
    }
    text
}

fn exit_of(error: &lazuli_blob::Error) -> Exit {
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Connection
        | ErrorKind::Timeout
        | ErrorKind::Tls
        | ErrorKind::Proxy
        | ErrorKind::CircuitOpen
        | ErrorKind::Body => Exit::Unreachable,
        ErrorKind::InvalidInput | ErrorKind::InsecureUrl => Exit::Usage,
        ErrorKind::Credential => Exit::Denied,
        ErrorKind::Service => exit_of_answer(error.status().map(|status| status.as_u16()), error.code()),
        _ => Exit::Failed,
    }
}

fn exit_of_answer(status: Option<u16>, code: Option<&ErrorCode>) -> Exit {
    match (status, code) {
        (_, Some(ErrorCode::InvalidAuthenticationInfo | ErrorCode::PublicAccessNotPermitted))
        | (Some(401 | 403), _) => Exit::Denied,
        (Some(404 | 410), _) => Exit::NotFound,
        (Some(304 | 409 | 412), _) => Exit::Conflict,
        (Some(408 | 429 | 500..), _) => Exit::Unreachable,
        _ => Exit::Failed,
    }
}

/// What an error of the local disk means.
pub(crate) fn exit_of_io(error: &io::Error) -> Exit {
    match error.kind() {
        io::ErrorKind::NotFound => Exit::NotFound,
        io::ErrorKind::PermissionDenied => Exit::Denied,
        io::ErrorKind::AlreadyExists => Exit::Conflict,
        _ => Exit::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_their_exit_codes() {
        for (status, code, exit) in [
            (404, "ContainerNotFound", Exit::NotFound),
            (404, "BlobNotFound", Exit::NotFound),
            (403, "AuthenticationFailed", Exit::Denied),
            (403, "AuthorizationPermissionMismatch", Exit::Denied),
            (401, "NoAuthenticationInformation", Exit::Denied),
            (400, "InvalidAuthenticationInfo", Exit::Denied),
            (409, "PublicAccessNotPermitted", Exit::Denied),
            (409, "ContainerAlreadyExists", Exit::Conflict),
            (412, "ConditionNotMet", Exit::Conflict),
            (412, "LeaseIdMissing", Exit::Conflict),
            (503, "ServerBusy", Exit::Unreachable),
            (500, "InternalError", Exit::Unreachable),
            (400, "InvalidHeaderValue", Exit::Failed),
        ] {
            assert_eq!(
                exit_of_answer(Some(status), Some(&ErrorCode::from(code))),
                exit,
                "{code}"
            );
        }
        assert_eq!(exit_of_answer(None, None), Exit::Failed);
    }

    #[test]
    fn the_deepest_cause_is_told_once() {
        let plain = io::Error::other("it broke");
        assert_eq!(with_causes(&plain), "it broke");
    }
}

//! `lazuli sas`: makes a URL that lets its holder in, for a time.

mod key;
mod moment;
mod terms;

use clap::Args;
use http::Request;
use lazuli_protocol::{BlobName, Clock as _, SystemClock};
use lazuli_signing::SasToken;
use serde::Serialize;
use time::OffsetDateTime;

use self::moment::Moment;
use self::terms::Terms;
use super::date;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::location::{Location, Remote};
use crate::session::Session;

/// Make a URL that lets its holder in, for a time (a shared access signature)
#[derive(Args, Debug)]
#[command(after_help = help::SAS)]
pub(crate) struct Arguments {
    /// What it opens: a blob, a container, a folder (with a slash at its end), or az:// for the whole account
    location: String,

    /// What it permits, in letters: r read, a add, c create, w write, d delete, l list, t tags, ... [default: r for a blob, else rl]
    #[arg(short, long, value_name = "LETTERS")]
    permissions: Option<String>,

    /// How long it opens (30m, 12h, 7d), or until when (2027-01-31T12:00:00Z) [default: 1h]
    #[arg(short, long, value_name = "WHEN")]
    expires: Option<Moment>,

    /// From when on it opens: in how long, or a time [default: at once]
    #[arg(long, value_name = "WHEN")]
    starts: Option<Moment>,

    /// From which IPv4 address it opens: one, or FIRST-LAST
    #[arg(long, value_name = "ADDRESSES")]
    ip: Option<String>,

    /// It opens over https only
    #[arg(long)]
    https_only: bool,

    /// The stored access policy of the container that says what is not said here
    #[arg(long, value_name = "ID")]
    policy: Option<String>,
}

#[derive(Serialize)]
struct Made<'a> {
    location: String,
    url: &'a str,
    token: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let remote = Location::parse_remote(&arguments.location)?;
    // A SAS knows no fractions of a second.
    let now = SystemClock.now();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    let mut terms = Terms::of(&arguments, &remote, now)?;
    let (endpoint, key) = key::find(session, &remote, &mut terms, now).await?;
    let token = terms.sign(&remote, &key)?;
    let uri = endpoint.uri();
    let uri = match &remote.container {
        None => uri,
        Some(container) if remote.path.is_empty() => uri.container(container),
        Some(container) => {
            let name = BlobName::new(remote.path.as_str())
                .map_err(|error| Failure::usage(format!("{remote} cannot be signed: {error}")))?;
            uri.container(container).blob(&name)
        }
    };
    let url = with_token(uri.build(), &token)
        .map_err(|reason| Failure::new(Exit::Failed, format!("cannot make a URL of {remote}: {reason}")))?;
    let output = session.output();
    if output.is_json() {
        output.json(&Made {
            location: remote.to_string(),
            url: &url,
            token: token.expose(),
            kind: key.kind(&remote),
            expires: date::json(terms.expires()),
        })?;
    } else {
        output.text(&format!("{url}\n"))?;
        if let Some(at) = terms.expires() {
            output.note(format!("it opens until {} UTC", date::text(Some(at))));
        }
    }
    Ok(Exit::Done)
}

fn with_token(
    uri: Result<http::Uri, lazuli_protocol::Error>,
    token: &SasToken,
) -> Result<String, Box<dyn std::error::Error>> {
    let (mut parts, ()) = Request::get(uri?).body(())?.into_parts();
    token.append_to(&mut parts)?;
    Ok(parts.uri.to_string())
}

/// The time that an option names.
fn at(moment: Option<Moment>, now: OffsetDateTime) -> Result<Option<OffsetDateTime>, Failure> {
    moment
        .map(|moment| moment.from(now))
        .transpose()
        .map_err(Failure::usage)
}

/// What a location is, as a SAS is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Account,
    Container,
    Folder,
    Blob,
}

impl Target {
    fn of(remote: &Remote) -> Self {
        match (&remote.container, remote.path.as_str()) {
            (None, _) => Self::Account,
            (Some(_), "") => Self::Container,
            (Some(_), path) if path.ends_with('/') => Self::Folder,
            (Some(_), _) => Self::Blob,
        }
    }
}

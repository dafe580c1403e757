//! `lazuli mb`: makes a container.

use clap::Args;
use lazuli_protocol::ErrorCode;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::location::Location;
use crate::session::{Intent, Session};

/// Make a container
#[derive(Args, Debug)]
#[command(after_help = help::MB)]
pub(crate) struct Arguments {
    /// The container: az://NAME, a full URL, or its name alone
    container: String,

    /// It is no error when the container is there already
    #[arg(long)]
    if_missing: bool,
}

#[derive(Serialize)]
struct Made {
    container: String,
    location: String,
    created: bool,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let typed = arguments.container;
    let plain = !typed.contains([':', '/', '\\', '.']);
    let remote = Location::parse_remote(&if plain { format!("az://{typed}") } else { typed })?;
    let container = remote.required_container()?;
    if !remote.path.is_empty() {
        return Err(Failure::usage(format!(
            "{remote} is below a container; mb makes the container itself"
        ))
        .help("folders need not be made: a blob's name may hold slashes"));
    }
    let connection = session.connect(&remote.place, Intent::Write).await?;
    let created = match connection.container(container).create().await {
        Ok(_) => true,
        Err(error) if arguments.if_missing && error.code() == Some(&ErrorCode::ContainerAlreadyExists) => {
            false
        }
        Err(error) => {
            return Err(connection
                .about(format!("cannot make {remote}"), &remote)
                .blob(&error));
        }
    };
    let output = session.output();
    if output.is_json() {
        let made = Made {
            container: container.to_string(),
            location: remote.to_string(),
            created,
        };
        output.json(&made)?;
    } else if created {
        output.text(&format!("made {remote}\n"))?;
    } else {
        output.text(&format!("{remote} is there already\n"))?;
    }
    Ok(Exit::Done)
}

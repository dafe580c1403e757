//! `lazuli serve`: the simulation on a socket, for every client of Azure Storage.

mod accounts;

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;

use clap::{Args, ValueEnum};
use lazuli_simulation::serve::Server;
use lazuli_simulation::{Durability, Simulation};
use serde::Serialize;

use crate::embedded;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::explain::with_causes;
use crate::failure::Failure;
use crate::help;
use crate::location::shown;
use crate::output::Output;
use crate::signals::{Interruption, Signals};
use accounts::Served;

/// Serve a complete local Azure to every client
#[derive(Args, Debug)]
#[command(after_help = help::SERVE)]
pub(crate) struct Arguments {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    blob_host: String,

    /// The port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 10000)]
    blob_port: u16,

    /// An account and its key in base64, beside the development account; see below on who can see it
    #[arg(long = "account", value_name = "NAME:KEY")]
    accounts: Vec<String>,

    /// Serve only the accounts that are named, not the development account
    #[arg(long)]
    no_development_account: bool,

    /// Keep the data in this folder; without it, in memory
    #[arg(long, value_name = "DIR")]
    location: Option<PathBuf>,

    /// What an acknowledged write survives
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Survives::Process, requires = "location")]
    durability: Survives,

    /// Let other machines in, over plain http
    #[arg(long)]
    allow_remote: bool,
}

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Survives {
    /// The end of this process, kill -9 included
    Process,
    /// A loss of power too: every write waits for the disk
    Power,
}

impl From<Survives> for Durability {
    fn from(survives: Survives) -> Self {
        match survives {
            Survives::Process => Self::Process,
            Survives::Power => Self::Power,
        }
    }
}

/// The line that says where a service listens, for programs.
#[derive(Serialize)]
struct Listening<'a> {
    event: &'static str,
    service: &'static str,
    url: &'a str,
    host: String,
    port: u16,
    accounts: Vec<&'a str>,
}

/// Serves until a signal comes.
///
/// # Errors
/// It cannot be started: the arguments, the location or the port.
pub(crate) async fn run(
    arguments: Arguments,
    output: Output,
    environment: &Environment,
    signals: Signals,
) -> Result<Exit, Failure> {
    let host = host(&arguments.blob_host)?;
    if !host.is_loopback() && !arguments.allow_remote {
        return Err(Failure::usage(format!("{host} can be reached from other machines"))
            .help("add --allow-remote if that is meant: the traffic is plain http, and the development key is public"));
    }
    let development = !arguments.no_development_account;
    let served = Served::gather(
        &arguments.accounts,
        environment.served_accounts.as_ref(),
        development,
    )?;
    if !host.is_loopback() && development {
        output.warning("whoever can reach this address can use the development account, whose key is public");
    }
    let simulation = open(&arguments, &served).await?;
    let server = bind(SocketAddr::new(host, arguments.blob_port)).await?;
    announce(server.local_addr(), &served, output)?;
    match &arguments.location {
        Some(location) => output.note(format_args!("the data is in {}", shown(location))),
        None => output.note("the data is in memory, and gone when this ends; --location DIR keeps it"),
    }
    let ended = serve(server, &simulation, signals, output).await;
    let closed = embedded::close(simulation).await;
    let exit = ended?;
    closed.map(|()| exit)
}

async fn serve(
    server: Server,
    simulation: &Simulation,
    mut signals: Signals,
    output: Output,
) -> Result<Exit, Failure> {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut serving = pin!(server.run(simulation.blob_service(), stopped));
    let done = |ended: Result<(), lazuli_simulation::Error>| match ended {
        Ok(()) => Ok(Exit::Done),
        Err(error) => {
            let message = format!("the service broke off: {}", with_causes(&error));
            Err(Failure::new(Exit::Failed, message))
        }
    };
    tokio::select! {
        ended = &mut serving => return done(ended),
        Interruption = signals.next() => {
            output.note("stopping when all requests are answered; a second signal stops at once");
        }
    }
    // Requests that are under way get their answers; new connections are refused.
    drop(stop);
    tokio::select! {
        ended = &mut serving => done(ended),
        Interruption = signals.next() => {
            Err(Failure::new(Exit::Interrupted, "stopped at once; requests that were under way have no answer"))
        }
    }
}

fn host(text: &str) -> Result<IpAddr, Failure> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().map_err(|_| {
        Failure::usage(format!("{text:?} is not an address to listen on"))
            .help("write 127.0.0.1, ::1 or another IP address of this machine")
    })
}

async fn open(arguments: &Arguments, served: &Served) -> Result<Simulation, Failure> {
    let mut builder = Simulation::builder();
    for account in served.iter() {
        builder = builder.account(account.name(), account.key());
    }
    if let Some(location) = &arguments.location {
        builder = builder.location(location).durability(arguments.durability.into());
    }
    let opened = tokio::task::spawn_blocking(move || builder.build()).await;
    let opened = opened.map_err(|error| Failure::new(Exit::Failed, format!("cannot start: {error}")))?;
    opened.map_err(|error| match &arguments.location {
        Some(location) => embedded::explain(location, &error),
        None => Failure::new(Exit::Failed, format!("cannot start: {}", with_causes(&error))),
    })
}

async fn bind(address: SocketAddr) -> Result<Server, Failure> {
    Server::bind(address).await.map_err(|error| {
        let source: Option<&(dyn StdError + 'static)> = Some(&error);
        let kind = std::iter::successors(source, |&error| error.source())
            .find_map(|error| error.downcast_ref::<io::Error>())
            .map(io::Error::kind);
        match kind {
            Some(io::ErrorKind::AddrInUse) => Failure::new(Exit::Conflict, format!("{address} is in use by another process")).help(
                "another `lazuli serve` or Azurite may run already; choose another port with --blob-port, or 0 for a free one",
            ),
            Some(io::ErrorKind::PermissionDenied) => Failure::new(Exit::Denied, format!("this user may not listen on {address}"))
                .help("choose a port from 1024 on with --blob-port"),
            Some(io::ErrorKind::AddrNotAvailable) => Failure::usage(format!("{} is no address of this machine", address.ip())),
            _ => Failure::new(Exit::Failed, format!("cannot listen on {address}: {error}")),
        }
    })
}

/// Says where the service listens. It listens already: whoever reads the line can connect.
fn announce(address: SocketAddr, served: &Served, output: Output) -> Result<(), Failure> {
    let url = format!("http://{address}/{}", served.first());
    let said = if output.is_json() {
        output.json(&Listening {
            event: "listening",
            service: "blob",
            url: &url,
            host: address.ip().to_string(),
            port: address.port(),
            accounts: served.iter().map(accounts::Account::name).collect(),
        })
    } else {
        output.text(&format!("Lazuli Blob service listens on {url}\n"))
    };
    match said {
        // A service does not end because nobody reads where it is.
        Err(failure) if failure.exit() == Exit::Done => Ok(()),
        said => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (text, address) in [
            ("127.0.0.1", "127.0.0.1"),
            ("LOCALHOST", "127.0.0.1"),
            ("::1", "::1"),
            ("[::1]", "::1"),
            ("0.0.0.0", "0.0.0.0"),
        ] {
            assert_eq!(host(text).unwrap(), address.parse::<IpAddr>().unwrap());
        }
        let failure = host("example.org").unwrap_err();
        assert_eq!(
            failure.message(),
            "\"example.org\" is not an address to listen on"
        );
    }
}

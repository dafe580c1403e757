//! `lazuli serve`: the simulation on a socket, for every client of Azure Storage.

mod accounts;
mod listening;
mod traits;
mod trust;

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;

use clap::{Args, ValueEnum};
use lazuli_simulation::entra::TokenTrust;
use lazuli_simulation::serve::Server;
use lazuli_simulation::{Durability, Simulation};
use tokio::sync::watch;

use crate::embedded;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::explain::with_causes;
use crate::failure::Failure;
use crate::help;
use crate::location::shown;
use crate::output::Output;
use crate::session;
use crate::signals::{Interruption, Signals};
use accounts::{Account, Served};
use trust::Oauth;

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

    /// Serve the identity endpoints too, on this port; 0 takes a free one; see below
    #[arg(long, value_name = "PORT")]
    identity_port: Option<u16>,

    /// Which access tokens of others are taken; see below for the default
    #[arg(long, value_name = "WHICH", value_enum)]
    oauth: Option<Oauth>,

    /// An account and its key in base64, beside the development account; see below on who can see it
    #[arg(long = "account", value_name = "NAME:KEY")]
    accounts: Vec<String>,

    /// What an account is like: versioning, soft delete and more; see below
    #[arg(long, value_name = "NAME:OPTION,…")]
    account_options: Vec<String>,

    /// Serve only the accounts that are named, not the development account
    #[arg(long)]
    no_development_account: bool,

    /// Keep the data in this folder; without it, in memory
    #[arg(long, value_name = "DIR")]
    location: Option<PathBuf>,

    /// What an acknowledged write survives
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Survives::Process, requires = "location")]
    durability: Survives,

    /// Fetch the sources of copies that are not served here, over https or from this machine; see below
    #[arg(long)]
    fetch_copy_sources: bool,

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
    let trust = trust::decide(
        arguments.oauth,
        host.is_loopback(),
        served.iter().all(Account::is_public),
    );
    if !host.is_loopback() && arguments.fetch_copy_sources {
        output.warning("whoever can write to an account can have this machine fetch any URL that it reaches, and read what it got");
    }
    let simulation = open(&arguments, &served, trust, environment).await?;
    let blob = bind(SocketAddr::new(host, arguments.blob_port), "--blob-port").await?;
    let identity = match arguments.identity_port {
        None => None,
        Some(port) => Some(bind(SocketAddr::new(host, port), "--identity-port").await?),
    };
    if !host.is_loopback() {
        for warning in trust::warnings(trust, identity.is_some()) {
            output.warning(warning);
        }
    }
    listening::blob(blob.local_addr(), &served, output)?;
    if let Some(server) = &identity {
        listening::identity(server.local_addr(), output)?;
    }
    match &arguments.location {
        Some(location) => output.note(format_args!("the data is in {}", shown(location))),
        None => output.note("the data is in memory, and gone when this ends; --location DIR keeps it"),
    }
    let ended = serve(blob, identity, &simulation, signals, output).await;
    let closed = embedded::close(simulation).await;
    let exit = ended?;
    closed.map(|()| exit)
}

async fn serve(
    blob: Server,
    identity: Option<Server>,
    simulation: &Simulation,
    mut signals: Signals,
    output: Output,
) -> Result<Exit, Failure> {
    let (stop, stopped) = watch::channel(());
    let stopping = |mut stopped: watch::Receiver<()>| async move {
        // It ends when the sender is dropped, as nothing is ever sent.
        let _ = stopped.changed().await;
    };
    let blob = blob.run(simulation.blob_service(), stopping(stopped.clone()));
    let identity = async {
        match identity {
            Some(server) => server.run(simulation.entra().service(), stopping(stopped)).await,
            None => Ok(()),
        }
    };
    let mut serving = pin!(async { tokio::try_join!(blob, identity).map(|((), ())| ()) });
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

async fn open(
    arguments: &Arguments,
    served: &Served,
    trust: TokenTrust,
    environment: &Environment,
) -> Result<Simulation, Failure> {
    let mut builder = Simulation::builder().token_trust(trust);
    for account in served.iter() {
        builder = builder.account(account.name(), account.key());
    }
    for (name, options) in traits::gather(&arguments.account_options)? {
        builder = builder.account_options(name, options);
    }
    if let Some(location) = &arguments.location {
        builder = builder.location(location).durability(arguments.durability.into());
    }
    if arguments.fetch_copy_sources {
        builder = builder.copy_sources(session::way_out(environment)?);
    }
    let opened = tokio::task::spawn_blocking(move || builder.build()).await;
    let opened = opened.map_err(|error| Failure::new(Exit::Failed, format!("cannot start: {error}")))?;
    opened.map_err(|error| match &arguments.location {
        Some(location) => embedded::explain(location, &error),
        None => Failure::new(Exit::Failed, format!("cannot start: {}", with_causes(&error))),
    })
}

async fn bind(address: SocketAddr, option: &str) -> Result<Server, Failure> {
    Server::bind(address).await.map_err(|error| {
        let source: Option<&(dyn StdError + 'static)> = Some(&error);
        let kind = std::iter::successors(source, |&error| error.source())
            .find_map(|error| error.downcast_ref::<io::Error>())
            .map(io::Error::kind);
        match kind {
            Some(io::ErrorKind::AddrInUse) => Failure::new(Exit::Conflict, format!("{address} is in use by another process")).help(format!(
                "another `lazuli serve` or Azurite may run already; choose another port with {option}, or 0 for a free one"
            )),
            Some(io::ErrorKind::PermissionDenied) => Failure::new(Exit::Denied, format!("this user may not listen on {address}"))
                .help(format!("choose a port from 1024 on with {option}")),
            Some(io::ErrorKind::AddrNotAvailable) => Failure::usage(format!("{} is no address of this machine", address.ip())),
            _ => Failure::new(Exit::Failed, format!("cannot listen on {address}: {error}")),
        }
    })
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

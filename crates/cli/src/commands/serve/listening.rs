//! Saying where the services listen. They listen already: whoever reads the line can connect.

use std::net::SocketAddr;

use lazuli_simulation::entra::{CLIENT_ID, TENANT};
use serde::Serialize;

use super::accounts::{self, Served};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// The line that says where a service listens, for programs.
#[derive(Serialize)]
struct Listening<'a, T> {
    event: &'static str,
    service: &'static str,
    url: &'a str,
    host: String,
    port: u16,
    #[serde(flatten)]
    more: T,
}

/// What the line of the Blob service says besides.
#[derive(Serialize)]
struct Blob<'a> {
    accounts: Vec<&'a str>,
}

/// What the line of the identity endpoints says besides.
#[derive(Serialize)]
struct Identity {
    tenant: &'static str,
    client_id: &'static str,
}

pub(super) fn blob(address: SocketAddr, served: &Served, output: Output) -> Result<(), Failure> {
    let url = format!("http://{address}/{}", served.first());
    let accounts = served.iter().map(accounts::Account::name).collect();
    say(address, ("blob", "Blob"), &url, Blob { accounts }, output)
}

pub(super) fn identity(address: SocketAddr, output: Output) -> Result<(), Failure> {
    let url = format!("http://{address}");
    let more = Identity {
        tenant: TENANT,
        client_id: CLIENT_ID,
    };
    say(address, ("identity", "identity"), &url, more, output)
}

fn say(
    address: SocketAddr,
    (service, name): (&'static str, &str),
    url: &str,
    more: impl Serialize,
    output: Output,
) -> Result<(), Failure> {
    let said = if output.is_json() {
        output.json(&Listening {
            event: "listening",
            service,
            url,
            host: address.ip().to_string(),
            port: address.port(),
            more,
        })
    } else {
        output.text(&format!("Lazuli {name} service listens on {url}\n"))
    };
    match said {
        // A service does not end because nobody reads where it is.
        Err(failure) if failure.exit() == Exit::Done => Ok(()),
        said => said,
    }
}

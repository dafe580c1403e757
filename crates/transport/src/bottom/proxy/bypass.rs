//! Hosts that no proxy is for, as `NO_PROXY` lists them.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// The rules of a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Bypass(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    All,
    Addresses(IpNet),
    /// The name, in lower case, and those below it.
    Names(String),
}

impl Bypass {
    /// Reads a list with commas or spaces between the rules. Each reads as something: at worst, as a name that no host has.
    pub(super) fn of(list: &str) -> Self {
        let words = list.split(|between: char| between == ',' || between.is_whitespace());
        Self(words.filter(|word| !word.is_empty()).map(Rule::of).collect())
    }

    /// Whether a host, of a URL, is in the list. A name is not looked up: rules of addresses are for hosts that are addresses.
    pub(super) fn has(&self, host: &str, port: u16) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let address: Option<IpAddr> = bare(host).parse().ok();
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let is_meant = |rule: &&Rule| rule.port.is_none_or(|only| only == port);
        self.0
            .iter()
            .filter(is_meant)
            .any(|rule| match (&rule.hosts, address) {
                (Hosts::All, _) => true,
                (Hosts::Addresses(network), Some(address)) => network.contains(&address.to_canonical()),
                (Hosts::Names(known), None) => is_below(&name, known),
                _ => false,
            })
    }
}

impl Rule {
    fn of(word: &str) -> Self {
        if let Some(network) = network(word) {
            return Self {
                hosts: Hosts::Addresses(network),
                port: None,
            };
        }
        if let Ok(socket) = word.parse::<SocketAddr>() {
            return Self {
                hosts: Hosts::Addresses(socket.ip().to_canonical().into()),
                port: Some(socket.port()),
            };
        }
        let with_port = word.rsplit_once(':');
        let with_port = with_port.and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = match with_port {
            Some((host, port)) => (host, Some(port)),
            None => (word, None),
        };
        let hosts = match host {
            "*" => Hosts::All,
            name => Hosts::Names(bare_name(name)),
        };
        Self { hosts, port }
    }
}

fn network(word: &str) -> Option<IpNet> {
    let address = |word: &str| bare(word).parse().map(|address: IpAddr| address.to_canonical());
    match word.parse() {
        Ok(network) => Some(network),
        Err(_) => address(word).ok().map(IpNet::from),
    }
}

fn bare(host: &str) -> &str {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inside.unwrap_or(host)
}

// `example.com`, `.example.com` and `*.example.com` are the same, as they are to curl.
fn bare_name(name: &str) -> String {
    let name = name.strip_prefix('*').unwrap_or(name);
    name.trim_matches('.').to_ascii_lowercase()
}

fn is_below(name: &str, known: &str) -> bool {
    match name.strip_suffix(known) {
        Some(before) => !known.is_empty() && (before.is_empty() || before.ends_with('.')),
        None => false,
    }
}

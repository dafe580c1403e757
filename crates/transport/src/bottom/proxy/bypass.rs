//! Hosts that no proxy is for, as `NO_PROXY` lists them.

use std::net::{IpAddr, SocketAddr};

use ipnet::{IpNet, Ipv4Net};
use tracing::warn;

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
    /// Reads a list with commas or spaces between the rules. What is no rule is left out, with a warning.
    pub(super) fn of(list: &str) -> Self {
        let words = list.split(|between: char| between == ',' || between.is_whitespace());
        let words = words.filter(|word| !word.is_empty());
        Self(words.filter_map(read).collect())
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

fn read(word: &str) -> Option<Rule> {
    let rule = Rule::of(word);
    if rule.is_none() {
        // Nothing in such a list is secret.
        warn!(
            rule = word,
            "a rule for hosts without a proxy means nothing here and is left out; write a name, an address or a network"
        );
    }
    rule
}

impl Rule {
    fn of(word: &str) -> Option<Self> {
        if let Some(network) = network(word) {
            return Some(Self {
                hosts: Hosts::Addresses(network),
                port: None,
            });
        }
        if let Ok(socket) = word.parse::<SocketAddr>() {
            return Some(Self {
                hosts: Hosts::Addresses(socket.ip().to_canonical().into()),
                port: Some(socket.port()),
            });
        }
        let with_port = word.rsplit_once(':');
        let with_port = with_port.and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = match with_port {
            Some((host, port)) => (host, Some(port)),
            None => (word, None),
        };
        let hosts = match host {
            "*" => Hosts::All,
            name => Hosts::Names(bare_name(name)?),
        };
        Some(Self { hosts, port })
    }
}

fn network(word: &str) -> Option<IpNet> {
    match word.parse() {
        Ok(network) => Some(canonical(network)),
        Err(_) => {
            let address: IpAddr = bare(word).parse().ok()?;
            Some(address.to_canonical().into())
        }
    }
}

/// A network of IPv4 addresses as such, also where it is written as one of IPv6: hosts are compared so.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(six) = network else {
        return network;
    };
    let prefix = six.prefix_len().checked_sub(96);
    let four = six.addr().to_ipv4_mapped().zip(prefix);
    let four = four.and_then(|(address, prefix)| Ipv4Net::new(address, prefix).ok());
    four.map_or(network, IpNet::V4)
}

fn bare(host: &str) -> &str {
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inside.unwrap_or(host)
}

// `example.com`, `.example.com` and `*.example.com` are the same, as they are to curl. Elsewhere a `*` means nothing.
fn bare_name(name: &str) -> Option<String> {
    let name = match name.strip_prefix('*') {
        Some(below) => below.strip_prefix('.')?,
        None => name,
    };
    let name = name.trim_matches('.');
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (!name.is_empty() && name.chars().all(is_name)).then(|| name.to_ascii_lowercase())
}

fn is_below(name: &str, known: &str) -> bool {
    match name.strip_suffix(known) {
        Some(before) => before.is_empty() || before.ends_with('.'),
        None => false,
    }
}

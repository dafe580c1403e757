//! Places in a storage account: `az://CONTAINER/PATH`, and full URLs with or without a SAS.

use std::fmt;

use lazuli_protocol::{AddressStyle, BlobName, ContainerName, Endpoint, encode_path, percent_decode};
use lazuli_signing::SasToken;

use crate::failure::Failure;
use crate::output::printable;

/// An account, a container, or a path in a container: a blob or the start of the names of several.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    /// Which account.
    pub(crate) place: Place,
    /// Which container; `None` is the account itself.
    pub(crate) container: Option<ContainerName>,
    /// The rest, decoded; empty is the whole container.
    pub(crate) path: String,
}

/// How a location says which account it is in.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// It does not: the environment does.
    Configured,
    /// By its URL, which may hold a SAS.
    Url {
        endpoint: Endpoint,
        sas: Option<SasToken>,
    },
}

impl Remote {
    /// The account itself, as the environment has it.
    pub(crate) const ACCOUNT: Self = Self {
        place: Place::Configured,
        container: None,
        path: String::new(),
    };

    /// The container.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn required_container(&self) -> Result<&ContainerName, Failure> {
        self.container.as_ref().ok_or_else(|| {
            Failure::usage(format!("{self} names no container")).help("add it: az://CONTAINER/PATH")
        })
    }

    /// Whether this is a folder by how it is written: it ends with a slash, or is a whole container.
    pub(crate) fn is_folder(&self) -> bool {
        self.path.is_empty() || self.path.ends_with('/')
    }

    /// What names below this folder start with: empty, or with a slash at the end.
    pub(crate) fn folder_prefix(&self) -> String {
        match self.is_folder() {
            true => self.path.clone(),
            false => format!("{}/", self.path),
        }
    }

    /// The same container with another path.
    pub(crate) fn with_path(&self, path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..self.clone()
        }
    }
}

impl fmt::Display for Remote {
    /// The location as it can be typed again, without a SAS.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Configured => {
                f.write_str("az://")?;
                if let Some(container) = &self.container {
                    write!(f, "{container}")?;
                    if !self.path.is_empty() {
                        write!(f, "/{}", printable(&self.path))?;
                    }
                }
                Ok(())
            }
            Place::Url { endpoint, .. } => {
                write!(f, "{endpoint}/")?;
                if let Some(container) = &self.container {
                    f.write_str(&encode_path(container.as_str()))?;
                    if !self.path.is_empty() {
                        write!(f, "/{}", encode_path(&self.path))?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Reads what follows `az://`, literally.
pub(super) fn parse_az(text: &str, rest: &str) -> Result<Remote, Failure> {
    // Such a name could exist, but a SAS that was pasted in is far more likely, and must not end up in a name.
    if let Some((before, query)) = text.split_once('?')
        && holds_signature(query)
    {
        let message = format!("{before} is followed by a SAS, which an az:// location cannot hold");
        return Err(Failure::usage(message).help(
            "set AZURE_STORAGE_ACCOUNT and AZURE_STORAGE_SAS_TOKEN, or write the full https:// URL with the SAS",
        ));
    }
    let (container, path) = rest.split_once('/').unwrap_or((rest, ""));
    if container.is_empty() && !path.is_empty() {
        let message = format!("{} has no container", printable(text));
        return Err(Failure::usage(message)
            .help("write two slashes, the container, then the path: az://CONTAINER/PATH"));
    }
    remote(Place::Configured, container, path.to_owned(), &printable(text))
}

/// Reads what follows `https://` or `http://`.
pub(super) fn parse_url(scheme: &str, rest: &str) -> Result<Remote, Failure> {
    let (address, query) = match rest.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    if authority.contains('@') {
        return Err(Failure::usage("the URL holds a user name or a password")
            .help("leave it out; a SAS in the URL, or the AZURE_STORAGE_… variables, let you in"));
    }
    let url = printable(&format!("{scheme}://{address}"));
    let refuse = |why: &str| Failure::usage(format!("{url}: {why}"));
    if rest.contains('#') {
        return Err(refuse(
            "a URL of a blob has no fragment; write # in a name as %23",
        ));
    }
    // An address of digits has the account as its first segment; a host of names has it in the host, or nowhere.
    let host = format!("{scheme}://{authority}");
    let probe = Endpoint::parse(&format!("{host}/account")).map_err(|error| refuse(&error.to_string()))?;
    let (base, path) = match probe.style() {
        AddressStyle::Path => {
            let (account, path) = path.split_once('/').unwrap_or((path, ""));
            if account.is_empty() {
                return Err(refuse("no account")
                    .help(format!("write it after the host: {host}/ACCOUNT/CONTAINER/PATH")));
            }
            (format!("{host}/{account}"), path)
        }
        _ => (host, path),
    };
    let endpoint = Endpoint::parse(&base).map_err(|error| refuse(&error.to_string()))?;
    let sas = query.map(|query| sas(query, &refuse)).transpose()?;
    let (container, path) = path.split_once('/').unwrap_or((path, ""));
    let container = decode(container).map_err(|why| refuse(&why))?;
    let path = decode(path).map_err(|why| refuse(&why))?;
    if container.is_empty() && !path.is_empty() {
        return Err(refuse("the container is empty"));
    }
    remote(Place::Url { endpoint, sas }, &container, path, &url)
}

fn remote(place: Place, container: &str, path: String, shown: &str) -> Result<Remote, Failure> {
    let refuse = |error: lazuli_protocol::Error| Failure::usage(format!("{shown}: {error}"));
    let container = match container {
        "" => None,
        name => Some(ContainerName::new(name).map_err(refuse)?),
    };
    if !path.is_empty() {
        BlobName::new(&path).map_err(refuse)?;
    }
    Ok(Remote {
        place,
        container,
        path,
    })
}

/// What a request itself puts into the query; a URL that was copied from a log or a browser may have it.
const OPERATIONS: [&str; 10] = [
    "blockid",
    "comp",
    "delimiter",
    "include",
    "marker",
    "maxresults",
    "prefix",
    "restype",
    "snapshot",
    "versionid",
];

fn sas(query: &str, refuse: &impl Fn(&str) -> Failure) -> Result<SasToken, Failure> {
    let names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    for name in names {
        let foreign = OPERATIONS
            .into_iter()
            .find(|other| name.eq_ignore_ascii_case(other));
        if let Some(foreign) = foreign {
            return Err(refuse(&format!(
                "the parameter {foreign:?} is not part of a SAS; leave it out"
            )));
        }
    }
    SasToken::parse(query).map_err(|error| refuse(&error.to_string()))
}

fn holds_signature(query: &str) -> bool {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(name, _)| name.eq_ignore_ascii_case("sig"))
}

/// Decodes `%xx` strictly: a percent sign that stands for itself is a slip that would name another blob.
fn decode(text: &str) -> Result<String, String> {
    for (at, _) in text.match_indices('%') {
        let digits = text.as_bytes().get(at.saturating_add(1)..at.saturating_add(3));
        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(
                "a % must be followed by two hexadecimal digits; write a percent sign as %25".to_owned(),
            );
        }
    }
    let decoded = percent_decode(text).ok_or("the name is not UTF-8 once its %xx are decoded")?;
    Ok(decoded.into_owned())
}

//! The agent of Azure Arc: its caller shows that it can read a file, which only some users of the machine can.

use std::collections::VecDeque;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::{imds, machine};
use crate::entra::Authority;
use crate::entra::registry::Which;
use crate::entra::service::{Asked, Reply};

const VERSIONS: [&str; 2] = ["2019-11-01", "2020-06-01"];
/// How many challenges may wait for their answer. The oldest goes first.
const OPEN: usize = 64;

/// The files that were written, and what is in them.
pub(in crate::entra) struct ArcKeys {
    folder: Option<PathBuf>,
    open: Mutex<VecDeque<Key>>,
}

struct Key {
    file: PathBuf,
    secret: SecretString,
}

/// Whether a request with this API version is for the agent, and not for a virtual machine's metadata service.
pub(super) fn is_version(version: Option<&str>) -> bool {
    version.is_some_and(|version| VERSIONS.contains(&version))
}

pub(super) fn answer(authority: &Authority, asked: &Asked) -> Reply {
    if !asked.says_metadata() {
        return imds::refuse("Required metadata header not specified");
    }
    let Some(resource) = asked.query.get("resource") else {
        return imds::refuse("Required audience parameter not specified");
    };
    if ["client_id", "object_id", "msi_res_id"]
        .iter()
        .any(|name| asked.query.get(name).is_some())
    {
        return imds::refuse("The machine has its own identity only");
    }
    let shown = asked
        .header(&AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Basic "));
    let Some(shown) = shown else {
        return challenge(authority);
    };
    if !authority.arc_keys.redeem(shown) {
        let body = json!({ "error": "unauthorized_client", "error_description": "The key is not one of this agent" });
        return Reply::json(StatusCode::FORBIDDEN, &body);
    }
    let Some(identity) = authority.registry.find_identity(Which::Default) else {
        return imds::refuse("Identity not found");
    };
    match machine::issue(authority, identity, resource) {
        Some(issued) => Reply::ok(&Value::Object(machine::body(identity, resource, &issued))),
        None => Reply::broken(),
    }
}

fn challenge(authority: &Authority) -> Reply {
    let file = match authority.arc_keys.write(&format!("{}.key", authority.id())) {
        Ok(Some(file)) => file,
        Ok(None) => return imds::refuse("This simulation has no folder for the keys of Arc"),
        Err(error) => {
            tracing::error!(%error, "a key of Arc cannot be written");
            return Reply::broken();
        }
    };
    let Ok(realm) = HeaderValue::try_from(format!("Basic realm={}", file.display())) else {
        return imds::refuse("The folder for the keys of Arc has a name that no header can hold");
    };
    let body =
        json!({ "error": "unauthorized_client", "error_description": "Missing Basic Authorization header" });
    Reply::json(StatusCode::UNAUTHORIZED, &body).header(WWW_AUTHENTICATE, realm)
}

impl ArcKeys {
    pub(in crate::entra) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            open: Mutex::default(),
        }
    }

    /// Writes a new key into a file of this name. `None` when there is no folder for it.
    fn write(&self, name: &str) -> io::Result<Option<PathBuf>> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_| io::Error::other("the machine has no randomness to give"))?;
        let secret = SecretString::from(STANDARD.encode(bytes));
        fs::create_dir_all(folder)?;
        let file = folder.join(name);
        write_private(&file, secret.expose_secret())?;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= OPEN {
            open.pop_front();
        }
        let path = file.clone();
        open.push_back(Key { file, secret });
        Ok(Some(path))
    }

    /// Whether this is in one of the files. The file is gone then: a key is good for one request.
    fn redeem(&self, shown: &str) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |key: &Key| {
            verify_slices_are_equal(key.secret.expose_secret().as_bytes(), shown.as_bytes()).is_ok()
        };
        let found = open.iter().position(is_it);
        found.and_then(|at| open.remove(at)).is_some()
    }
}

/// A file that only its owner can read.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(file)?, text.as_bytes())
}

impl Drop for Key {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.file) {
            tracing::debug!(%error, "a key of Arc cannot be removed");
        }
    }
}

impl fmt::Debug for ArcKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArcKeys")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

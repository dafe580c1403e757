//! Azure Arc: the agent writes a key into a folder that only its group can read, and whoever shows the key may have a token.

use std::path::{Path, PathBuf};

use http::HeaderMap;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use zeroize::Zeroizing;

use super::ask;
use super::endpoint::Endpoint;
use super::identity::{ManagedIdentity, Parameters};
use crate::{AccessToken, Error, Settings, file};

const VERSION: &str = "2020-06-01";

/// There is only the machine's own identity.
const NAMES: Parameters = Parameters {
    client_id: "client_id",
    object_id: "object_id",
    resource_id: "msi_res_id",
};

/// The longest key that the agent writes.
const LONGEST_KEY: usize = 4096;

const WHO: &str = "the Azure Arc agent";

pub(super) async fn token(
    settings: &Settings,
    endpoint: &Endpoint,
    keys: &Path,
    resource: &str,
) -> Result<AccessToken, Error> {
    let question = || {
        ask::get(
            endpoint,
            VERSION,
            resource,
            &ManagedIdentity::SystemAssigned,
            NAMES,
        )
    };
    let challenge = ask::send(settings, question()?).await?;
    if challenge.status != http::StatusCode::UNAUTHORIZED {
        return challenge.token(WHO, &[]);
    }
    let path = key_file(&challenge.headers)?;
    let key = read_key(path, keys.to_owned()).await?;
    let mut request = question()?;
    let mut value = Zeroizing::new(String::with_capacity(LONGEST_KEY + 8));
    value.push_str("Basic ");
    value.push_str(&key);
    request.headers_mut().insert(AUTHORIZATION, ask::secret(&value)?);
    ask::send(settings, request).await?.token(WHO, &[&key])
}

/// `WWW-Authenticate: Basic realm=FILE`.
fn key_file(headers: &HeaderMap) -> Result<PathBuf, Error> {
    let values = headers.get_all(WWW_AUTHENTICATE).iter();
    let realm = values.filter_map(|value| value.to_str().ok()).find_map(realm);
    realm
        .filter(|realm| !realm.is_empty())
        .map(PathBuf::from)
        .ok_or_else(|| Error::response(format!("{WHO} asks for a key and names no file of it")))
}

/// The realm among the parameters of a challenge, which may be quoted and in any order. A backslash is part of a path.
fn realm(challenge: &str) -> Option<&str> {
    let (scheme, mut rest) = challenge.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        let next = next.trim_start();
        if !next.is_empty() && !next.starts_with(',') {
            return None;
        }
        if name.trim().eq_ignore_ascii_case("realm") {
            return Some(value.trim());
        }
        rest = next.trim_start_matches(',');
    }
}

/// Reads a key, from nowhere but the agent's own folder: a false agent must not have any other file sent to it.
async fn read_key(path: PathBuf, folder: PathBuf) -> Result<Zeroizing<String>, Error> {
    let refuse =
        |why: &str| Error::response(format!("{WHO} names a key file that is not to be trusted: {why}"));
    if path.extension().is_none_or(|extension| extension != "key") {
        return Err(refuse("its name does not end in .key"));
    }
    if path.parent() != Some(folder.as_path()) {
        return Err(refuse(&format!("it is not in {}", folder.display())));
    }
    let named = path.clone();
    let stays = tokio::task::spawn_blocking(move || {
        // Nor may a link lead out of it.
        let (real, folder) = (named.canonicalize()?, folder.canonicalize()?);
        Ok::<_, std::io::Error>(real.parent() == Some(folder.as_path()))
    });
    match stays.await {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) => return Err(refuse("it is a link to another folder")),
        Ok(Err(error)) => {
            let message = format!(
                "the key of {WHO} {} cannot be reached: {error}; is this user in the group himds?",
                path.display()
            );
            return Err(Error::input(message));
        }
        Err(_) => return Err(refuse("the runtime is shutting down")),
    }
    let key = file::read("the key of the Azure Arc agent", path, LONGEST_KEY).await?;
    let key = str::from_utf8(&key).ok().map(str::trim);
    match key.filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic())) {
        Some(key) => Ok(Zeroizing::new(key.to_owned())),
        None => Err(refuse("it holds no key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realm_is_one_of_several_parameters() {
        for (challenge, expected) in [
            ("Basic realm=/t/a.key", Some("/t/a.key")),
            ("BASIC  Realm = \"/t/a.key\" ", Some("/t/a.key")),
            ("Basic realm=\"/t/a.key\", charset=utf-8", Some("/t/a.key")),
            ("Basic realm=/t/a.key, charset=\"utf-8\"", Some("/t/a.key")),
            ("Basic charset=\"a,b=c\",realm=\"/t/a,b.key\"", Some("/t/a,b.key")),
            (r"Basic realm=C:\t\a.key", Some(r"C:\t\a.key")),
            (r#"Basic realm="C:\t\a.key""#, Some(r"C:\t\a.key")),
            ("Basic realm=", Some("")),
            ("Basic realm=\"/t/a.key", None),
            ("Basic realm=\"/t/a.key\"b", None),
            ("Basic charset=utf-8", None),
            ("Bearer realm=/t/a.key", None),
            ("Basic", None),
        ] {
            assert_eq!(realm(challenge), expected, "{challenge}");
        }
    }
}

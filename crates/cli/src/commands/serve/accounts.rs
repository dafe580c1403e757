//! The accounts that are served, from the command line and the environment.

use lazuli_signing::{AccountKey, AccountName, EMULATOR_ACCOUNT, EMULATOR_KEY};
use secrecy::{ExposeSecret as _, SecretString};

use crate::environment::SERVED_ACCOUNTS;
use crate::failure::Failure;

/// The accounts, at least one, each name once.
pub(super) struct Served(Vec<Account>);

/// An account and its key.
pub(super) struct Account {
    name: AccountName,
    key: SecretString,
}

impl Account {
    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether everybody knows its key.
    pub(super) fn is_public(&self) -> bool {
        self.key.expose_secret() == EMULATOR_KEY
    }

    /// The key in base64.
    pub(super) fn key(&self) -> &str {
        self.key.expose_secret()
    }
}

impl Served {
    /// The development account, if it is wanted, then those of `--account`, then those of the environment.
    ///
    /// # Errors
    /// An entry that is no `NAME:KEY`, a name twice, or no account at all. No key is shown.
    pub(super) fn gather(
        given: &[String],
        environment: Option<&SecretString>,
        development: bool,
    ) -> Result<Self, Failure> {
        let mut served = Self(Vec::new());
        if development {
            served.add("the development account", EMULATOR_ACCOUNT, EMULATOR_KEY)?;
        }
        let own = given.iter().map(String::as_str).map(|entry| ("--account", entry));
        let listed = environment.map_or("", |list| list.expose_secret());
        let listed = listed.split(';').map(str::trim).filter(|entry| !entry.is_empty());
        for (origin, entry) in own.chain(listed.map(|entry| (SERVED_ACCOUNTS, entry))) {
            let (name, key) = entry.split_once(':').ok_or_else(|| {
                Failure::usage(format!("{origin}: an account has no colon"))
                    .help("write its name, a colon, and its key in base64: NAME:KEY")
            })?;
            served.add(origin, name, key)?;
        }
        if served.0.is_empty() {
            return Err(Failure::usage("there is no account to serve").help(format!(
                "name one with --account NAME:KEY or {SERVED_ACCOUNTS}, or leave out --no-development-account"
            )));
        }
        Ok(served)
    }

    fn add(&mut self, origin: &str, name: &str, key: &str) -> Result<(), Failure> {
        let refuse = |error: lazuli_signing::Error| Failure::usage(format!("{origin}: {error}"));
        let name = AccountName::new(name).map_err(refuse)?;
        AccountKey::from_base64(key).map_err(refuse)?;
        let same_name = self.0.iter().find(|other| other.name == name);
        // The development account is often named beside others, with the key that everybody knows.
        if same_name.is_some_and(|other| other.key() == key) {
            return Ok(());
        }
        if same_name.is_some() {
            return Err(Failure::usage(format!(
                "{origin}: the account {name} is named twice, with different keys"
            )));
        }
        self.0.push(Account {
            name,
            key: SecretString::from(key),
        });
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Account> {
        self.0.iter()
    }

    /// The name of the first account.
    pub(super) fn first(&self) -> &str {
        self.0.first().map_or("", Account::name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(given: &[&str], environment: &str, development: bool) -> String {
        let given: Vec<_> = given.iter().map(|entry| (*entry).to_owned()).collect();
        match Served::gather(&given, Some(&SecretString::from(environment)), development) {
            Ok(served) => served.iter().map(Account::name).collect::<Vec<_>>().join(" "),
            Err(failure) => failure.message().to_owned(),
        }
    }

    #[test]
    fn accounts_come_from_three_places() {
        for (given, environment, development, expected) in [
            (vec![], "", true, "devstoreaccount1"),
            (
                vec!["one:U0VDUkVU"],
                "two:U0VDUkVU;three:U0VDUkVU;",
                true,
                "devstoreaccount1 one two three",
            ),
            (vec!["one:U0VDUkVU"], "one:U0VDUkVU", false, "one"),
            (vec![], "", false, "there is no account to serve"),
            (vec!["U0VDUkVU"], "", true, "--account: an account has no colon"),
            (
                vec![],
                "U0VDUkVU",
                true,
                "LAZULI_ACCOUNTS: an account has no colon",
            ),
            (
                vec!["one:U0VDUkVU"],
                "one:U0VDUkVUMg==",
                true,
                "LAZULI_ACCOUNTS: the account one is named twice, with different keys",
            ),
            (
                vec!["devstoreaccount1:U0VDUkVU"],
                "",
                true,
                "--account: the account devstoreaccount1 is named twice, with different keys",
            ),
            (
                vec!["o:U0VDUkVU"],
                "",
                true,
                "--account: invalid account name: it has 1 characters, but 3 to 24 are allowed",
            ),
            (
                vec!["one:SECRET!"],
                "",
                true,
                "--account: the account key is not base64; copy all of it, with its `=` at the end and no spaces or quotes",
            ),
        ] {
            let said = gather(&given, environment, development);
            assert_eq!(said, expected);
            assert!(!said.contains("SECRET") && !said.contains("U0VDUkVU"));
        }
    }
}

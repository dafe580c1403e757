//! What is set, what is typed, and which account that is.

use super::*;
use crate::location::Location;

const STRING: &str = "AccountName=conn;AccountKey=U0VDUkVU";
const LOCAL: &str = "UseDevelopmentStorage=true";
const URL: &str = "https://acct.blob.core.windows.net/box/a";

fn resolve(location: &str, variables: &[(&str, &str)]) -> String {
    let remote = Location::parse_remote(location).unwrap();
    match Account::resolve(&remote.place, &Environment::of(variables)) {
        Ok(Account::Embedded) => "embedded".to_owned(),
        Ok(Account::Service {
            endpoint,
            access,
            source,
        }) => {
            let credential = match access {
                Access::Credential(Credential::SharedKey(key)) => format!("key of {}", key.account()),
                Access::Credential(Credential::Sas(token)) => format!("sas {token}"),
                Access::Credential(Credential::Anonymous) => "nothing".to_owned(),
                Access::Entra => "a token".to_owned(),
                Access::Credential(_) => "?".to_owned(),
            };
            format!("{endpoint} by {credential} from {}", source.name())
        }
        Err(failure) => {
            assert_eq!(failure.exit(), crate::exit::Exit::Usage);
            failure.message().to_owned()
        }
    }
}

#[test]
fn which_account() {
    let account = (ACCOUNT, "acct");
    let key = (KEY, "U0VDUkVU");
    let sas = (SAS_TOKEN, "?sv=1&sig=SECRET");
    for (location, variables, expected) in [
        // Nothing is set.
        ("az://box", vec![], "embedded"),
        (
            URL,
            vec![],
            "https://acct.blob.core.windows.net by nothing from anonymous",
        ),
        // The connection string comes first.
        (
            "az://box",
            vec![(CONNECTION_STRING, STRING)],
            "https://conn.blob.core.windows.net by key of conn from connection_string",
        ),
        (
            "az://box",
            vec![(CONNECTION_STRING, STRING), account, key],
            "https://conn.blob.core.windows.net by key of conn from connection_string",
        ),
        (
            "az://box",
            vec![(CONNECTION_STRING, LOCAL)],
            "http://127.0.0.1:10000/devstoreaccount1 by key of devstoreaccount1 from connection_string",
        ),
        // The account with one of the two.
        (
            "az://box",
            vec![account, key],
            "https://acct.blob.core.windows.net by key of acct from key",
        ),
        (
            "az://box",
            vec![account, sas],
            "https://acct.blob.core.windows.net by sas sv=1&sig=REDACTED from sas_token",
        ),
        // A SAS in the URL wins over all.
        (
            "https://acct.blob.core.windows.net/box/a?sv=2&sig=SECRET",
            vec![(CONNECTION_STRING, STRING), account, key],
            "https://acct.blob.core.windows.net by sas sv=2&sig=REDACTED from url",
        ),
        // Without one, what is configured for that very account is used, and only for that one.
        (
            URL,
            vec![account, key],
            "https://acct.blob.core.windows.net by key of acct from key",
        ),
        (
            "https://acct.blob.localhost:10000/box",
            vec![account, key],
            "https://acct.blob.localhost:10000 by nothing from anonymous",
        ),
        (
            "http://127.0.0.1:10000/acct/box",
            vec![account, key],
            "http://127.0.0.1:10000/acct by key of acct from key",
        ),
        // What is shown as it is stays with its own place.
        (
            "https://acct.blob.localhost:10000/box",
            vec![account, sas],
            "https://acct.blob.localhost:10000 by nothing from anonymous",
        ),
        (
            "http://127.0.0.1:10000/acct/box",
            vec![account],
            "http://127.0.0.1:10000/acct by nothing from anonymous",
        ),
        (
            "https://acct.blob.example.org/box",
            vec![account, sas],
            "https://acct.blob.example.org by nothing from anonymous",
        ),
        (
            "http://acct.blob.core.windows.net/box",
            vec![account, key],
            "http://acct.blob.core.windows.net by nothing from anonymous",
        ),
        (
            URL,
            vec![(CONNECTION_STRING, STRING)],
            "https://acct.blob.core.windows.net by nothing from anonymous",
        ),
        (
            "https://conn-secondary.blob.core.windows.net/box",
            vec![(CONNECTION_STRING, STRING)],
            "https://conn-secondary.blob.core.windows.net by key of conn from connection_string",
        ),
        // The account alone is opened by whoever is logged in.
        (
            "az://box",
            vec![account],
            "https://acct.blob.core.windows.net by a token from entra",
        ),
        (
            URL,
            vec![account],
            "https://acct.blob.core.windows.net by a token from entra",
        ),
        (
            "https://other.blob.core.windows.net/box",
            vec![account],
            "https://other.blob.core.windows.net by nothing from anonymous",
        ),
        (
            "http://127.0.0.1:4711/devstoreaccount1/box",
            vec![(ACCOUNT, "devstoreaccount1")],
            "http://127.0.0.1:4711/devstoreaccount1 by key of devstoreaccount1 from development",
        ),
        // The development account's key is public knowledge, and is used on this machine alone.
        (
            "http://127.0.0.1:4711/devstoreaccount1/box",
            vec![],
            "http://127.0.0.1:4711/devstoreaccount1 by key of devstoreaccount1 from development",
        ),
        (
            "http://devstoreaccount1.blob.localhost:4711/box",
            vec![],
            "http://devstoreaccount1.blob.localhost:4711 by key of devstoreaccount1 from development",
        ),
        (
            "http://10.0.0.1:10000/devstoreaccount1/box",
            vec![],
            "http://10.0.0.1:10000/devstoreaccount1 by nothing from anonymous",
        ),
        // Half a configuration.
        (
            "az://box",
            vec![key],
            "AZURE_STORAGE_KEY is set, but AZURE_STORAGE_ACCOUNT is not",
        ),
        (
            "az://box",
            vec![sas],
            "AZURE_STORAGE_SAS_TOKEN is set, but AZURE_STORAGE_ACCOUNT is not",
        ),
        (
            "az://box",
            vec![account, key, sas],
            "AZURE_STORAGE_KEY and AZURE_STORAGE_SAS_TOKEN are both set",
        ),
        // What cannot be read.
        (
            "az://box",
            vec![(CONNECTION_STRING, "AccountName=conn")],
            "AZURE_STORAGE_CONNECTION_STRING cannot be used: invalid connection string: neither AccountKey nor \
             SharedAccessSignature is given",
        ),
        (
            "az://box",
            vec![(ACCOUNT, "My-Account"), key],
            "AZURE_STORAGE_ACCOUNT cannot be used: invalid account name: character 1 is none of a to z and 0 to 9, which alone are allowed",
        ),
        (
            "az://box",
            vec![account, (KEY, "SECRET!")],
            "AZURE_STORAGE_KEY cannot be used: the account key is not base64; copy all of it, with its `=` at the end and no spaces \
             or quotes",
        ),
        (
            "az://box",
            vec![account, (SAS_TOKEN, "sv=1")],
            "AZURE_STORAGE_SAS_TOKEN cannot be used: invalid SAS token: it has no `sig`; copy all of it, from `sv=` or `?` to its end",
        ),
    ] {
        let said = resolve(location, &variables);
        assert_eq!(said, expected, "{location}");
        assert!(!said.contains("SECRET"), "{said}");
    }
}

#[test]
fn advice_names_the_variables() {
    let half = Environment::of(&[(KEY, "U0VDUkVU")]);
    let failure = Account::resolve(&Place::Configured, &half).unwrap_err();
    assert_eq!(
        failure.help_text(),
        Some(
            "set AZURE_STORAGE_ACCOUNT to the account's name, or unset AZURE_STORAGE_KEY to use the local account"
        )
    );
    assert!(Source::Anonymous.advice().contains(CONNECTION_STRING));
    assert!(Source::Entra.advice().contains("az login"));
}

//! Connection strings that are taken, and those that are refused with what is said about them.

use super::*;

const KEY: &str = "cGxhbnRlZA==";

fn parse(text: &str) -> ConnectionString {
    ConnectionString::parse(text).unwrap()
}

#[test]
fn the_portals_form_gives_derived_endpoints() {
    let account = parse(&format!(
        "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey={KEY};EndpointSuffix=core.example"
    ));
    assert_eq!(account.account_name().unwrap().as_str(), "acct");
    assert!(matches!(account.credential(), Credential::SharedKey(key) if key.account().as_str() == "acct"));
    assert_eq!(account.blob_endpoint(), Some("https://acct.blob.core.example"));
    assert_eq!(
        account.blob_secondary_endpoint(),
        Some("https://acct-secondary.blob.core.example")
    );
    assert_eq!(account.file_endpoint(), Some("https://acct.file.core.example"));
    assert_eq!(account.file_secondary_endpoint(), None);
}

#[test]
fn names_are_case_insensitive_and_what_is_left_out_has_a_default() {
    let account = parse(&format!(
        " accountkey={KEY} ;; ACCOUNTNAME = acct ;Unknown=1;TableEndpoint=x;\n"
    ));
    assert_eq!(
        account.blob_endpoint(),
        Some("https://acct.blob.core.windows.net")
    );
    let account = parse(&format!(
        "accountkey={KEY};accountname=acct;defaultendpointsprotocol=HTTP;endpointsuffix=localhost:10000"
    ));
    assert_eq!(account.blob_endpoint(), Some("http://acct.blob.localhost:10000"));
}

#[test]
fn given_endpoints_are_kept_without_their_last_slash() {
    let account = parse(&format!(
        "AccountName=acct;AccountKey={KEY};BlobEndpoint=http://127.0.0.1:10000/acct/;FileEndpoint=https://f.example/;\
         FileSecondaryEndpoint=https://g.example"
    ));
    assert_eq!(account.blob_endpoint(), Some("http://127.0.0.1:10000/acct"));
    assert_eq!(account.blob_secondary_endpoint(), None);
    assert_eq!(account.file_endpoint(), Some("https://f.example"));
    assert_eq!(account.file_secondary_endpoint(), Some("https://g.example"));
}

#[test]
fn a_sas_needs_no_account_when_endpoints_are_given() {
    let account = parse("BlobEndpoint=https://b.example;SharedAccessSignature=?sv=1&sig=a%3D");
    assert!(account.account_name().is_none());
    assert!(matches!(account.credential(), Credential::Sas(token) if token.expose() == "sv=1&sig=a%3D"));
    assert_eq!(account.blob_endpoint(), Some("https://b.example"));
    assert_eq!(account.file_endpoint(), None);
}

#[test]
fn the_emulator_has_its_well_known_place() {
    let emulator = parse("usedevelopmentstorage=True;");
    assert_eq!(emulator.account_name().unwrap().as_str(), EMULATOR_ACCOUNT);
    assert!(matches!(emulator.credential(), Credential::SharedKey(_)));
    assert_eq!(
        emulator.blob_endpoint(),
        Some("http://127.0.0.1:10000/devstoreaccount1")
    );
    assert_eq!(
        emulator.blob_secondary_endpoint(),
        Some("http://127.0.0.1:10000/devstoreaccount1-secondary")
    );
    assert_eq!(emulator.file_endpoint(), None);

    let proxied = parse("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite/");
    assert_eq!(
        proxied.blob_endpoint(),
        Some("http://azurite:10000/devstoreaccount1")
    );
}

#[test]
fn what_is_wrong_is_said_and_no_secret_with_it() {
    let sas = "SharedAccessSignature=sv=1&sig=planted";
    let key = &format!("AccountKey={KEY}");
    for (text, message) in [
        (String::new(), "it is empty"),
        (" ; ;".to_owned(), "it is empty"),
        (
            "cGxhbnRlZA".to_owned(),
            "part 1 has no `=`; parts look like Name=value and end with `;`",
        ),
        (
            format!("AccountName=acct;{KEY}").replace('=', ""),
            "part 1 has no `=`; parts look like Name=value and end with `;`",
        ),
        (
            format!("AccountName=acct;planted;{key}"),
            "part 2 has no `=`; parts look like Name=value and end with `;`",
        ),
        (
            format!("AccountName=acct;={KEY}"),
            "part 2 has no name before its `=`",
        ),
        (format!("AccountName=;{key}"), "AccountName is empty"),
        ("AccountName=acct;AccountKey=".to_owned(), "AccountKey is empty"),
        (
            format!("AccountName=a;accountname=b;{key}"),
            "AccountName is given more than once",
        ),
        (
            format!("AccountName=acct;{key};{key}"),
            "AccountKey is given more than once",
        ),
        (key.clone(), "AccountName is missing; AccountKey needs it"),
        (
            format!("BlobEndpoint=https://b.example;{key}"),
            "AccountName is missing; AccountKey needs it",
        ),
        (
            sas.to_owned(),
            "AccountName is missing; without it, BlobEndpoint or FileEndpoint must say where to go",
        ),
        (
            format!("AccountName={KEY};{key}"),
            "AccountName cannot be used: invalid account name: character 2 is none of a to z and 0 to 9, which alone are allowed",
        ),
        (
            "AccountName=acct;AccountKey=planted!".to_owned(),
            "AccountKey cannot be used: the account key is not base64; copy all of it, with its `=` at the end and no spaces or quotes",
        ),
        (
            "AccountName=acct;SharedAccessSignature=sv=1&sg=planted".to_owned(),
            "SharedAccessSignature cannot be used: invalid SAS token: it has no `sig`; copy all of it, from `sv=` or `?` to its end",
        ),
        (
            format!("AccountName=acct;{key};{sas}"),
            "AccountKey and SharedAccessSignature are both given; keep one of them",
        ),
        (
            "AccountName=acct".to_owned(),
            "neither AccountKey nor SharedAccessSignature is given",
        ),
        (
            format!("AccountName=acct;AcountKey={KEY}"),
            "neither AccountKey nor SharedAccessSignature is given",
        ),
        (
            format!("DefaultEndpointsProtocol=ftp;AccountName=acct;{key}"),
            "DefaultEndpointsProtocol must be http or https",
        ),
        (
            format!("EndpointSuffix=a b;AccountName=acct;{key}"),
            "EndpointSuffix must be a host name like core.windows.net",
        ),
        (
            format!("EndpointSuffix=evil.example/x;AccountName=acct;{key}"),
            "EndpointSuffix must be a host name like core.windows.net",
        ),
        (
            format!("EndpointSuffix=evil.example/;AccountName=acct;{key}"),
            "EndpointSuffix must be a host name like core.windows.net",
        ),
        (
            format!("EndpointSuffix=x@evil.example;AccountName=acct;{key}"),
            "EndpointSuffix must not have a user name or password in its URL",
        ),
        (
            format!("BlobEndpoint=b.example;AccountName=acct;{key}"),
            "BlobEndpoint must be a URL that begins with http:// or https://",
        ),
        (
            format!("BlobEndpoint=ftp://b.example;AccountName=acct;{key}"),
            "BlobEndpoint must be a URL that begins with http:// or https://",
        ),
        (
            format!("FileEndpoint=https:///x;AccountName=acct;{key}"),
            "FileEndpoint must be a URL that begins with http:// or https://",
        ),
        (
            format!("BlobEndpoint=https://me:planted@b.example;AccountName=acct;{key}"),
            "BlobEndpoint must not have a user name or password in its URL",
        ),
        (
            "BlobEndpoint=https://b.example/?sv=1&sig=planted;SharedAccessSignature=sig=1".to_owned(),
            "BlobEndpoint must not have a query or fragment; a SAS belongs into SharedAccessSignature",
        ),
        (
            format!("BlobSecondaryEndpoint=https://b.example;AccountName=acct;{key}"),
            "BlobSecondaryEndpoint needs BlobEndpoint beside it",
        ),
        (
            format!("FileSecondaryEndpoint=https://b.example;BlobEndpoint=https://b.example;{sas}"),
            "FileSecondaryEndpoint needs FileEndpoint beside it",
        ),
        (
            "UseDevelopmentStorage=false".to_owned(),
            "UseDevelopmentStorage can only be `true`; leave it out to name an account",
        ),
        (
            format!("UseDevelopmentStorage=true;{key}"),
            "UseDevelopmentStorage stands for a whole account, so AccountKey has no place beside it",
        ),
        (
            format!("DevelopmentStorageProxyUri=http://azurite;AccountName=acct;{key}"),
            "DevelopmentStorageProxyUri needs UseDevelopmentStorage=true",
        ),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=azurite".to_owned(),
            "DevelopmentStorageProxyUri must be a URL that begins with http:// or https://",
        ),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite:8888".to_owned(),
            "DevelopmentStorageProxyUri must be a scheme and a host alone, like http://127.0.0.1",
        ),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite:".to_owned(),
            "DevelopmentStorageProxyUri must be a scheme and a host alone, like http://127.0.0.1",
        ),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite:88888".to_owned(),
            "DevelopmentStorageProxyUri must be a scheme and a host alone, like http://127.0.0.1",
        ),
    ] {
        let error = ConnectionString::parse(&text).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid connection string: {message}"),
            "{text:?}"
        );
        assert_eq!(error.kind(), ErrorKind::InvalidConnectionString);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("planted") && !shown.contains(KEY), "{shown}");
    }
}

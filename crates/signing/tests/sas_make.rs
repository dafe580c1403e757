//! What the builder of a SAS makes, and what it refuses.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects, in its helpers too"
)]

use std::net::Ipv4Addr;

use lazuli_signing::{
    AccountKey, Agent, Error, ErrorKind, Sas, SasProtocol, SasToken, SasVersion, SharedKey,
    UserDelegationKey, UserDelegationKeyFields,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

const T: OffsetDateTime = datetime!(2026-06-27 20:00 UTC);

const FIELDS: UserDelegationKeyFields<'static> = UserDelegationKeyFields {
    object_id: "oid",
    tenant_id: "tid",
    start: datetime!(2026-06-26 00:00 UTC),
    expiry: datetime!(2026-07-02 00:00 UTC),
    service: "b",
    version: "2026-06-06",
    delegated_tenant_id: None,
    value: "c2VjcmV0",
};

fn key() -> SharedKey {
    SharedKey::new(
        "acct".parse().unwrap(),
        AccountKey::from_base64("c2VjcmV0").unwrap(),
    )
}

fn user_key(fields: UserDelegationKeyFields<'_>) -> UserDelegationKey {
    UserDelegationKey::new("acct".parse().unwrap(), fields).unwrap()
}

fn version(text: &str) -> SasVersion {
    text.parse().unwrap()
}

#[test]
fn tokens_have_their_parameters_in_one_order() {
    let sas = Sas::directory("logs", "/a b/ü/")
        .list()
        .read()
        .expires(T)
        .starts(T - Duration::DAY);
    let sas = sas
        .ip(Ipv4Addr::new(10, 0, 0, 1)..=Ipv4Addr::new(10, 0, 0, 9))
        .protocol(SasProtocol::HttpsOrHttp)
        .content_type("text/plain; charset=utf-8")
        .encryption_scope("s");
    assert_eq!(
        sas.sign(&key()).unwrap().to_string(),
        "sv=2026-06-06&sr=d&sdd=2&sp=rl&st=2026-06-26T20%3A00%3A00Z&se=2026-06-27T20%3A00%3A00Z\
         &sip=10.0.0.1-10.0.0.9&spr=https%2Chttp&ses=s&rsct=text%2Fplain%3B%20charset%3Dutf-8&sig=REDACTED"
    );
    assert_eq!(
        sas.sign(&user_key(FIELDS)).unwrap().to_string(),
        "sv=2026-06-06&sr=d&sdd=2&sp=rl&st=2026-06-26T20%3A00%3A00Z&se=2026-06-27T20%3A00%3A00Z\
         &sip=10.0.0.1-10.0.0.9&spr=https%2Chttp&ses=s&skoid=oid&sktid=tid&skt=2026-06-26T00%3A00%3A00Z\
         &ske=2026-07-02T00%3A00%3A00Z&sks=b&skv=2026-06-06&rsct=text%2Fplain%3B%20charset%3Dutf-8&sig=REDACTED"
    );
}

#[test]
fn permissions_are_written_in_the_documented_order() {
    let shown = |token: Result<SasToken, Error>| {
        let token = token.unwrap().to_string();
        let sp = token.split('&').find(|parameter| parameter.starts_with("sp="));
        sp.unwrap().to_owned()
    };
    let container = Sas::container("c")
        .set_immutability_policy()
        .execute()
        .move_item();
    let container = container.filter_by_tags().tags().list().permanent_delete();
    let container = container.delete_version().delete().write().create().add().read();
    assert_eq!(shown(container.expires(T).sign(&key())), "sp=racwdxyltfmei");
    let account = Sas::account().blob().object().set_immutability_policy().tags();
    let account = account.filter_by_tags().process().update().create().add().list();
    let account = account
        .permanent_delete()
        .delete_version()
        .delete()
        .write()
        .read();
    assert_eq!(shown(account.expires(T).sign(&key())), "sp=rwdxylacupfti");
    let share = Sas::share("s").list().delete().write().create().read();
    assert_eq!(shown(share.expires(T).sign(&key())), "sp=rcwdl");
    let file = Sas::file("s", "f").delete().write().create().read();
    assert_eq!(shown(file.expires(T).sign(&key())), "sp=rcwd");
}

#[test]
fn each_resource_has_its_permissions() {
    use lazuli_signing::sas::marker::{Blob, Container, Directory, File, Resource, Share, Snapshot, Version};
    assert_eq!(Container::PERMISSIONS, "racwdxyltfmei");
    assert_eq!(Directory::PERMISSIONS, "racwdxyltmei");
    for letters in [Blob::PERMISSIONS, Snapshot::PERMISSIONS, Version::PERMISSIONS] {
        assert_eq!(letters, "racwdxytmei");
    }
    assert_eq!((Share::PERMISSIONS, File::PERMISSIONS), ("rcwdl", "rcwd"));
}

#[test]
fn a_sas_can_be_signed_again_and_by_another_key() {
    let sas = Sas::blob("logs", "a.txt").read().expires(T);
    assert_eq!(
        sas.sign(&key()).unwrap().expose(),
        sas.clone().sign(&key()).unwrap().expose()
    );
    assert_ne!(
        sas.sign(&key()).unwrap().expose(),
        sas.sign(&user_key(FIELDS)).unwrap().expose()
    );
}

#[test]
fn a_token_tells_when_it_expires() {
    let token = Sas::container("c").list().expires(T).sign(&key()).unwrap();
    assert_eq!(token.expires(), Some(T));
    let token = Sas::container("c").policy("id").sign(&key()).unwrap();
    assert_eq!(token.expires(), None);
    for (text, expires) in [
        ("SE=2026-06-27&sig=c2ln", Some(datetime!(2026-06-27 00:00 UTC))),
        ("sig=c2ln&se=soon", None),
        ("sig=c2ln&se", None),
    ] {
        assert_eq!(SasToken::parse(text).unwrap().expires(), expires);
    }
}

#[track_caller]
fn refused(made: Result<SasToken, Error>, message: &str) {
    let error = made.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidSas);
    assert!(!error.is_credential() && !error.is_request());
    assert_eq!(error.to_string(), format!("cannot make the SAS: {message}"));
}

#[test]
fn what_a_version_does_not_know_is_refused() {
    let key = key();
    let blob = |date| Sas::blob("c", "b").read().expires(T).version(version(date));
    let user = user_key(FIELDS);
    refused(
        blob("2012-02-11").sign(&key),
        "a service SAS for blobs needs version 2012-02-12 or later, not 2012-02-11",
    );
    refused(
        blob("2013-08-15").ip(Ipv4Addr::LOCALHOST).sign(&key),
        "a limit to IP addresses needs version 2015-04-05 or later, not 2013-08-15",
    );
    refused(
        blob("2012-02-12").content_type("a/b").sign(&key),
        "an override of a response header needs version 2013-08-15 or later, not 2012-02-12",
    );
    refused(
        blob("2020-10-02").encryption_scope("s").sign(&key),
        "an encryption scope needs version 2020-12-06 or later, not 2020-10-02",
    );
    refused(
        blob("2017-11-09").sign(&user),
        "a user delegation SAS for blobs needs version 2018-11-09 or later, not 2017-11-09",
    );
    refused(
        blob("2026-02-06").request_header("if-match", "*").sign(&user),
        "a header that a request must have needs version 2026-04-06 or later, not 2026-02-06",
    );
    refused(
        blob("2019-12-12").agent(Agent::unauthorized("oid")).sign(&user),
        "an agent needs version 2020-02-10 or later, not 2019-12-12",
    );
    refused(
        blob("2025-05-05").delegated_user("oid").sign(&user),
        "a delegated user needs version 2025-07-05 or later, not 2025-05-05",
    );
    let tenant = user_key(UserDelegationKeyFields {
        delegated_tenant_id: Some("tid"),
        ..FIELDS
    });
    refused(
        blob("2025-05-05").sign(&tenant),
        "a user delegation key with a delegated tenant needs version 2025-07-05 or later, not 2025-05-05",
    );
    refused(
        blob("2019-07-07").delete_version().sign(&key),
        "the permission `x` needs version 2019-10-10 or later, not 2019-07-07",
    );
    let old = version("2020-12-06");
    refused(
        Sas::container("c")
            .filter_by_tags()
            .expires(T)
            .version(old)
            .sign(&key),
        "the permission `f` needs version 2021-04-10 or later, not 2020-12-06",
    );
    let account = Sas::account()
        .blob()
        .container()
        .filter_by_tags()
        .expires(T)
        .version(old);
    assert!(account.sign(&key).is_ok());
    refused(
        Sas::snapshot("c", "b", "s")
            .read()
            .expires(T)
            .version(version("2017-11-09"))
            .sign(&key),
        "a SAS for a snapshot of a blob needs version 2018-11-09 or later, not 2017-11-09",
    );
    refused(
        Sas::directory("c", "d")
            .read()
            .expires(T)
            .version(version("2019-12-12"))
            .sign(&key),
        "a SAS for a directory of blobs needs version 2020-02-10 or later, not 2019-12-12",
    );
    let files = user_key(UserDelegationKeyFields {
        service: "f",
        ..FIELDS
    });
    refused(
        Sas::share("s").read().expires(T).version(old).sign(&files),
        "a user delegation SAS for files needs version 2025-07-05 or later, not 2020-12-06",
    );
}

#[test]
fn names_and_texts_that_cannot_be_signed_are_refused() {
    let key = key();
    for container in ["", "$", "Logs", "a_b", "a/b", "a b", "ü", &"a".repeat(64)] {
        refused(
            Sas::container(container).read().expires(T).sign(&key),
            "the name of the container is not one of up to 63 lower-case letters, digits and hyphens",
        );
    }
    for container in ["$root", "$web", "a", "a-1", &"a".repeat(63)] {
        assert!(Sas::container(container).read().expires(T).sign(&key).is_ok());
    }
    refused(
        Sas::blob("c", "").read().expires(T).sign(&key),
        "a blob has no name",
    );
    refused(
        Sas::file("s", "//").read().expires(T).sign(&key),
        "a file has no name",
    );
    refused(
        Sas::directory("c", "a//b").read().expires(T).sign(&key),
        "the path of the directory has an empty segment",
    );
    refused(
        Sas::blob("c", "ü".repeat(1025)).read().expires(T).sign(&key),
        "the name of the blob has more than 1024 characters",
    );
    refused(
        Sas::version("c", "b", "").read().expires(T).sign(&key),
        "a version of a blob has no id",
    );
    refused(
        Sas::blob("c", "a\nb").read().expires(T).sign(&key),
        "the path has a line feed, a carriage return or a NUL",
    );
    refused(
        Sas::blob("c", "b")
            .read()
            .expires(T)
            .content_type("a\r")
            .sign(&key),
        "the response header has a line feed, a carriage return or a NUL",
    );
    refused(
        Sas::blob("c", "b")
            .encryption_scope("\0")
            .read()
            .expires(T)
            .sign(&key),
        "the encryption scope has a line feed, a carriage return or a NUL",
    );
    let user = user_key(FIELDS);
    let blob = || Sas::blob("c", "b").read().expires(T);
    refused(
        blob().request_header("a", "b\nc").sign(&user),
        "the header or query parameter to sign has a line feed, a carriage return or a NUL",
    );
    refused(
        blob().request_header("a,b", "c").sign(&user),
        "a header that a request must have has a name that no header can have",
    );
    refused(
        blob().request_query("a,b", "c").sign(&user),
        "a query parameter that a request must have has an empty name, or one with a comma or a colon",
    );
    for value in [" v ", "v ", "\tv"] {
        refused(
            blob().request_header("x-ms-foo", value).sign(&user),
            "a header that a request must have has a value with blanks around it, which HTTP does not carry",
        );
    }
    assert!(blob().request_header("x-ms-foo", "v w").sign(&user).is_ok());
    for name in ["sp", "SIG", "rscc"] {
        refused(
            blob().request_query(name, "v").sign(&user),
            "a query parameter that a request must have has the name of a parameter of the SAS itself",
        );
    }
    for twice in [
        blob().request_header("a", "b").request_header("A", "c"),
        blob()
            .request_query("a", "b")
            .request_query("x", "c")
            .request_query("A", "b"),
    ] {
        refused(
            twice.sign(&user),
            "a header or query parameter that a request must have is given more than once",
        );
    }
    refused(
        blob().agent(Agent::authorized("")).sign(&user),
        "the user in whose name it acts has no id",
    );
    for id in ["", &"a".repeat(65)] {
        let message = format!(
            "the id of the stored access policy has {} characters, but 1 to 64 are allowed",
            id.len()
        );
        refused(Sas::container("c").policy(id).sign(&key), &message);
    }
    assert!(Sas::container("c").policy("ü".repeat(64)).sign(&key).is_ok());
}

#[test]
fn terms_that_do_not_go_together_are_refused() {
    let (key, user) = (key(), user_key(FIELDS));
    let blob = || Sas::blob("c", "b").read();
    refused(
        blob()
            .starts(T)
            .expires(T + Duration::milliseconds(999))
            .sign(&key),
        "its expiry is not after its start",
    );
    refused(
        blob().expires(datetime!(-0001-01-01 00:00 UTC)).sign(&key),
        "its expiry is not in the years 0 to 9999",
    );
    refused(
        blob()
            .expires(T)
            .ip(Ipv4Addr::BROADCAST..=Ipv4Addr::LOCALHOST)
            .sign(&key),
        "the last of the addresses is before the first",
    );
    refused(
        Sas::blob("c", "b")
            .permissions("".parse().unwrap())
            .expires(T)
            .sign(&key),
        "it permits nothing; give at least one permission",
    );
    refused(
        Sas::blob("c", "b")
            .permissions("rl".parse().unwrap())
            .expires(T)
            .sign(&key),
        "it cannot have the permission `l`, only some of `racwdxytmei`",
    );
    let outside =
        "its expiry is not within the time of the user delegation key; ask the service for another key";
    refused(
        blob().expires(FIELDS.expiry + Duration::SECOND).sign(&user),
        outside,
    );
    refused(blob().expires(FIELDS.start).sign(&user), outside);
    let earlier = FIELDS.start - Duration::minutes(15);
    let whole = blob().expires(FIELDS.expiry).starts(earlier).sign(&user);
    assert!(whole.is_ok());
    refused(
        Sas::share("s").read().expires(T).sign(&user),
        "the user delegation key is not for the file service",
    );
}

#[test]
fn fields_that_make_no_key_are_refused() {
    let refused = |fields, message: &str| {
        let error = UserDelegationKey::new("acct".parse().unwrap(), fields).unwrap_err();
        assert!(error.is_credential());
        assert_eq!(error.to_string(), message);
    };
    refused(
        UserDelegationKeyFields {
            object_id: "",
            ..FIELDS
        },
        "invalid user delegation key: the object id is empty or has a control character",
    );
    refused(
        UserDelegationKeyFields {
            delegated_tenant_id: Some("a\n"),
            ..FIELDS
        },
        "invalid user delegation key: the delegated tenant id is empty or has a control character",
    );
    refused(
        UserDelegationKeyFields {
            expiry: FIELDS.start,
            ..FIELDS
        },
        "invalid user delegation key: its expiry is not after its start",
    );
    refused(
        UserDelegationKeyFields {
            service: "blob service",
            ..FIELDS
        },
        "invalid user delegation key: the service is not a letter, such as `b`",
    );
    refused(
        UserDelegationKeyFields {
            version: "latest",
            ..FIELDS
        },
        "invalid user delegation key: the version is not a date, such as 2026-06-06",
    );
    refused(
        UserDelegationKeyFields { value: "", ..FIELDS },
        "the account key is empty",
    );
}

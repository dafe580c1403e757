//! Tokens that are made here, in the hands of the SDKs: they list, read and write what they are for, and are refused the rest.

use std::net::Ipv4Addr;

use lazuli_signing::{Sas, SasProtocol, SasToken};
use serde_json::{Value, json};
use time::Duration;

use super::stand::{BLOBS, Stand, content, text};
use crate::official::Sdk;

const NOT_AUTHENTIC: &str = "AuthenticationFailed";
const NOT_PERMITTED: &str = "AuthorizationPermissionMismatch";

/// What an SDK is to do, and how each step is to end.
struct Script<'a> {
    sdk: Sdk,
    stand: &'a Stand,
    steps: Vec<Value>,
    ends: Vec<Value>,
}

impl<'a> Script<'a> {
    fn new(sdk: Sdk, stand: &'a Stand) -> Self {
        Self {
            sdk,
            stand,
            steps: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn does(&mut self, what: &str, path: &str, token: &SasToken, output: impl Into<Value>) {
        let url = self.stand.url(path, token.expose());
        let content = format!("written to {path}");
        self.steps
            .push(json!({ "do": what, "url": url, "content": content }));
        self.ends.push(json!({ "done": output.into() }));
    }

    fn reads(&mut self, container: &str, token: &SasToken) {
        let expected = content(container, "dir/a.txt");
        self.does("read", &format!("{container}/dir/a.txt"), token, expected);
    }

    fn may_not(&mut self, what: &str, path: &str, token: &SasToken, code: &str) {
        self.does(what, path, token, ());
        *self.ends.last_mut().unwrap() = json!({ "refused": 403, "code": code });
    }

    fn sets_policies(&mut self, container: &str, policies: Value) {
        self.steps.push(self.stand.set_policies(container, policies));
        self.ends.push(json!({ "done": null }));
    }

    fn run(self) {
        let sdk = self.sdk;
        let ended = sdk.run("use_sas", &self.steps);
        for ((step, end), ended) in self.steps.iter().zip(self.ends).zip(ended) {
            assert_eq!(ended, end, "{sdk:?}: {step}");
        }
    }
}

#[tokio::test]
#[ignore = "needs the tools: cargo xtask test"]
async fn the_sdks_use_tokens_made_here() {
    let stand = Stand::new().await;
    for sdk in Sdk::ALL {
        let mut script = Script::new(sdk, &stand);
        for part in [accounts, containers_and_blobs, lent_keys, bounds, policies] {
            part(&mut script);
        }
        println!("{sdk:?}: {} steps", script.steps.len());
        script.run();
    }
}

fn accounts(script: &mut Script<'_>) {
    let stand = script.stand;
    let (key, until) = (stand.shared_key(), stand.now + Duration::HOUR);
    let all = Sas::account().blob().service().container().object();
    let all = all
        .read()
        .add()
        .create()
        .write()
        .delete()
        .list()
        .expires(until)
        .sign(&key)
        .unwrap();
    let objects = Sas::account()
        .blob()
        .object()
        .read()
        .expires(until)
        .sign(&key)
        .unwrap();
    let files = Sas::account().file().service().container().object().read().list();
    let files = files.expires(until).sign(&key).unwrap();

    script.does("create container", "new", &all, ());
    script.does("write", "new/a%20b", &all, ());
    script.does("write in blocks", "new/%C3%BC", &all, ());
    script.does("list", "new", &all, json!(["a b", "ü"]));
    script.does("read", "new/%C3%BC", &all, "written to new/%C3%BC");
    script.does("list containers", "", &all, json!(["box", "new", "next"]));
    script.does("delete", "new/a%20b", &all, ());
    script.does("list", "new", &all, json!(["ü"]));
    script.does("delete container", "new", &all, ());
    script.reads("box", &objects);
    script.may_not("write", "box/new", &objects, NOT_PERMITTED);
    script.may_not("list", "box", &objects, "AuthorizationResourceTypeMismatch");
    script.may_not(
        "list containers",
        "",
        &objects,
        "AuthorizationResourceTypeMismatch",
    );
    script.may_not("read", "box/dir/a.txt", &files, "AuthorizationServiceMismatch");
}

fn containers_and_blobs(script: &mut Script<'_>) {
    let stand = script.stand;
    let (key, until) = (stand.shared_key(), stand.now + Duration::HOUR);
    let listing = Sas::container("box")
        .read()
        .list()
        .expires(until)
        .sign(&key)
        .unwrap();
    let writing = Sas::container("next")
        .create()
        .write()
        .delete()
        .expires(until)
        .sign(&key)
        .unwrap();
    let one = Sas::blob("box", "dir/a.txt").read().content_type("text/x-sas");
    let one = one.expires(until).sign(&key).unwrap();
    let directory = Sas::directory("box", "dir")
        .read()
        .expires(until)
        .sign(&key)
        .unwrap();

    script.does("list", "box", &listing, json!(BLOBS));
    script.reads("box", &listing);
    script.may_not("write", "box/dir/a.txt", &listing, NOT_PERMITTED);
    script.may_not("delete", "box/dir/a.txt", &listing, NOT_PERMITTED);
    script.may_not("read", "next/dir/a.txt", &listing, NOT_AUTHENTIC);
    script.does("write", "next/written", &writing, ());
    script.does("write in blocks", "next/written", &writing, ());
    script.may_not("read", "next/written", &writing, NOT_PERMITTED);
    script.may_not("list", "next", &writing, NOT_PERMITTED);
    script.does("delete", "next/written", &writing, ());
    script.reads("box", &one);
    let properties = json!({ "bytes": content("box", "dir/a.txt").len(), "content_type": "text/x-sas" });
    script.does("properties", "box/dir/a.txt", &one, properties);
    script.may_not("read", "box/top.txt", &one, NOT_AUTHENTIC);
    script.reads("box", &directory);
    let below = "box/dir/sub/%C3%BC%20%26%2B.txt";
    script.does("read", below, &directory, content("box", "dir/sub/ü &+.txt"));
    script.may_not("read", "box/dirt/a.txt", &directory, NOT_AUTHENTIC);
}

fn lent_keys(script: &mut Script<'_>) {
    let stand = script.stand;
    let (key, until) = (stand.lent_key(script.sdk).ours(), stand.now + Duration::HOUR);
    let container = Sas::container("box")
        .read()
        .list()
        .expires(until)
        .sign(&key)
        .unwrap();
    let one = Sas::blob("box", "dir/a.txt")
        .read()
        .write()
        .correlation_id("for the log");
    let one = one.expires(until).sign(&key).unwrap();
    let directory = Sas::directory("box", "dir")
        .read()
        .expires(until)
        .sign(&key)
        .unwrap();

    script.does("list", "box", &container, json!(BLOBS));
    script.reads("box", &container);
    script.may_not("write", "box/dir/a.txt", &container, NOT_PERMITTED);
    script.reads("box", &one);
    script.may_not("delete", "box/dir/a.txt", &one, NOT_PERMITTED);
    script.may_not("read", "next/dir/a.txt", &one, NOT_AUTHENTIC);
    script.reads("box", &directory);
    script.may_not("read", "box/top.txt", &directory, NOT_AUTHENTIC);
}

/// When, from where and how a token may be used.
fn bounds(script: &mut Script<'_>) {
    let stand = script.stand;
    let (key, now) = (stand.shared_key(), stand.now);
    let sas = || Sas::blob("box", "dir/a.txt").read().expires(now + Duration::HOUR);
    let [here, there] = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(10, 0, 0, 1)];

    let good = sas()
        .starts(now - Duration::HOUR)
        .ip(here)
        .protocol(SasProtocol::HttpsOrHttp);
    script.reads("box", &good.sign(&key).unwrap());
    for (token, code) in [
        (sas().starts(now + Duration::minutes(30)), NOT_AUTHENTIC),
        (sas().expires(now - Duration::minutes(30)), NOT_AUTHENTIC),
        (sas().ip(there), "AuthorizationSourceIPMismatch"),
        (
            sas().protocol(SasProtocol::Https),
            "AuthorizationProtocolMismatch",
        ),
    ] {
        script.may_not("read", "box/dir/a.txt", &token.sign(&key).unwrap(), code);
    }
}

/// A stored access policy says what its tokens may, and takes that back.
fn policies(script: &mut Script<'_>) {
    let (key, until) = (script.stand.shared_key(), text(script.stand.now + Duration::HOUR));
    let token = Sas::container("box").policy("partners").sign(&key).unwrap();
    let policy = json!({ "sp": "rl", "se": until });

    script.sets_policies("box", json!({ "partners": policy }));
    script.reads("box", &token);
    script.does("list", "box", &token, json!(BLOBS));
    script.may_not("write", "box/new", &token, NOT_PERMITTED);
    script.sets_policies("box", json!({ "others": policy }));
    script.may_not("read", "box/dir/a.txt", &token, NOT_AUTHENTIC);
}

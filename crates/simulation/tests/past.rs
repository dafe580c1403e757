//! What becomes of blobs over time, on accounts that keep versions, what was deleted, both or neither: a simulation on disk that is closed
//! and opened now and then tells the same as one in memory, and a list in pages of one tells the same as a list at once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use std::time::Duration;

use lazuli_simulation::AccountOptions;
use proptest::prelude::*;
use rig::{ACCOUNT, Call, Reply, Rig};

const DAY: u64 = 24 * 60 * 60;
const LEASE: &str = "11111111-1111-1111-1111-111111111111";
const ALL: &str =
    "metadata,uncommittedblobs,snapshots,copy,deleted,tags,versions,immutabilitypolicy,legalhold";

/// What one request does. The numbers say of which of two names it is, and of which of its states.
#[derive(Clone, Debug)]
enum Step {
    Put { name: u8, kind: u8, extra: u8 },
    Grow { name: u8, kind: u8 },
    Block { name: u8, id: u8 },
    Commit { name: u8, id: u8, how: u8 },
    Delete { name: u8, snapshots: u8 },
    DeleteState { name: u8, state: u8, for_good: bool },
    Undelete { name: u8 },
    Set { name: u8, what: u8 },
    Note { name: u8, state: u8, what: u8 },
    Snapshot { name: u8, metadata: bool },
    Lease { name: u8, action: u8 },
    Copy { from: u8, state: u8, to: u8, sync: bool },
    Abort { name: u8 },
    DeleteContainer,
    RestoreContainer,
    Wait(u64),
    Reopen,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (name, state) = (0..2_u8, 0..8_u8);
    let pair = (name.clone(), state.clone());
    let step = prop_oneof![
        6 => (name.clone(), 0..3_u8, 0..6_u8).prop_map(|(name, kind, extra)| Step::Put { name, kind, extra }),
        4 => (name.clone(), 0..4_u8).prop_map(|(name, kind)| Step::Grow { name, kind }),
        2 => (name.clone(), 0..2_u8).prop_map(|(name, id)| Step::Block { name, id }),
        2 => (name.clone(), 0..2_u8, 0..3_u8).prop_map(|(name, id, how)| Step::Commit { name, id, how }),
        4 => (name.clone(), 0..3_u8).prop_map(|(name, snapshots)| Step::Delete { name, snapshots }),
        4 => (pair.clone(), any::<bool>())
            .prop_map(|((name, state), for_good)| Step::DeleteState { name, state, for_good }),
        3 => name.clone().prop_map(|name| Step::Undelete { name }),
        3 => (name.clone(), 0..3_u8).prop_map(|(name, what)| Step::Set { name, what }),
        5 => (pair, 0..8_u8).prop_map(|((name, state), what)| Step::Note { name, state, what }),
        4 => (name.clone(), any::<bool>()).prop_map(|(name, metadata)| Step::Snapshot { name, metadata }),
        2 => (name.clone(), 0..4_u8).prop_map(|(name, action)| Step::Lease { name, action }),
        4 => (name.clone(), state, name.clone(), any::<bool>())
            .prop_map(|(from, state, to, sync)| Step::Copy { from, state, to, sync }),
        1 => name.prop_map(|name| Step::Abort { name }),
        1 => Just(Step::DeleteContainer),
        1 => Just(Step::RestoreContainer),
        3 => prop_oneof![Just(0), Just(5), Just(20), Just(7200), Just(2 * DAY), Just(8 * DAY)].prop_map(Step::Wait),
        4 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..50)
}

fn path(name: u8) -> String {
    format!("/box/{}", ["a", "dir/b"][usize::from(name)])
}

async fn list(rig: &Rig, query: &str) -> Reply {
    let path = format!("/box?restype=container&comp=list&include={ALL}{query}");
    rig.get(&path).send().await
}

/// What names a state of a blob in a request, for each state that is listed of its name; nothing for the blob itself.
fn states(listed: &Reply, name: u8) -> Vec<String> {
    let wanted = path(name)["/box/".len()..].to_owned();
    let blobs = listed.elements("Blob");
    let named = blobs
        .iter()
        .filter(|blob| blob.contains(&format!("<Name>{wanted}</Name>")));
    let between = |blob: &str, element: &str| {
        let (_, rest) = blob.split_once(&format!("<{element}>"))?;
        Some(rest.split_once('<')?.0.to_owned())
    };
    let id = |blob: &String| {
        if let Some(at) = between(blob, "Snapshot") {
            return format!("snapshot={at}");
        }
        between(blob, "VersionId").map_or_else(String::new, |at| format!("versionid={at}"))
    };
    named.map(id).collect()
}

async fn state(rig: &Rig, name: u8, state: u8) -> String {
    let states = states(&list(rig, "").await, name);
    let at = usize::from(state).checked_rem(states.len());
    at.map_or_else(String::new, |at| states[at].clone())
}

fn put<'a>(rig: &'a Rig, name: u8, kind: u8, extra: u8) -> Call<'a> {
    let call = match kind {
        0 => rig
            .put(&path(name), "block")
            .header("x-ms-blob-type", "BlockBlob"),
        1 => rig.put(&path(name), "").header("x-ms-blob-type", "AppendBlob"),
        _ => rig
            .put(&path(name), "")
            .header("x-ms-blob-type", "PageBlob")
            .header("x-ms-blob-content-length", "1024"),
    };
    match extra {
        1 => call.header("x-ms-tags", "a=1"),
        2 => call.header("x-ms-lease-id", LEASE),
        3 => call
            .header("x-ms-expiry-option", "RelativeToNow")
            .header("x-ms-expiry-time", "10000"),
        4 => call.header(
            "x-ms-immutability-policy-until-date",
            "Sun, 01 Mar 2026 13:00:00 GMT",
        ),
        5 => call.header("x-ms-meta-of", "its-own"),
        _ => call,
    }
}

async fn take(rig: &Rig, step: &Step) -> Reply {
    let at = |name: u8, comp: &str| format!("{}?comp={comp}", path(name));
    match step {
        Step::Put { name, kind, extra } => put(rig, *name, *kind, *extra).send().await,
        Step::Grow { name, kind: 0 } => rig.put(&at(*name, "appendblock"), "more").send().await,
        Step::Grow { name, kind: 3 } => {
            let resize = rig.put(&at(*name, "properties"), "");
            resize.header("x-ms-blob-content-length", "512").send().await
        }
        Step::Grow { name, kind } => {
            let (action, body) = match kind {
                1 => ("update", vec![b'p'; 512]),
                _ => ("clear", Vec::new()),
            };
            let write = rig
                .put(&at(*name, "page"), body)
                .header("x-ms-page-write", action);
            write.header("x-ms-range", "bytes=512-1023").send().await
        }
        Step::Block { name, id } => {
            let id = ["QQ%3D%3D", "Qg%3D%3D"][usize::from(*id)];
            let block = rig.put(&format!("{}&blockid={id}", at(*name, "block")), vec![*name; 10]);
            block.send().await
        }
        Step::Commit { name, id, how } => {
            let id = ["QQ==", "Qg=="][usize::from(*id)];
            let how = ["Latest", "Committed", "Uncommitted"][usize::from(*how)];
            let document = format!("<BlockList><{how}>{id}</{how}></BlockList>");
            rig.put(&at(*name, "blocklist"), document).send().await
        }
        Step::Delete { name, snapshots } => {
            let delete = rig.delete(&path(*name));
            match snapshots {
                1 => delete.header("x-ms-delete-snapshots", "include").send().await,
                2 => delete.header("x-ms-delete-snapshots", "only").send().await,
                _ => delete.send().await,
            }
        }
        Step::DeleteState {
            name,
            state: number,
            for_good,
        } => {
            let state = state(rig, *name, *number).await;
            let kind = if *for_good { "&deletetype=permanent" } else { "" };
            rig.delete(&format!("{}?{state}{kind}", path(*name))).send().await
        }
        Step::Undelete { name } => rig.put(&at(*name, "undelete"), "").send().await,
        Step::Set { name, what } => match what {
            0 => {
                rig.put(&at(*name, "metadata"), "")
                    .header("x-ms-meta-set", "yes")
                    .send()
                    .await
            }
            1 => {
                let set = rig.put(&at(*name, "properties"), "");
                set.header("x-ms-blob-content-language", "en").send().await
            }
            _ => rig.put(&at(*name, "seal"), "").send().await,
        },
        Step::Note {
            name,
            state: number,
            what,
        } => {
            let state = state(rig, *name, *number).await;
            let at = |comp: &str| format!("{}?comp={comp}&{state}", path(*name));
            let tier = |tier: &str| rig.put(&at("tier"), "").header("x-ms-access-tier", tier);
            let tags = "<Tags><TagSet><Tag><Key>b</Key><Value>2</Value></Tag></TagSet></Tags>";
            match what {
                0 => rig.put(&at("tags"), tags).send().await,
                1 => tier("Archive").send().await,
                2 => tier("Cool").send().await,
                3 => {
                    let policy = rig.put(&at("immutabilityPolicies"), "");
                    let until = "x-ms-immutability-policy-until-date";
                    policy.header(until, "Sun, 01 Mar 2026 14:00:00 GMT").send().await
                }
                4 => rig.delete(&at("immutabilityPolicies")).send().await,
                5 => {
                    rig.put(&at("legalhold"), "")
                        .header("x-ms-legal-hold", "true")
                        .send()
                        .await
                }
                _ => {
                    rig.put(&at("legalhold"), "")
                        .header("x-ms-legal-hold", "false")
                        .send()
                        .await
                }
            }
        }
        Step::Snapshot { name, metadata } => {
            let taken = rig.put(&at(*name, "snapshot"), "");
            match metadata {
                true => taken.header("x-ms-meta-of", "the-snapshot").send().await,
                false => taken.send().await,
            }
        }
        Step::Lease { name, action } => {
            let lease = rig.put(&at(*name, "lease"), "");
            let (action, more) = [
                ("acquire", ("x-ms-lease-duration", "15")),
                ("acquire", ("x-ms-lease-duration", "-1")),
                ("break", ("x-ms-lease-break-period", "5")),
                ("release", ("x-ms-lease-id", LEASE)),
            ][usize::from(*action)];
            let lease = lease.header("x-ms-lease-action", action).header(more.0, more.1);
            lease.header("x-ms-proposed-lease-id", LEASE).send().await
        }
        Step::Copy {
            from,
            state: number,
            to,
            sync,
        } => {
            let state = state(rig, *from, *number).await;
            let source = format!("{}{}?{state}", rig::ENDPOINT, path(*from));
            let copy = rig.put(&path(*to), "").header("x-ms-copy-source", source);
            match sync {
                true => copy.header("x-ms-access-tier", "Hot").send().await,
                false => copy.send().await,
            }
        }
        Step::Abort { name } => {
            let head = rig.head(&path(*name)).send().await;
            let id = head.header("x-ms-copy-id");
            let abort = rig.put(&format!("{}&copyid={id}", at(*name, "copy")), "");
            abort.header("x-ms-copy-action", "abort").send().await
        }
        Step::DeleteContainer => rig.delete("/box?restype=container").send().await,
        Step::RestoreContainer => {
            let listed = rig.get("/?comp=list&include=deleted").send().await;
            let version = listed.element("Version");
            if version.is_empty() {
                return rig.put("/box?restype=container", "").send().await;
            }
            let restore = rig.put("/box?restype=container&comp=undelete", "");
            let restore = restore.header("x-ms-deleted-container-name", "box");
            restore
                .header("x-ms-deleted-container-version", version)
                .send()
                .await
        }
        Step::Wait(seconds) => {
            rig.clock.advance(Duration::from_secs(*seconds));
            list(rig, "").await
        }
        Step::Reopen => list(rig, "").await,
    }
}

/// All that can be seen, and that the pages of a list are the list.
async fn seen(rig: &Rig) -> Vec<Reply> {
    let listed = list(rig, "").await;
    let (all, mut paged) = (listed.elements("Blob"), Vec::new());
    let mut marker = String::new();
    for _ in 0..=all.len() {
        let page = list(rig, &format!("&maxresults=1&marker={marker}")).await;
        let blobs = page.elements("Blob");
        assert!(blobs.len() <= 1);
        paged.extend(blobs);
        marker = page.element("NextMarker").replace('+', "%2B");
        if marker.is_empty() {
            break;
        }
    }
    assert_eq!(paged, all);
    let mut replies = vec![rig.get("/?comp=list&include=deleted,metadata").send().await];
    for name in 0..2 {
        let mut ids = states(&listed, name);
        ids.push(String::new());
        for id in ids {
            replies.push(rig.get(&format!("{}?{id}", path(name))).send().await);
            replies.push(rig.head(&format!("{}?{id}", path(name))).send().await);
            replies.push(
                rig.get(&format!("{}?comp=pagelist&{id}", path(name)))
                    .send()
                    .await,
            );
        }
    }
    replies.push(listed);
    replies
}

/// Answers without the ids that are drawn, which a simulation that is opened again draws anew.
fn comparable(reply: Reply) -> String {
    let text = format!("{reply:?}{}", reply.text());
    let mut plain = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_hexdigit() && c != '-') {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_hexdigit());
        let is_guid = bare.len() == 36 && bare.matches('-').count() == 4;
        plain.push_str(if is_guid { "GUID" } else { word });
    }
    plain
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_disk_agree(traits in 0..16_u8, steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let is = |bit: u8| traits & bit != 0;
            let retention = Duration::from_secs(if is(2) { 7 * DAY } else { 0 });
            let options = AccountOptions::new()
                .versioning(is(1))
                .keep_deleted_blobs(retention)
                .keep_deleted_containers(retention)
                .hierarchical_namespace(is(4))
                .copy_time(Duration::from_secs(if is(8) { 10 } else { 0 }));
            let folder = tempfile::tempdir().unwrap();
            let memory = Rig::with(|builder| builder.account_options(ACCOUNT, options.clone()));
            let open = || {
                Rig::with(|builder| builder.location(folder.path()).account_options(ACCOUNT, options.clone()))
            };
            let mut disk = open();
            for rig in [&memory, &disk] {
                rig.make_container("box").await;
                let settings = format!(
                    "<StorageServiceProperties><DeleteRetentionPolicy><Enabled>{0}</Enabled>{1}\
                     <AllowPermanentDelete>{0}</AllowPermanentDelete></DeleteRetentionPolicy></StorageServiceProperties>",
                    is(2),
                    if is(2) { "<Days>7</Days>" } else { "" }
                );
                rig.put("/?restype=service&comp=properties", settings).send().await.expect(202);
            }
            for step in &steps {
                if let Step::Reopen = step {
                    let clock = disk.clock.clone();
                    drop(disk);
                    disk = open();
                    disk.clock.set(lazuli_protocol::Clock::now(&*clock));
                }
                let (expected, found) = (take(&memory, step).await, take(&disk, step).await);
                assert_eq!(comparable(found), comparable(expected), "{step:?}");
                let (expected, found) = (seen(&memory).await, seen(&disk).await);
                for (found, expected) in found.into_iter().zip(expected) {
                    assert_eq!(comparable(found), comparable(expected), "after {step:?}");
                }
            }
        });
    }
}

//! Two simulations that get the same requests give the same answers: one in memory, and one on disk that is closed and opened now
//! and then.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects, in its helpers too"
)]

mod rig;

use lazuli_simulation::AccountOptions;
use proptest::prelude::*;
use rig::{Reply, Rig};

#[derive(Clone, Debug)]
enum Step {
    CreateContainer(u8),
    DeleteContainer(u8),
    PutBlob {
        blob: u8,
        size: usize,
        condition: u8,
    },
    DeleteBlob {
        blob: u8,
        condition: u8,
    },
    SetMetadata {
        blob: u8,
        value: u8,
    },
    SetProperties {
        blob: u8,
        value: u8,
    },
    PutBlock {
        blob: u8,
        block: u8,
        size: usize,
    },
    Commit {
        blob: u8,
        blocks: Vec<(u8, u8)>,
    },
    Copy {
        from: u8,
        to: u8,
        moves: bool,
    },
    BlockFrom {
        from: u8,
        to: u8,
        first: u32,
    },
    PutFrom {
        from: u8,
        to: u8,
    },
    PutAppend {
        blob: u8,
    },
    Append {
        blob: u8,
        size: usize,
    },
    Seal {
        blob: u8,
    },
    PutPage {
        blob: u8,
        pages: u8,
    },
    WritePages {
        blob: u8,
        first: u8,
        count: u8,
        clear: bool,
    },
    Resize {
        blob: u8,
        pages: u8,
    },
    Number {
        blob: u8,
        action: u8,
    },
    Snapshot {
        blob: u8,
        metadata: bool,
    },
    WithKey {
        blob: u8,
        key: u8,
    },
    Wait(u32),
    Reopen,
}

/// Keys, and what they sum up to.
const KEYS: [(&str, &str); 2] = [
    (
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        "cs1uhCLEB/ttCYaQ8RMLfe1+wvf14dML2dUh8BU2N5M=",
    ),
    (
        "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
        "dYd7tB05O1+4RVzmDs2N2gAdBjFklrFN+n+JVlbuyko=",
    ),
];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let blob = 0..4_u8;
    let step = prop_oneof![
        1 => (0..2_u8).prop_map(Step::CreateContainer),
        1 => (0..2_u8).prop_map(Step::DeleteContainer),
        6 => (blob.clone(), 0..2000_usize, 0..4_u8)
            .prop_map(|(blob, size, condition)| Step::PutBlob { blob, size, condition }),
        3 => (blob.clone(), 0..4_u8).prop_map(|(blob, condition)| Step::DeleteBlob { blob, condition }),
        2 => (blob.clone(), any::<u8>()).prop_map(|(blob, value)| Step::SetMetadata { blob, value }),
        2 => (blob.clone(), any::<u8>()).prop_map(|(blob, value)| Step::SetProperties { blob, value }),
        6 => (blob.clone(), 0..4_u8, 1..100_usize)
            .prop_map(|(blob, block, size)| Step::PutBlock { blob, block, size }),
        2 => blob.clone().prop_map(|blob| Step::PutAppend { blob }),
        5 => (blob.clone(), 1..200_usize).prop_map(|(blob, size)| Step::Append { blob, size }),
        1 => blob.clone().prop_map(|blob| Step::Seal { blob }),
        3 => (blob.clone(), 0..8_u8).prop_map(|(blob, pages)| Step::PutPage { blob, pages }),
        6 => (blob.clone(), 0..8_u8, 1..4_u8, any::<bool>())
            .prop_map(|(blob, first, count, clear)| Step::WritePages { blob, first, count, clear }),
        1 => (blob.clone(), 0..8_u8).prop_map(|(blob, pages)| Step::Resize { blob, pages }),
        1 => (blob.clone(), 0..3_u8).prop_map(|(blob, action)| Step::Number { blob, action }),
        3 => (blob.clone(), any::<bool>()).prop_map(|(blob, metadata)| Step::Snapshot { blob, metadata }),
        1 => (blob.clone(), 1..3_u8).prop_map(|(blob, key)| Step::WithKey { blob, key }),
        4 => (blob, proptest::collection::vec((0..3_u8, 0..4_u8), 0..5))
            .prop_map(|(blob, blocks)| Step::Commit { blob, blocks }),
        4 => (0..4_u8, 0..4_u8, any::<bool>())
            .prop_map(|(from, to, moves)| Step::Copy { from, to, moves }),
        2 => (0..4_u8, 0..4_u8, 0..2000_u32)
            .prop_map(|(from, to, first)| Step::BlockFrom { from, to, first }),
        2 => (0..4_u8, 0..4_u8).prop_map(|(from, to)| Step::PutFrom { from, to }),
        1 => (0..5 * 24 * 3600_u32).prop_map(Step::Wait),
        3 => Just(Step::Reopen),
    ];
    proptest::collection::vec(step, 1..60)
}

const CONTAINERS: &str = "/?comp=list&include=metadata,system";

fn path(blob: u8) -> String {
    format!("/box{}/{}", blob % 2, ["a", "dir/b"][usize::from(blob / 2)])
}

fn conditional<'a>(call: rig::Call<'a>, condition: u8, tag: &str) -> rig::Call<'a> {
    match condition {
        1 => call.header("if-none-match", "*"),
        2 if !tag.is_empty() => call.header("if-match", tag),
        3 => call.header("if-unmodified-since", "Sun, 01 Mar 2026 12:00:00 GMT"),
        _ => call,
    }
}

fn from_url<'a>(rig: &'a Rig, to: &str, from: u8) -> rig::Call<'a> {
    let caller = rig::bearer(
        "11111111-1111-1111-1111-111111111111",
        "22222222-2222-2222-2222-222222222222",
    );
    rig.put(to, "")
        .header("x-ms-copy-source", format!("{}{}", rig::ENDPOINT, path(from)))
        .header("x-ms-copy-source-authorization", caller)
}

async fn take(rig: &Rig, step: &Step) -> Vec<Reply> {
    let tag = match step {
        Step::PutBlob { blob, .. } | Step::DeleteBlob { blob, .. } => {
            rig.head(&path(*blob)).send().await.header("etag").to_owned()
        }
        _ => String::new(),
    };
    let reply = match step {
        Step::CreateContainer(name) => rig.put(&format!("/box{name}?restype=container"), "").send().await,
        Step::DeleteContainer(name) => rig.delete(&format!("/box{name}?restype=container")).send().await,
        Step::PutBlob {
            blob,
            size,
            condition,
        } => {
            let bytes = vec![u8::try_from(size % 251).unwrap(); *size];
            let call = rig.put(&path(*blob), bytes).header("x-ms-blob-type", "BlockBlob");
            conditional(call, *condition, &tag).send().await
        }
        Step::DeleteBlob { blob, condition } => {
            conditional(rig.delete(&path(*blob)), *condition, &tag)
                .send()
                .await
        }
        Step::SetMetadata { blob, value } => {
            let call = rig.put(&format!("{}?comp=metadata", path(*blob)), "");
            // Which of its letters is in upper case is kept, too.
            let name = ["x-ms-meta-vv", "x-ms-meta-Vv", "x-ms-meta-vV"][usize::from(*value % 3)];
            call.header(name, value.to_string()).send().await
        }
        Step::SetProperties { blob, value } => {
            let call = rig.put(&format!("{}?comp=properties", path(*blob)), "");
            call.header("x-ms-blob-content-language", value.to_string())
                .send()
                .await
        }
        Step::PutBlock { blob, block, size } => {
            let id = ["QQ%3D%3D", "Qg%3D%3D", "Qw%3D%3D", "RERE"][usize::from(*block)];
            let bytes = vec![*block; *size];
            rig.put(&format!("{}?comp=block&blockid={id}", path(*blob)), bytes)
                .send()
                .await
        }
        Step::Commit { blob, blocks } => {
            let mut xml = String::from("<BlockList>");
            for (kind, block) in blocks {
                let kind = ["Latest", "Committed", "Uncommitted"][usize::from(*kind)];
                let id = ["QQ==", "Qg==", "Qw==", "RERE"][usize::from(*block)];
                xml.push_str(&format!("<{kind}>{id}</{kind}>"));
            }
            xml.push_str("</BlockList>");
            rig.put(&format!("{}?comp=blocklist", path(*blob)), xml)
                .send()
                .await
        }
        Step::PutAppend { blob } => {
            let call = rig.put(&path(*blob), "").header("x-ms-blob-type", "AppendBlob");
            call.header("x-ms-tags", "kind=append").send().await
        }
        Step::Append { blob, size } => {
            let bytes = vec![u8::try_from(size % 251).unwrap(); *size];
            let call = rig.put(&format!("{}?comp=appendblock", path(*blob)), bytes);
            call.send().await
        }
        Step::Seal { blob } => rig.put(&format!("{}?comp=seal", path(*blob)), "").send().await,
        Step::PutPage { blob, pages } => {
            let call = rig.put(&path(*blob), "").header("x-ms-blob-type", "PageBlob");
            let size = u32::from(*pages) * 512;
            call.header("x-ms-blob-content-length", size.to_string())
                .send()
                .await
        }
        Step::WritePages {
            blob,
            first,
            count,
            clear,
        } => {
            let (start, len) = (usize::from(*first) * 512, usize::from(*count) * 512);
            let (action, bytes) = if *clear {
                ("clear", Vec::new())
            } else {
                ("update", vec![first + 1; len])
            };
            rig.put(&format!("{}?comp=page", path(*blob)), bytes)
                .header("x-ms-page-write", action)
                .header("x-ms-range", format!("bytes={start}-{}", start + len - 1))
                .send()
                .await
        }
        Step::Resize { blob, pages } => {
            let call = rig.put(&format!("{}?comp=properties", path(*blob)), "");
            let size = u32::from(*pages) * 512;
            call.header("x-ms-blob-content-length", size.to_string())
                .send()
                .await
        }
        Step::Number { blob, action } => {
            let call = rig.put(&format!("{}?comp=properties", path(*blob)), "");
            let action = ["increment", "update", "max"][usize::from(*action)];
            let call = call.header("x-ms-sequence-number-action", action);
            match action {
                "increment" => call.send().await,
                _ => call.header("x-ms-blob-sequence-number", "5").send().await,
            }
        }
        Step::Snapshot { blob, metadata } => {
            let call = rig.put(&format!("{}?comp=snapshot", path(*blob)), "");
            match metadata {
                true => call.header("x-ms-meta-v", "of its own").send().await,
                false => call.send().await,
            }
        }
        Step::WithKey { blob, key } => {
            let call = rig.put(&format!("{}?comp=block&blockid=QQ%3D%3D", path(*blob)), "secret");
            let (key, sum) = KEYS[usize::from(*key - 1)];
            call.header("x-ms-encryption-key", key)
                .header("x-ms-encryption-key-sha256", sum)
                .header("x-ms-encryption-algorithm", "AES256")
                .send()
                .await
        }
        Step::Copy { from, to, moves } => {
            let source = format!("{}{}", rig::ENDPOINT, path(*from));
            let call = rig.put(&path(*to), "").header("x-ms-copy-source", source);
            let copied = call.send().await;
            // The bytes live on where the source goes.
            if *moves && copied.status == 202 && from != to {
                rig.delete(&path(*from)).send().await;
            }
            copied
        }
        Step::BlockFrom { from, to, first } => {
            let to = format!("{}?comp=block&blockid=QQ%3D%3D", path(*to));
            from_url(rig, &to, *from)
                .header("x-ms-source-range", format!("bytes={first}-"))
                .send()
                .await
        }
        Step::PutFrom { from, to } => {
            let put = from_url(rig, &path(*to), *from).header("x-ms-blob-type", "BlockBlob");
            put.send().await
        }
        Step::Wait(seconds) => {
            rig.clock
                .advance(std::time::Duration::from_secs((*seconds).into()));
            rig.get(CONTAINERS).send().await
        }
        Step::Reopen => rig.get(CONTAINERS).send().await,
    };
    let mut replies = vec![reply];
    for name in 0..2 {
        let list = format!(
            "/box{name}?restype=container&comp=list&include=metadata,uncommittedblobs,snapshots,tags"
        );
        replies.push(rig.get(&list).send().await);
    }
    for blob in 0..4 {
        replies.push(rig.get(&path(blob)).send().await);
        replies.push(rig.get(&format!("{}?comp=pagelist", path(blob))).send().await);
        replies.push(
            rig.get(&format!("{}?comp=blocklist&blocklisttype=all", path(blob)))
                .send()
                .await,
        );
    }
    replies
}

/// Answers without what tells one request from another.
fn comparable(replies: Vec<Reply>) -> Vec<String> {
    let plain = |mut reply: Reply| {
        let id = reply.header("x-ms-request-id").to_owned();
        reply.headers.remove("x-ms-request-id");
        reply.headers.remove("x-ms-copy-id");
        format!("{reply:?}{}", reply.text()).replace(&id, "")
    };
    replies.into_iter().map(plain).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_and_disk_agree(steps in steps(), slow_copies in proptest::bool::weighted(0.25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let copy_time = std::time::Duration::from_secs(if slow_copies { 3600 } else { 0 });
            let options = || AccountOptions::new().last_access_time_tracking(true).copy_time(copy_time);
            let open = || {
                Rig::with(|builder| builder.location(folder.path()).account_options(rig::ACCOUNT, options()))
            };
            let memory = Rig::with(|builder| builder.account_options(rig::ACCOUNT, options()));
            let mut disk = open();
            for step in &steps {
                if let Step::Reopen = step {
                    let clock = disk.clock.clone();
                    drop(disk);
                    disk = open();
                    disk.clock.set(lazuli_protocol::Clock::now(&*clock));
                }
                let (expected, found) = (take(&memory, step).await, take(&disk, step).await);
                for (found, expected) in comparable(found).into_iter().zip(comparable(expected)) {
                    assert_eq!(found, expected, "after {step:?}");
                }
            }
            // Nothing is kept that nothing needs: as many contents as blocks and blobs refer to.
            let count = || {
                let folders = std::fs::read_dir(folder.path().join("content")).unwrap();
                folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum::<usize>()
            };
            for name in 0..2 {
                disk.delete(&format!("/box{name}?restype=container")).send().await;
            }
            drop(disk);
            drop(open());
            assert_eq!(count(), 0);
        });
    }
}

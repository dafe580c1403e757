//! Queries and documents that nobody sane would send: they are refused, and nothing breaks.

use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::filled;

const NAMES: [&str; 34] = [
    "sv",
    "ss",
    "srt",
    "sr",
    "sdd",
    "sp",
    "st",
    "se",
    "sip",
    "spr",
    "si",
    "ses",
    "skoid",
    "sktid",
    "skt",
    "ske",
    "sks",
    "skv",
    "skdutid",
    "saoid",
    "suoid",
    "scid",
    "sduoid",
    "srh",
    "srq",
    "rscc",
    "rscd",
    "rsce",
    "rscl",
    "rsct",
    "sig",
    "api-version",
    "comp",
    "prefix",
];
const VALUES: [&str; 24] = [
    "2026-06-06",
    "2018-11-09",
    "2026-12-06",
    "b",
    "c",
    "d",
    "bs",
    "bv",
    "o",
    "sco",
    "r",
    "racwdl",
    "2026-03-01",
    "2026-03-02T00:00:00Z",
    "127.0.0.1",
    "https,http",
    "0",
    "1",
    "18446744073709551616",
    "AAAA",
    "%00",
    "%FF",
    "list",
    "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc%3D",
];

fn pair() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        4 => proptest::sample::select(&VALUES[..]).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9%+,/:-]{0,12}",
    ];
    (proptest::sample::select(&NAMES[..]), value).prop_map(|(name, value)| format!("{name}={value}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_query_breaks_the_door(
        queries in proptest::collection::vec(proptest::collection::vec(pair(), 0..14), 40),
        path in proptest::sample::select(&["/", "/box", "/box/a", "/box/dir/sub/b"][..]),
    ) {
        Runtime::new().unwrap().block_on(async {
            let rig = filled().await;
            for query in queries {
                let query = format!("{}&sig=BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc%3D", query.join("&"));
                let reply = rig.get(&format!("{path}?{query}")).send_unsigned().await;
                prop_assert!(matches!(reply.status.as_u16(), 400 | 403), "{} for {query}", reply.status);
            }
            Ok(())
        })?;
    }

    #[test]
    fn no_document_breaks_a_container(document in "(<SignedIdentifiers>)?[<>/A-Za-z&;\"=! ü\\x00-\\x1f-]{0,200}(</SignedIdentifiers>)?") {
        Runtime::new().unwrap().block_on(async {
            let rig = filled().await;
            let put = rig.put("/box?restype=container&comp=acl", document.clone());
            let status = put.send().await.status.as_u16();
            prop_assert!(matches!(status, 200 | 400), "{status}");
            rig.get("/box?restype=container&comp=acl").send().await.expect(200);
            Ok(())
        })?;
    }
}

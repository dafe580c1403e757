//! Shared access signatures of all kinds, with any of their fields.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::draw::{self, Rng, chance, one_of};

pub(super) const SECONDS: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// The version that the SDK for Python writes, and the one that the other writes unless it is told.
pub(super) const NEWEST: &str = "2026-10-06";

/// The first of each version that signs another text, and some between.
const VERSIONS: &[&str] = &[
    "2015-04-05",
    "2017-11-09",
    "2018-11-09",
    "2019-10-10",
    "2019-12-12",
    "2020-02-10",
    "2020-08-04",
    "2020-12-06",
    "2021-04-10",
    "2022-11-02",
    "2025-07-05",
    "2026-04-06",
    "2026-06-06",
    NEWEST,
];

/// Letters that came later, but for the one that an account SAS knew before a container's.
const NEWER_LETTERS: &[(char, &str)] = &[
    ('x', "2019-10-10"),
    ('y', "2019-10-10"),
    ('t', "2019-12-12"),
    ('m', "2020-02-10"),
    ('e', "2020-02-10"),
    ('i', "2020-08-04"),
    ('f', "2021-04-10"),
];

/// What a token is signed for and with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Account,
    Service,
    UserDelegation,
}

/// One token, and who signs it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) service: &'static str,
    pub(super) account: String,
    /// The account's, or the one that was lent to a user.
    pub(super) key: String,
    /// A container or a share.
    pub(super) root: String,
    /// A blob, a directory or a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    pub(super) directory: bool,
    /// What a lent key says of itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delegation: Option<BTreeMap<&'static str, String>>,
    pub(super) fields: Fields,
    /// A time at which the token and the lent key are good.
    #[serde(skip)]
    pub(super) now: OffsetDateTime,
}

/// What a token says, by the names that it says it with. `sip` has one address or two.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Fields {
    #[serde(flatten)]
    pub(super) texts: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sip: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) srh: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) srq: Vec<(String, String)>,
}

impl Fields {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    fn sometimes(
        &mut self,
        rng: &mut Rng,
        percent: u8,
        name: &'static str,
        value: impl FnOnce(&mut Rng) -> String,
    ) {
        if chance(rng, percent) {
            self.texts.insert(name, value(rng));
        }
    }
}

impl Token {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let (kind, service) = (one_of(rng, &KINDS), one_of(rng, &["blob", "file"]));
        let since = match (kind, service) {
            (Kind::UserDelegation, "blob") => "2018-11-09",
            (Kind::UserDelegation, _) => "2025-07-05",
            _ => "",
        };
        let version = loop {
            let version = if rng.bool() { NEWEST } else { one_of(rng, VERSIONS) };
            if version >= since {
                break version;
            }
        };
        let now = draw::time(rng);
        let mut token = Self {
            kind,
            service,
            account: draw::account(rng),
            key: draw::key(rng),
            root: String::new(),
            path: None,
            directory: false,
            delegation: (kind == Kind::UserDelegation).then(|| delegation(rng, now, service, version)),
            fields: Fields::default(),
            now,
        };
        token.fields.texts.insert("sv", version.to_owned());
        token.draw_terms(rng);
        match kind {
            Kind::Account => token.draw_levels(rng),
            Kind::Service | Kind::UserDelegation => token.draw_resource(rng, version),
        }
        if kind == Kind::UserDelegation {
            token.draw_users(rng, version);
        }
        let letters = token.letters(version);
        if token.fields.text("si").is_none() || rng.bool() {
            let some = draw::some_letters(rng, &letters);
            token.fields.texts.insert("sp", some);
        }
        token
    }

    pub(super) fn version(&self) -> &str {
        &self.fields.texts["sv"]
    }

    /// When it may be used, from where and how.
    fn draw_terms(&mut self, rng: &mut Rng) {
        let now = self.now;
        let fields = &mut self.fields;
        if self.kind == Kind::Service {
            fields.sometimes(rng, 25, "si", |rng| draw::text(rng, 1..20));
        }
        let policy = fields.text("si").is_some();
        fields.sometimes(rng, if policy { 50 } else { 100 }, "se", |rng| {
            after(rng, now, 1..100_000)
        });
        fields.sometimes(rng, 40, "st", |rng| before(rng, now, 0..100_000));
        fields.sometimes(rng, 40, "spr", |rng| {
            one_of(rng, &["https", "https,http"]).to_owned()
        });
        if chance(rng, 30) {
            let low = [rng.u8(..), rng.u8(..), rng.u8(..200), rng.u8(..)];
            let high = [low[0], low[1], low[2] + rng.u8(1..50), rng.u8(..)];
            let addresses = [low, high].map(|octets| std::net::Ipv4Addr::from(octets).to_string());
            fields.sip = addresses[..rng.usize(1..=2)].to_vec();
        }
        if self.service == "blob" && fields.texts["sv"].as_str() >= "2020-12-06" {
            fields.sometimes(rng, 15, "ses", |_| "scope-1".to_owned());
        }
    }

    fn draw_levels(&mut self, rng: &mut Rng) {
        let texts = &mut self.fields.texts;
        texts.insert("ss", draw::some_letters(rng, "bqtf"));
        texts.insert("srt", draw::some_letters(rng, "sco"));
    }

    fn draw_resource(&mut self, rng: &mut Rng, version: &str) {
        self.root = one_of(rng, &["models-01", "$root", "a--b", "logs"]).to_owned();
        if chance(rng, 70) {
            let segments: Vec<_> = (0..rng.usize(1..4))
                .map(|_| format!("x{}x", draw::text(rng, 0..10).replace('/', "|")))
                .collect();
            self.path = Some(segments.join("/"));
        }
        let fields = &mut self.fields;
        if self.service == "blob" && self.path.is_some() {
            match rng.u8(..5) {
                0 if version >= "2018-11-09" => {
                    fields.texts.insert(
                        "snapshot",
                        format!("2026-06-26T23:39:{}.1234567Z", rng.u8(10..60)),
                    );
                }
                1 if version >= "2019-10-10" => {
                    fields.texts.insert(
                        "versionid",
                        format!("2026-06-26T23:39:{}.7654321Z", rng.u8(10..60)),
                    );
                }
                2 if version >= "2020-02-10" => self.directory = true,
                _ => {}
            }
        }
        for name in ["rscc", "rscd", "rsce", "rscl", "rsct"] {
            fields.sometimes(rng, 15, name, |rng| draw::text(rng, 1..20));
        }
    }

    /// Who may use a token that is signed with a lent key, and with which requests.
    fn draw_users(&mut self, rng: &mut Rng, version: &str) {
        let fields = &mut self.fields;
        if self.service == "blob" && version >= "2020-02-10" {
            let agent = one_of(rng, &["saoid", "saoid", "suoid"]);
            fields.sometimes(rng, 30, agent, uuid);
            fields.sometimes(rng, 30, "scid", uuid);
        }
        if version >= "2025-07-05" {
            fields.sometimes(rng, 30, "sduoid", uuid);
        }
        if self.service == "blob" && version >= "2026-04-06" {
            let value = |rng: &mut Rng| {
                format!("x{}", draw::word(rng, "abc 019,;:=\"'", 0..12))
                    .trim()
                    .to_owned()
            };
            for name in ["Content-Type", "x-ms-meta-Color", "x-ms-version"] {
                if chance(rng, 20) {
                    fields.srh.push((name.to_owned(), value(rng)));
                }
            }
            for name in ["comp", "Prefix", "x-y_z"] {
                if chance(rng, 20) {
                    fields.srq.push((name.to_owned(), value(rng)));
                }
            }
            rng.shuffle(&mut fields.srh);
            rng.shuffle(&mut fields.srq);
        }
    }

    /// The letters of permissions that such a token can have.
    fn letters(&self, version: &str) -> String {
        let all = match (self.kind, self.service, &self.path) {
            (Kind::Account, ..) => "rwdxylacupfti",
            (_, "blob", None) => "racwdxyltfmei",
            (_, "blob", _) if self.directory => "racwdxyltmei",
            (_, "blob", _) => "racwdxytmei",
            (_, _, None) => "rcwdl",
            (..) => "rcwd",
        };
        let since = |letter| match letter {
            'f' if self.kind == Kind::Account => "2019-12-12",
            _ => {
                let mut newer = NEWER_LETTERS.iter();
                newer
                    .find(|(newer, _)| *newer == letter)
                    .map_or("", |(_, since)| *since)
            }
        };
        all.chars().filter(|letter| version >= since(*letter)).collect()
    }
}

const KINDS: [Kind; 3] = [Kind::Account, Kind::Service, Kind::UserDelegation];

/// A time that is not after `now`. The key is older than the token.
fn before(rng: &mut Rng, now: OffsetDateTime, seconds: Range<i64>) -> String {
    let then = now - Duration::seconds(rng.i64(seconds));
    then.format(SECONDS).unwrap()
}

/// A time after `now`. The key lives longer than the token.
fn after(rng: &mut Rng, now: OffsetDateTime, seconds: Range<i64>) -> String {
    let then = now + Duration::seconds(rng.i64(seconds));
    then.format(SECONDS).unwrap()
}

fn uuid(rng: &mut Rng) -> String {
    let bits = rng.u128(..);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

fn delegation(
    rng: &mut Rng,
    now: OffsetDateTime,
    service: &str,
    version: &str,
) -> BTreeMap<&'static str, String> {
    let mut key = BTreeMap::from([
        ("skoid", uuid(rng)),
        ("sktid", uuid(rng)),
        ("skt", before(rng, now, 100_000..200_000)),
        ("ske", after(rng, now, 100_000..200_000)),
        ("sks", service[..1].to_owned()),
        ("skv", version.to_owned()),
    ]);
    if version >= "2025-07-05" && chance(rng, 30) {
        key.insert("skdutid", uuid(rng));
    }
    key
}

//! The archive of recordings, read cassette by cassette: it is never unpacked.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use ruzstd::decoding::StreamingDecoder;
use serde::Deserialize;

use crate::exchange::Exchange;

/// The folder of the reference, with the recordings in it.
pub(crate) struct Archive(PathBuf);

/// What one test of somebody's client library sent and got.
#[derive(Deserialize)]
struct Cassette {
    source: Source,
    interactions: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Source {
    path: String,
}

impl Archive {
    /// The reference beside this repository, if it is there.
    pub(crate) fn at_hand() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/reference");
        folder.join("recordings").is_dir().then_some(Self(folder))
    }

    /// A table of the reference.
    pub(crate) fn table(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Shows every recorded exchange with the Blob service, and the name of its cassette.
    pub(crate) fn each(&self, mut visit: impl FnMut(&str, &Exchange)) {
        let file = File::open(self.0.join("recordings/fixtures_visible.tar.zst")).unwrap();
        let plain = StreamingDecoder::new(BufReader::new(file)).unwrap();
        let mut archive = tar::Archive::new(plain);
        for entry in archive.entries().unwrap() {
            let entry = entry.unwrap();
            if entry
                .path()
                .unwrap()
                .extension()
                .is_none_or(|kind| kind != "jsonl")
            {
                continue;
            }
            for line in BufReader::new(entry).lines() {
                let line = line.unwrap();
                // Most lines are of other services: those are not worth parsing.
                if !line.contains("\"svc\":\"blob\"") {
                    continue;
                }
                let cassette: Cassette = serde_json::from_str(&line).unwrap();
                for exchange in &cassette.interactions {
                    if exchange.svc == "blob" {
                        visit(&format!("{}#{}", cassette.source.path, exchange.i), exchange);
                    }
                }
            }
        }
    }
}

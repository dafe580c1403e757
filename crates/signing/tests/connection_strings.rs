//! Connection strings of any make: what is said is understood, however it is written, and what is wrong is named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects, in its helpers too"
)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lazuli_signing::{ConnectionString, Credential, ErrorKind};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const PLANTED: &str = "PLANTEDSECRET";

/// A string in parts, and what is to be understood of it.
#[derive(Clone, Debug)]
struct Written {
    parts: Vec<(&'static str, String)>,
    account: String,
    protocol: &'static str,
    suffix: String,
    blob: Option<String>,
    file: Option<String>,
    by_key: bool,
}

prop_compose! {
    fn written()(
        account in "[a-z0-9]{3,24}",
        key in vec(any::<u8>(), 1..80),
        sas in "sv=20[0-9]{2}&sig=[A-Za-z0-9]{1,20}(%3D)?",
        by_key in any::<bool>(),
        protocol in option::of(select(&["http", "https"][..])),
        suffix in option::of("[a-z]{1,8}(\\.[a-z]{1,8}){1,3}"),
        blob in option::of("https?://[a-z]{1,8}\\.example(:[1-9][0-9]{0,3})?(/[a-z]{1,5})?"),
        file in option::of("https?://[a-z]{1,8}\\.example(:[1-9][0-9]{0,3})?(/[a-z]{1,5})?"),
        unknown in vec("[A-Z][a-z]{9,12}Thing", 0..3),
    ) -> Written {
        let mut parts = vec![("AccountName", account.clone())];
        parts.push(if by_key { ("AccountKey", STANDARD.encode(key)) } else { ("SharedAccessSignature", sas) });
        parts.extend(protocol.map(|value| ("DefaultEndpointsProtocol", value.to_owned())));
        parts.extend(suffix.clone().map(|value| ("EndpointSuffix", value)));
        parts.extend(blob.clone().map(|value| ("BlobEndpoint", value)));
        parts.extend(file.clone().map(|value| ("FileEndpoint", value)));
        parts.extend(unknown.into_iter().map(|value| ("SomethingNew", value)));
        Written {
            parts,
            account,
            protocol: protocol.unwrap_or("https"),
            suffix: suffix.unwrap_or_else(|| "core.windows.net".to_owned()),
            blob,
            file,
            by_key,
        }
    }
}

impl Written {
    /// The string with its parts in another order, its names in another case, and blanks and empty parts between.
    fn text(&self, order: &[Index], case: &[bool], blanks: &str) -> String {
        let mut parts = self.parts.clone();
        for (at, index) in (0..parts.len()).zip(order) {
            let other = index.index(parts.len());
            parts.swap(at, other);
        }
        let written = |(name, value): &(&str, String)| {
            let letters = name.chars().zip(case.iter().cycle());
            let name: String = letters
                .map(|(letter, upper)| {
                    if *upper {
                        letter.to_ascii_uppercase()
                    } else {
                        letter.to_ascii_lowercase()
                    }
                })
                .collect();
            format!("{blanks}{name}{blanks}={blanks}{value}{blanks};{blanks};")
        };
        parts.iter().map(written).collect()
    }

    fn plain(&self) -> String {
        let parts = self.parts.iter().map(|(name, value)| format!("{name}={value}"));
        parts.collect::<Vec<_>>().join(";")
    }
}

proptest! {
    #[test]
    fn what_is_said_is_understood(
        written in written(),
        order in vec(any::<Index>(), 8),
        case in vec(any::<bool>(), 1..8),
        blanks in select(&["", " ", "\t "][..]),
    ) {
        let read = ConnectionString::parse(&written.text(&order, &case, blanks)).unwrap();
        prop_assert_eq!(read.account_name().unwrap().as_str(), written.account.as_str());
        let derived = |service: &str| format!("{}://{}.{service}.{}", written.protocol, written.account, written.suffix);
        let blob = written.blob.clone().unwrap_or_else(|| derived("blob"));
        prop_assert_eq!(read.blob_endpoint(), Some(blob.as_str()));
        let file = written.file.clone().unwrap_or_else(|| derived("file"));
        prop_assert_eq!(read.file_endpoint(), Some(file.as_str()));
        prop_assert_eq!(read.blob_secondary_endpoint().is_some(), written.blob.is_none());
        prop_assert_eq!(matches!(read.credential(), Credential::SharedKey(_)), written.by_key);
        prop_assert_eq!(matches!(read.credential(), Credential::Sas(_)), !written.by_key);
    }

    #[test]
    fn how_it_is_written_makes_no_difference(
        written in written(),
        order in vec(any::<Index>(), 8),
        case in vec(any::<bool>(), 1..8),
    ) {
        let one = ConnectionString::parse(&written.plain()).unwrap();
        let other = ConnectionString::parse(&written.text(&order, &case, " ")).unwrap();
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }

    #[test]
    fn what_is_wrong_is_named_and_no_value_is_shown(written in written(), at in any::<Index>(), how in 0..3_u8) {
        let known = written.parts.iter().filter(|(name, _)| *name != "SomethingNew").count();
        let at = at.index(known);
        let mut parts = written.parts.clone();
        let (name, value) = parts.get(at).cloned().unwrap();
        match how {
            0 => parts.push((name, value)),
            1 => parts.get_mut(at).unwrap().1 = String::new(),
            // Nothing that is documented takes such a value.
            _ => parts.get_mut(at).unwrap().1 = format!("?{PLANTED}\u{e9} /#"),
        }
        let error = ConnectionString::parse(&Written { parts, ..written }.plain()).unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::InvalidConnectionString);
        let shown = format!("{error} {error:?}");
        prop_assert!(shown.contains(name), "{shown} does not name {name}");
        prop_assert!(!shown.contains(PLANTED), "{shown}");
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "([A-Za-z]{0,16}=?[ -~é]{0,12};?){0,6}") {
        if let Err(error) = ConnectionString::parse(&text) {
            prop_assert_eq!(error.kind(), ErrorKind::InvalidConnectionString);
        }
    }
}

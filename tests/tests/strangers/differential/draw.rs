//! Random choices, words and percent-encodings: all from one generator, so that a seed says everything.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::{Duration, OffsetDateTime};

/// Where choices come from.
pub(super) type Rng = fastrand::Rng;

/// True in so many of a hundred cases.
pub(super) fn chance(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(..100) < percent
}

pub(super) fn one_of<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(..all.len())]
}

/// Letters of an alphabet.
pub(super) fn word(rng: &mut Rng, alphabet: &str, len: Range<usize>) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let len = rng.usize(len);
    (0..len).map(|_| one_of(rng, &letters)).collect()
}

/// Some of these letters, each once, in their order.
pub(super) fn some_letters(rng: &mut Rng, letters: &str) -> String {
    loop {
        let some: String = letters.chars().filter(|_| chance(rng, 50)).collect();
        if !some.is_empty() {
            return some;
        }
    }
}

/// The name of an account.
pub(super) fn account(rng: &mut Rng) -> String {
    match chance(rng, 20) {
        true => lazuli_signing::EMULATOR_ACCOUNT.to_owned(),
        false => word(rng, "abcdefghijklmnopqrstuvwxyz0123456789", 3..25),
    }
}

/// A key in base64, of the usual length or another.
pub(super) fn key(rng: &mut Rng) -> String {
    let len = one_of(rng, &[64, 64, 64, 32, 1, 63, 65, 200]);
    let bytes: Vec<u8> = (0..len).map(|_| rng.u8(..)).collect();
    STANDARD.encode(bytes)
}

/// A time within some thirty years, to the second.
pub(super) fn time(rng: &mut Rng) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(rng.i64(1_000_000_000..2_000_000_000))
}

/// Text of several scripts, with what is special in URLs, headers or shells.
pub(super) fn text(rng: &mut Rng, len: Range<usize>) -> String {
    const LETTERS: &str = "abcXYZ019-_.~ !$&'()*+,;=:@/?#[]%\"<>\\^`{|}äöüßéñøČжщ日本漢字한국😀🎉مرحبا";
    word(rng, LETTERS, len)
}

/// How text can stand in a URL: `bare` characters as they are, but for some; all else percent-encoded, in either case.
pub(super) fn encoded(rng: &mut Rng, text: &str, bare: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let free = c.is_ascii_alphanumeric() || "-._~".contains(c) || bare.contains(c);
        if free && !chance(rng, 3) {
            out.push(c);
            continue;
        }
        let mut utf8 = [0; 4];
        for byte in c.encode_utf8(&mut utf8).bytes() {
            let written = match rng.bool() {
                true => write!(out, "%{byte:02X}"),
                false => write!(out, "%{byte:02x}"),
            };
            written.unwrap();
        }
    }
    out
}

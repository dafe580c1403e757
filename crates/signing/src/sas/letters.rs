//! Sets of small letters: permissions, services and resource types are such sets on the wire.

use std::fmt::{self, Write};

/// A set of the letters a to z.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Letters(u32);

impl Letters {
    /// Every letter of a text, unless it has something else than letters from a to z.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut letters = Self::default();
        text.chars()
            .all(|letter| letters.insert(letter))
            .then_some(letters)
    }

    /// Adds a letter, and says whether it is one.
    pub(super) fn insert(&mut self, letter: char) -> bool {
        let bit = Self::bit(letter);
        self.0 |= bit;
        bit != 0
    }

    pub(super) fn contains(self, letter: char) -> bool {
        self.0 & Self::bit(letter) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The letters, from a to z.
    pub(super) fn iter(self) -> impl Iterator<Item = char> {
        ('a'..='z').filter(move |letter| self.contains(*letter))
    }

    /// Writes those of the letters that an order names, in that order.
    pub(super) fn write(self, order: &str, out: &mut impl Write) -> fmt::Result {
        // No order has more letters than there are; they go out as one text.
        let mut text = [0; 32];
        let present = order.bytes().filter(|letter| self.contains(char::from(*letter)));
        let length = text
            .iter_mut()
            .zip(present)
            .map(|(slot, letter)| *slot = letter)
            .count();
        let text = text.get(..length).and_then(|text| std::str::from_utf8(text).ok());
        out.write_str(text.unwrap_or_default())
    }

    fn bit(letter: char) -> u32 {
        if letter.is_ascii_lowercase() {
            1 << (u32::from(letter) - u32::from('a'))
        } else {
            0
        }
    }
}

impl fmt::Debug for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|letter| f.write_char(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_in_any_order_and_go_in_one() {
        let letters = Letters::read("zar").unwrap();
        let mut text = String::new();
        letters.write("razb", &mut text).unwrap();
        assert_eq!(text, "raz");
        assert_eq!(letters.iter().collect::<String>(), "arz");
        assert!(Letters::read("").unwrap().is_empty());
        for text in ["R", "r w", "é", "r1"] {
            assert!(Letters::read(text).is_none(), "{text}");
        }
    }
}

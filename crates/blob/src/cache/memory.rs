//! What the cache has in memory, never more than its bound.
//!
//! Two queues: what was asked for once, and what was asked for again. What came once leaves first, so that one long read does not
//! push out what is used every day.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::key::{BlobKey, BlockKey, StateKey};
use super::state::State;

// What a block takes beside its bytes, about.
const OVERHEAD: u64 = 256;

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    blob: BlobKey,
    // `None`, which sorts first, is what is known of the blob.
    block: Option<(StateKey, u64)>,
}

#[derive(Clone, Debug)]
enum Held {
    State(Arc<State>),
    Block(Bytes),
}

#[derive(Debug)]
struct Entry {
    held: Held,
    weight: u64,
    place: Place,
}

/// A place in line: those who were asked for again stand behind all others; the first to leave is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    again: bool,
    turn: u64,
}

#[derive(Debug)]
pub(super) struct Memory {
    capacity: u64,
    used: u64,
    // Of `used`, what was asked for again: at most four fifths of the capacity.
    used_again: u64,
    // Promised to what is being fetched.
    reserved: u64,
    turn: u64,
    evicted: u64,
    slots: BTreeMap<Slot, Entry>,
    line: BTreeMap<Place, Slot>,
}

impl Memory {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            capacity,
            used: 0,
            used_again: 0,
            reserved: 0,
            turn: 0,
            evicted: 0,
            slots: BTreeMap::new(),
            line: BTreeMap::new(),
        }
    }

    /// How many blocks of this size may be on their way at a time: they take half of the room at the most.
    pub(super) fn fetches(capacity: u64, block_size: u64) -> u64 {
        capacity / block_size.saturating_add(OVERHEAD).max(1) / 2
    }

    pub(super) fn state(&mut self, blob: BlobKey) -> Option<Arc<State>> {
        match self.get(Slot { blob, block: None })? {
            Held::State(state) => Some(state),
            Held::Block(_) => None,
        }
    }

    pub(super) fn block(&mut self, key: BlockKey) -> Option<Bytes> {
        match self.get(Slot::of(key))? {
            Held::Block(bytes) => Some(bytes),
            Held::State(_) => None,
        }
    }

    pub(super) fn keep_state(&mut self, blob: BlobKey, state: Arc<State>) {
        let weight = state.weight();
        self.insert(Slot { blob, block: None }, Held::State(state), weight);
    }

    pub(super) fn keep_block(&mut self, key: BlockKey, bytes: Bytes) {
        let weight = (bytes.len() as u64).saturating_add(OVERHEAD);
        self.insert(Slot::of(key), Held::Block(bytes), weight);
    }

    /// Forgets all of a blob. When a state is to `stay`, its blocks do, and what is known of the blob.
    pub(super) fn forget(&mut self, blob: BlobKey, stay: Option<StateKey>) {
        let first = Slot { blob, block: None };
        let about = self
            .slots
            .range(first..)
            .take_while(|(slot, _)| slot.blob == blob);
        let stays = |slot: &Slot| stay.is_some_and(|stay| slot.block.is_none_or(|(state, _)| state == stay));
        let gone: Vec<Slot> = about.map(|(slot, _)| *slot).filter(|slot| !stays(slot)).collect();
        for slot in gone {
            self.remove(slot);
        }
    }

    /// Makes room for what is to be fetched. There always is enough: whoever asks holds a permit, and there are only so many.
    pub(super) fn reserve(&mut self, bytes: u64) {
        self.reserved = self.reserved.saturating_add(bytes);
        self.shrink();
    }

    pub(super) fn release(&mut self, bytes: u64) {
        self.reserved = self.reserved.saturating_sub(bytes);
    }

    /// Bytes that are held or promised.
    pub(super) fn used(&self) -> u64 {
        self.used.saturating_add(self.reserved)
    }

    /// How many blocks have left for want of room.
    pub(super) fn evicted(&self) -> u64 {
        self.evicted
    }

    fn get(&mut self, slot: Slot) -> Option<Held> {
        let turn = self.next_turn();
        let entry = self.slots.get_mut(&slot)?;
        let held = entry.held.clone();
        self.line.remove(&entry.place);
        if !entry.place.again {
            self.used_again = self.used_again.saturating_add(entry.weight);
        }
        entry.place = Place { again: true, turn };
        self.line.insert(entry.place, slot);
        self.demote();
        Some(held)
    }

    fn insert(&mut self, slot: Slot, held: Held, weight: u64) {
        self.remove(slot);
        if weight > self.capacity.saturating_sub(self.reserved) {
            return;
        }
        let place = Place {
            again: false,
            turn: self.next_turn(),
        };
        self.used = self.used.saturating_add(weight);
        // Before it stands in line, or it would be the first to leave where all others were asked for again.
        self.shrink();
        self.line.insert(place, slot);
        self.slots.insert(slot, Entry { held, weight, place });
    }

    fn remove(&mut self, slot: Slot) {
        if let Some(entry) = self.slots.remove(&slot) {
            self.line.remove(&entry.place);
            self.used = self.used.saturating_sub(entry.weight);
            if entry.place.again {
                self.used_again = self.used_again.saturating_sub(entry.weight);
            }
        }
    }

    fn shrink(&mut self) {
        while self.used() > self.capacity {
            let Some(slot) = self.line.first_key_value().map(|(_, slot)| *slot) else {
                return;
            };
            self.remove(slot);
            self.evicted = self.evicted.saturating_add(1);
        }
    }

    // Sends those to the other queue that were not asked for in the longest time.
    fn demote(&mut self) {
        let most = self.capacity - self.capacity / 5;
        let again = Place { again: true, turn: 0 };
        while self.used_again > most {
            let turn = self.next_turn();
            let Some((place, slot)) = self
                .line
                .range(again..)
                .next()
                .map(|(place, slot)| (*place, *slot))
            else {
                return;
            };
            self.line.remove(&place);
            let place = Place { again: false, turn };
            self.line.insert(place, slot);
            if let Some(entry) = self.slots.get_mut(&slot) {
                entry.place = place;
                self.used_again = self.used_again.saturating_sub(entry.weight);
            }
        }
    }

    fn next_turn(&mut self) -> u64 {
        self.turn = self.turn.saturating_add(1);
        self.turn
    }
}

impl Slot {
    fn of(key: BlockKey) -> Self {
        Self {
            blob: key.blob,
            block: Some((key.state, key.index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use lazuli_protocol::Etag;
    use proptest::prelude::*;

    use super::*;

    const BLOCK: u64 = 1000;

    fn key(blob: u64, state: u64, index: u64) -> BlockKey {
        let etag: Etag = state.to_string().parse().unwrap();
        BlockKey {
            blob: BlobKey::numbered(blob),
            state: StateKey::of(&etag, BLOCK),
            index,
        }
    }

    fn block(len: usize) -> Bytes {
        vec![7; len].into()
    }

    #[test]
    fn what_was_asked_for_again_outlives_a_long_read() {
        let mut memory = Memory::new(10 * (BLOCK + OVERHEAD));
        for index in 0..4 {
            memory.keep_block(key(1, 1, index), block(1000));
            assert!(memory.block(key(1, 1, index)).is_some());
        }
        for index in 0..100 {
            memory.keep_block(key(2, 1, index), block(1000));
        }
        for index in 0..4 {
            assert!(memory.block(key(1, 1, index)).is_some(), "{index}");
        }
        // And leaves when others take its place.
        for index in 0..100 {
            memory.keep_block(key(3, 1, index), block(1000));
            assert!(memory.block(key(3, 1, index)).is_some());
        }
        assert!(memory.block(key(1, 1, 0)).is_none());
    }

    #[test]
    fn a_state_is_forgotten_and_another_stays() {
        let mut memory = Memory::new(1 << 20);
        for (blob, state) in [(1, 1), (1, 2), (2, 1)] {
            memory.keep_block(key(blob, state, 0), block(10));
        }
        memory.forget(key(1, 0, 0).blob, Some(key(1, 2, 0).state));
        let left = [(1, 1), (1, 2), (2, 1)].map(|(blob, state)| memory.block(key(blob, state, 0)).is_some());
        assert_eq!(left, [false, true, true]);
        memory.forget(key(1, 0, 0).blob, None);
        assert!(memory.block(key(1, 2, 0)).is_none());
        assert_eq!(memory.used(), 10 + OVERHEAD);
    }

    proptest! {
        #[test]
        fn the_bound_holds(steps in proptest::collection::vec((0..4_u8, 0..3_u64, 0..9_u64, 0..1000_usize), 0..200)) {
            let mut memory = Memory::new(8 * BLOCK);
            let mut reserved = 0;
            for (what, blob, index, len) in steps {
                match what {
                    0 => memory.keep_block(key(blob, 1, index), block(len)),
                    1 => prop_assert!(memory.block(key(blob, 1, index)).is_none_or(|bytes| bytes.len() <= 1000)),
                    2 if reserved < 4 => {
                        memory.reserve(BLOCK);
                        reserved += 1;
                    }
                    3 if reserved > 0 => {
                        memory.release(BLOCK);
                        reserved -= 1;
                    }
                    _ => memory.forget(key(blob, 1, 0).blob, None),
                }
                prop_assert!(memory.used() <= 8 * BLOCK);
                prop_assert_eq!(memory.slots.len(), memory.line.len());
                let weights: u64 = memory.slots.values().map(|entry| entry.weight).sum();
                prop_assert_eq!(memory.used, weights);
                let again = memory.slots.values().filter(|entry| entry.place.again);
                prop_assert_eq!(memory.used_again, again.map(|entry| entry.weight).sum::<u64>());
            }
        }
    }
}

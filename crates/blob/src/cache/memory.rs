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

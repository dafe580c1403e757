//! The few forms of FlatBuffers that Arrow's messages are made of, written from the front: a table, and behind it what it refers to.

/// A field of a table.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    Absent,
    Byte(u8),
    Short(i16),
    Int(i32),
    Long(i64),
    Refers(Node),
}

/// Something that a table refers to.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Table(Vec<Slot>),
    Text(String),
    Tables(Vec<Vec<Slot>>),
    /// Structs of two longs.
    Pairs(Vec<(i64, i64)>),
}

/// A buffer whose root is this table, padded to a multiple of eight.
pub(super) fn finish(root: &[Slot]) -> Vec<u8> {
    let mut out = vec![0; 4];
    let at = table(&mut out, root);
    refer(&mut out, 0, at);
    pad(&mut out, 8);
    out
}

pub(super) fn pad(out: &mut Vec<u8>, alignment: usize) {
    out.resize(out.len().next_multiple_of(alignment), 0);
}

/// Gives back where the table begins.
fn table(out: &mut Vec<u8>, slots: &[Slot]) -> usize {
    // Longs of the table must be aligned; where each slot goes follows from where the table begins.
    let vtable_bytes = slots.len().saturating_mul(2).saturating_add(4);
    let start = out.len().saturating_add(vtable_bytes).next_multiple_of(8);
    let vtable = start.saturating_sub(vtable_bytes);
    let mut end = start.saturating_add(4);
    let places: Vec<Option<usize>> = slots
        .iter()
        .map(|slot| {
            let size = size(slot)?;
            let place = end.next_multiple_of(size);
            end = place.saturating_add(size);
            Some(place)
        })
        .collect();

    out.resize(vtable, 0);
    short(out, vtable_bytes);
    short(out, end.saturating_sub(start));
    for place in &places {
        short(out, place.map_or(0, |place| place.saturating_sub(start)));
    }
    let back = i32::try_from(start.saturating_sub(vtable)).unwrap_or(i32::MAX);
    out.extend_from_slice(&back.to_le_bytes());
    out.resize(end, 0);
    for (slot, place) in slots.iter().zip(&places) {
        let Some(place) = *place else { continue };
        match slot {
            Slot::Absent => {}
            Slot::Byte(value) => set(out, place, &[*value]),
            Slot::Short(value) => set(out, place, &value.to_le_bytes()),
            Slot::Int(value) => set(out, place, &value.to_le_bytes()),
            Slot::Long(value) => set(out, place, &value.to_le_bytes()),
            Slot::Refers(target) => {
                let at = node(out, target);
                refer(out, place, at);
            }
        }
    }
    start
}

fn size(slot: &Slot) -> Option<usize> {
    match slot {
        Slot::Absent => None,
        Slot::Byte(_) => Some(1),
        Slot::Short(_) => Some(2),
        Slot::Int(_) | Slot::Refers(_) => Some(4),
        Slot::Long(_) => Some(8),
    }
}

fn node(out: &mut Vec<u8>, node: &Node) -> usize {
    match node {
        Node::Table(slots) => table(out, slots),
        Node::Text(text) => {
            pad(out, 4);
            let at = out.len();
            count(out, text.len());
            out.extend_from_slice(text.as_bytes());
            out.push(0);
            at
        }
        Node::Tables(tables) => {
            pad(out, 4);
            let at = out.len();
            count(out, tables.len());
            let first = out.len();
            out.resize(first.saturating_add(tables.len().saturating_mul(4)), 0);
            for (index, slots) in tables.iter().enumerate() {
                let target = table(out, slots);
                refer(out, first.saturating_add(index.saturating_mul(4)), target);
            }
            at
        }
        Node::Pairs(pairs) => {
            // The count stands right before the first pair, which is aligned.
            pad(out, 8);
            out.extend_from_slice(&[0; 4]);
            let at = out.len();
            count(out, pairs.len());
            for (first, second) in pairs {
                out.extend_from_slice(&first.to_le_bytes());
                out.extend_from_slice(&second.to_le_bytes());
            }
            at
        }
    }
}

fn short(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes());
}

fn count(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
}

/// Sets the reference at one place to another place.
fn refer(out: &mut [u8], from: usize, to: usize) {
    let distance = u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX);
    set(out, from, &distance.to_le_bytes());
}

fn set(out: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = out.get_mut(at..at.saturating_add(bytes.len())) {
        place.copy_from_slice(bytes);
    }
}

//! The few forms of FlatBuffers that Arrow's messages are made of, laid out as the usual builder of the format does: from the last byte to
//! the first, so that what is referred to is there before the one who refers. Callers of the service compare whole answers, byte by byte.

/// A field of a table. A number that is zero takes no room: readers put it there.
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
    let mut builder = Builder::default();
    let root = builder.table(root);
    builder.align(builder.widest, 4);
    builder.refer(root);
    let mut out = builder.back;
    out.reverse();
    pad(&mut out, 8);
    out
}

pub(super) fn pad(out: &mut Vec<u8>, alignment: usize) {
    out.resize(out.len().next_multiple_of(alignment), 0);
}

/// How far something is from the end of the buffer.
type Place = usize;

#[derive(Debug, Default)]
struct Builder {
    /// What is written so far, its last byte first.
    back: Vec<u8>,
    /// The widest alignment so far.
    widest: usize,
    /// The outlines of the tables so far, and where they are: tables of one outline share it.
    outlines: Vec<(Vec<u8>, Place)>,
}

impl Builder {
    fn push(&mut self, bytes: &[u8]) {
        self.back.extend(bytes.iter().rev());
    }

    /// Pads so that what begins after so many more bytes is aligned.
    fn align(&mut self, alignment: usize, bytes: usize) {
        self.widest = self.widest.max(alignment);
        let end = self.back.len().saturating_add(bytes);
        let padding = end.next_multiple_of(alignment).saturating_sub(end);
        self.back.resize(self.back.len().saturating_add(padding), 0);
    }

    fn refer(&mut self, target: Place) {
        self.align(4, 4);
        let distance = self.back.len().saturating_sub(target).saturating_add(4);
        self.count(distance);
    }

    fn count(&mut self, value: usize) {
        self.push(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn table(&mut self, slots: &[Slot]) -> Place {
        let targets = self.targets(slots);
        let end = self.back.len();
        let mut places = vec![0; slots.len()];
        // The widest fields are the last ones, and of those the one that is the last of the table.
        for width in [8, 4, 2, 1] {
            let fields = slots.iter().zip(&targets).zip(&mut places).rev();
            for ((slot, target), place) in fields.filter(|((slot, _), _)| slot.width() == width) {
                self.align(width, width);
                match (slot, target) {
                    (Slot::Byte(value), _) => self.push(&[*value]),
                    (Slot::Short(value), _) => self.push(&value.to_le_bytes()),
                    (Slot::Int(value), _) => self.push(&value.to_le_bytes()),
                    (Slot::Long(value), _) => self.push(&value.to_le_bytes()),
                    (Slot::Refers(_), Some(target)) => self.refer(*target),
                    (Slot::Refers(_), None) | (Slot::Absent, _) => {}
                }
                *place = self.back.len();
            }
        }
        self.align(4, 4);
        let start = self.back.len().saturating_add(4);
        let outline = outline(&places, start, start.saturating_sub(end));
        let known = self.outlines.iter().find(|(known, _)| *known == outline);
        let (at, is_new) = match known {
            Some((_, at)) => (*at, false),
            None => (start.saturating_add(outline.len()), true),
        };
        let back = i64::try_from(at).unwrap_or(0) - i64::try_from(start).unwrap_or(0);
        self.push(&i32::try_from(back).unwrap_or(i32::MAX).to_le_bytes());
        if is_new {
            self.push(&outline);
            self.outlines.push((outline, at));
        }
        start
    }

    /// Writes what a table refers to: tables before texts, and those before lists.
    fn targets(&mut self, slots: &[Slot]) -> Vec<Option<Place>> {
        let mut targets = vec![None; slots.len()];
        for turn in 0..3 {
            for (slot, target) in slots.iter().zip(&mut targets) {
                if let Slot::Refers(node) = slot
                    && node.turn() == turn
                {
                    *target = Some(self.node(node));
                }
            }
        }
        targets
    }

    fn node(&mut self, node: &Node) -> Place {
        match node {
            Node::Table(slots) => return self.table(slots),
            Node::Text(text) => {
                self.align(4, text.len().saturating_add(1));
                self.push(&[0]);
                self.push(text.as_bytes());
                self.count(text.len());
            }
            Node::Tables(tables) => {
                let targets: Vec<_> = tables.iter().map(|slots| self.table(slots)).collect();
                self.align(4, 0);
                targets.iter().rev().for_each(|target| self.refer(*target));
                self.count(tables.len());
            }
            Node::Pairs(pairs) => {
                self.align(8, 0);
                for (first, second) in pairs.iter().rev() {
                    self.push(&second.to_le_bytes());
                    self.push(&first.to_le_bytes());
                }
                self.count(pairs.len());
            }
        }
        self.back.len()
    }
}

impl Slot {
    /// How many bytes it has in its table, if any.
    fn width(&self) -> usize {
        match self {
            Self::Absent | Self::Byte(0) | Self::Short(0) | Self::Int(0) | Self::Long(0) => 0,
            Self::Byte(_) => 1,
            Self::Short(_) => 2,
            Self::Int(_) | Self::Refers(_) => 4,
            Self::Long(_) => 8,
        }
    }
}

impl Node {
    fn turn(&self) -> u8 {
        match self {
            Self::Table(_) => 0,
            Self::Text(_) => 1,
            Self::Tables(_) | Self::Pairs(_) => 2,
        }
    }
}

/// What stands before the tables of one form: its own length and the table's, then where each field is. What is absent at the end is left
/// out.
fn outline(places: &[Place], start: Place, length: usize) -> Vec<u8> {
    let last = places.iter().rposition(|place| *place != 0);
    let kept = places
        .get(..last.map_or(0, |last| last.saturating_add(1)))
        .unwrap_or_default();
    let own = kept.len().saturating_mul(2).saturating_add(4);
    let fields = kept.iter().map(|place| match place {
        0 => 0,
        place => start.saturating_sub(*place),
    });
    [own, length]
        .into_iter()
        .chain(fields)
        .flat_map(|value| u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes())
        .collect()
}

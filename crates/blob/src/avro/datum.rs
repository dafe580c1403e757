//! Decoding: objects by their schema, from bytes that are all there.

use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use lazuli_protocol::Error;

use super::schema::{Schema, Type, TypeId};
use super::value::{Record, Value};
use super::{DEPTH_LIMIT, VALUES_LIMIT, unreadable};

/// Takes one object off the front of `input`.
pub(super) fn object(schema: &Schema, input: &mut Bytes) -> Result<Value, Error> {
    let mut decoder = Decoder {
        schema,
        input,
        left: VALUES_LIMIT,
    };
    decoder.value(schema.root(), 0)
}

struct Decoder<'a> {
    schema: &'a Schema,
    input: &'a mut Bytes,
    /// How many values more the object may have. Some take no bytes, so that the input's length bounds nothing.
    left: usize,
}

impl Decoder<'_> {
    fn value(&mut self, id: TypeId, depth: usize) -> Result<Value, Error> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| unreadable(format!("an object has more than {VALUES_LIMIT} values")))?;
        if depth > DEPTH_LIMIT {
            return Err(unreadable(format!(
                "an object nests more than {DEPTH_LIMIT} deep"
            )));
        }
        Ok(match self.schema.get(id)? {
            Type::Null => Value::Null,
            Type::Boolean => match self.array::<1>()? {
                [0] => Value::Boolean(false),
                [1] => Value::Boolean(true),
                [other] => return Err(unreadable(format!("{other} is neither true nor false"))),
            },
            Type::Long => Value::Long(long(self.input)?),
            Type::Float => Value::Double(f32::from_le_bytes(self.array()?).into()),
            Type::Double => Value::Double(f64::from_le_bytes(self.array()?)),
            Type::Bytes => Value::Bytes(self.bytes()?),
            Type::String => Value::String(self.text()?),
            Type::Fixed(size) => Value::Bytes(self.take(*size)?),
            Type::Enum(symbols) => {
                let symbol = symbols.get(self.place()?);
                let symbol = symbol.ok_or_else(|| unreadable("a symbol is not in the schema"))?;
                Value::String(Arc::clone(symbol))
            }
            Type::Array(items) => {
                let mut array = Vec::new();
                self.each(|decoder| {
                    array.push(decoder.value(*items, depth.saturating_add(1))?);
                    Ok(())
                })?;
                Value::Array(array)
            }
            Type::Map(values) => {
                let mut map = Vec::new();
                self.each(|decoder| {
                    let key = decoder.text()?;
                    map.push((key, decoder.value(*values, depth.saturating_add(1))?));
                    Ok(())
                })?;
                Value::Map(map)
            }
            Type::Union(branches) => {
                let branch = branches.get(self.place()?);
                let branch = branch.ok_or_else(|| unreadable("a branch of a union is not in the schema"))?;
                self.value(*branch, depth.saturating_add(1))?
            }
            Type::Record(shape) => {
                // Grown as values come: a schema may name more fields than its objects have bytes.
                let mut values = Vec::new();
                for (_, field) in &shape.fields {
                    values.push(self.value(*field, depth.saturating_add(1))?);
                }
                Value::Record(Record::new(Arc::clone(shape), values))
            }
        })
    }

    /// The items of an array or a map: runs of them, each with its count, and a count of zero at the end.
    fn each(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        loop {
            let count = long(self.input)?;
            if count == 0 {
                return Ok(());
            }
            if count < 0 {
                // A negative count is followed by the run's length in bytes, for those who want to skip it.
                long(self.input)?;
            }
            for _ in 0..count.unsigned_abs() {
                item(self)?;
            }
        }
    }

    fn bytes(&mut self) -> Result<Bytes, Error> {
        let length = self.place()?;
        self.take(length)
    }

    fn text(&mut self) -> Result<Arc<str>, Error> {
        let bytes = self.bytes()?;
        let text = std::str::from_utf8(&bytes);
        Ok(text
            .map_err(|source| unreadable("a string is not UTF-8").with_source(source))?
            .into())
    }

    fn place(&mut self) -> Result<usize, Error> {
        usize::try_from(long(self.input)?).map_err(|_| unreadable("a length or an index is negative"))
    }

    fn take(&mut self, length: usize) -> Result<Bytes, Error> {
        if length > self.input.len() {
            return Err(short());
        }
        Ok(self.input.split_to(length))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (bytes, _) = self.input.split_first_chunk::<N>().ok_or_else(short)?;
        let bytes = *bytes;
        self.input.advance(N);
        Ok(bytes)
    }
}

/// Takes a number off the front of `input`.
fn long(input: &mut Bytes) -> Result<i64, Error> {
    let (number, length) = number(input)?.ok_or_else(short)?;
    input.advance(length);
    Ok(number)
}

/// The number at the start of `input`, and how many bytes it has; `None` where the input ends within it.
pub(super) fn number(input: &[u8]) -> Result<Option<(i64, usize)>, Error> {
    let mut zigzag = 0_u64;
    for (at, byte) in input.iter().enumerate() {
        let bits = u64::from(byte & 0x7F);
        let shift = u32::try_from(at).unwrap_or(u32::MAX).saturating_mul(7);
        // The tenth byte holds the last of 64 bits.
        if shift > 63 || (shift == 63 && bits > 1) {
            return Err(unreadable("a number has more than 64 bits"));
        }
        zigzag |= bits << shift;
        if byte & 0x80 == 0 {
            let magnitude = (zigzag >> 1).cast_signed();
            let number = if zigzag & 1 == 0 { magnitude } else { !magnitude };
            return Ok(Some((number, at.saturating_add(1))));
        }
    }
    Ok(None)
}

fn short() -> Error {
    unreadable("an object goes on after the end of its block")
}

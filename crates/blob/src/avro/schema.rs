//! The schema in a file's header: what its objects are made of.

use std::collections::HashMap;
use std::sync::Arc;

use lazuli_protocol::Error;
use serde_json::Value as Json;

use super::{NAME_LIMIT, unreadable};

/// The types of a file. They name each other by place, so that a type may hold itself.
#[derive(Debug)]
pub(super) struct Schema {
    types: Vec<Type>,
    root: TypeId,
}

/// The place of a type in its schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeId(usize);

#[derive(Debug)]
pub(super) enum Type {
    Null,
    Boolean,
    /// `int` and `long`: the wire writes them alike.
    Long,
    Float,
    Double,
    Bytes,
    String,
    Fixed(usize),
    Enum(Box<[Arc<str>]>),
    Array(TypeId),
    Map(TypeId),
    Union(Box<[TypeId]>),
    Record(Arc<Shape>),
}

/// The name of a record and those of its fields.
#[derive(Debug)]
pub(crate) struct Shape {
    /// With its namespace.
    pub(super) name: Arc<str>,
    pub(super) fields: Box<[(Arc<str>, TypeId)]>,
}

impl Schema {
    /// Reads a schema. What annotates a type, `logicalType` say, changes nothing of how it is written and is passed over.
    pub(super) fn parse(json: &[u8]) -> Result<Self, Error> {
        let json = serde_json::from_slice(json)
            .map_err(|source| unreadable("its schema is not JSON").with_source(source))?;
        let mut parser = Parser::default();
        let root = parser.read(&json, "")?;
        Ok(Self {
            types: parser.types,
            root,
        })
    }

    pub(super) fn root(&self) -> TypeId {
        self.root
    }

    pub(super) fn get(&self, id: TypeId) -> Result<&Type, Error> {
        self.types.get(id.0).ok_or_else(missing)
    }
}

#[derive(Default)]
struct Parser {
    types: Vec<Type>,
    named: HashMap<String, TypeId>,
}

impl Parser {
    // As deep as the JSON, which its parser bounds.
    fn read(&mut self, json: &Json, namespace: &str) -> Result<TypeId, Error> {
        match json {
            Json::String(name) => self.by_name(name, namespace),
            Json::Array(branches) => {
                let branches = branches
                    .iter()
                    .map(|branch| self.read(branch, namespace))
                    .collect::<Result<_, _>>()?;
                Ok(self.add(Type::Union(branches)))
            }
            Json::Object(_) => self.described(json, namespace),
            _ => Err(unreadable("its schema holds something that is no type")),
        }
    }

    fn by_name(&mut self, name: &str, namespace: &str) -> Result<TypeId, Error> {
        let primitive = match name {
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "int" | "long" => Type::Long,
            "float" => Type::Float,
            "double" => Type::Double,
            "bytes" => Type::Bytes,
            "string" => Type::String,
            _ => {
                let known = self.named.get(&full(name, namespace));
                let known = known.or_else(|| self.named.get(name)).copied();
                return known.ok_or_else(missing);
            }
        };
        Ok(self.add(primitive))
    }

    fn described(&mut self, json: &Json, namespace: &str) -> Result<TypeId, Error> {
        let Some(kind) = json.get("type") else {
            return Err(unreadable("its schema has a type that does not say what it is"));
        };
        match kind.as_str() {
            Some("record" | "error") => self.record(json, namespace),
            Some("enum") => {
                let symbols = list(json, "symbols")?
                    .iter()
                    .map(|symbol| Ok(name(symbol)?.into()));
                let symbols = Type::Enum(symbols.collect::<Result<_, Error>>()?);
                let (id, _, _) = self.named(json, namespace)?;
                self.settle(id, symbols)
            }
            Some("fixed") => {
                let size = json.get("size").and_then(Json::as_u64);
                let size = size.and_then(|size| usize::try_from(size).ok());
                let size = size.ok_or_else(|| unreadable("a fixed type of its schema has no size"))?;
                let (id, _, _) = self.named(json, namespace)?;
                self.settle(id, Type::Fixed(size))
            }
            Some("array") => {
                let items = self.read(part(json, "items")?, namespace)?;
                Ok(self.add(Type::Array(items)))
            }
            Some("map") => {
                let values = self.read(part(json, "values")?, namespace)?;
                Ok(self.add(Type::Map(values)))
            }
            _ => self.read(kind, namespace),
        }
    }

    fn record(&mut self, json: &Json, namespace: &str) -> Result<TypeId, Error> {
        // It is known by its name before its fields are read: they may be of its own type.
        let (id, name, namespace) = self.named(json, namespace)?;
        let fields = list(json, "fields")?.iter().map(|field| {
            let kind = self.read(part(field, "type")?, &namespace)?;
            Ok((self::name(part(field, "name")?)?.into(), kind))
        });
        let fields = fields.collect::<Result<_, Error>>()?;
        let name = name.into();
        self.settle(id, Type::Record(Arc::new(Shape { name, fields })))
    }

    /// A place for a type with a name, with the name in full and the namespace for what is in the type.
    fn named(&mut self, json: &Json, namespace: &str) -> Result<(TypeId, String, String), Error> {
        let namespace = json.get("namespace").and_then(Json::as_str).unwrap_or(namespace);
        let name = full(name(part(json, "name")?)?, namespace);
        let inner = name
            .rsplit_once('.')
            .map_or("", |(namespace, _)| namespace)
            .to_owned();
        let id = self.add(Type::Null);
        self.named.insert(name.clone(), id);
        Ok((id, name, inner))
    }

    fn settle(&mut self, id: TypeId, kind: Type) -> Result<TypeId, Error> {
        let place = self.types.get_mut(id.0);
        *place.ok_or_else(missing)? = kind;
        Ok(id)
    }

    fn add(&mut self, kind: Type) -> TypeId {
        self.types.push(kind);
        TypeId(self.types.len().saturating_sub(1))
    }
}

fn full(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}.{name}")
    }
}

fn part<'a>(json: &'a Json, name: &str) -> Result<&'a Json, Error> {
    json.get(name)
        .ok_or_else(|| unreadable(format!("a type or a field of its schema has no {name:?}")))
}

fn list<'a>(json: &'a Json, name: &str) -> Result<&'a [Json], Error> {
    let list = part(json, name)?.as_array();
    list.map(Vec::as_slice)
        .ok_or_else(|| unreadable(format!("{name:?} in its schema is no list")))
}

/// A name, which every object of its type repeats: a long one would make much of little.
fn name(json: &Json) -> Result<&str, Error> {
    let name = json.as_str().filter(|name| name.len() <= NAME_LIMIT);
    name.ok_or_else(|| {
        unreadable(format!(
            "a name in its schema is no text of up to {NAME_LIMIT} bytes"
        ))
    })
}

fn missing() -> Error {
    unreadable("its schema names a type that it does not have")
}

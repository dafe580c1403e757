//! Query Blob Contents.

use lazuli_blob::operations::QueryBlobContents;
use lazuli_protocol::xml::{ArrowField, DelimitedText, JsonText, QueryInput, QueryOutput, QueryRequest};
use lazuli_protocol::{ArrowFieldType, Error};

use super::{customer_key, lease_id};
use crate::document;
use crate::wanted::{Wanted, unusable};

pub(crate) fn query_blob_contents(wanted: &Wanted) -> Result<QueryBlobContents, Error> {
    let mut query = QueryBlobContents::new(wanted.container()?, wanted.blob()?, "");
    query.query = request(wanted)?;
    query.snapshot = wanted.asked("snapshot");
    query.customer_key = customer_key(wanted)?;
    query.lease_id = lease_id(wanted)?;
    query.conditions = wanted.conditions()?;
    Ok(query)
}

fn request(wanted: &Wanted) -> Result<QueryRequest, Error> {
    let unreadable = || unusable("body", "not a query");
    let lost = "<QueryRequest><Expression>select 1</Expression></QueryRequest>";
    let xml = document::text(wanted.document(lost)).ok_or_else(unreadable)?;
    let outline = document::outline(xml).ok_or_else(unreadable)?;
    let format = |side: &str| {
        let start = format!("QueryRequest/{side}/Format/");
        let parts = outline
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(&start)?, text.as_str())));
        parts.collect::<Vec<_>>()
    };
    let text = outline.iter().find(|(path, _)| path == "QueryRequest/Expression");
    let mut query = QueryRequest::new(text.ok_or_else(unreadable)?.1.as_str());
    let (input, output) = (format("InputSerialization"), format("OutputSerialization"));
    query.input = match kind(&input) {
        None => None,
        Some("delimited") => Some(QueryInput::Delimited(delimited(&input))),
        Some("json") => Some(QueryInput::Json(json(&input))),
        Some("parquet") => Some(QueryInput::Parquet),
        Some(other) => return Err(unusable("a format", other)),
    };
    query.output = match kind(&output) {
        None => None,
        Some("delimited") => Some(QueryOutput::Delimited(delimited(&output))),
        Some("json") => Some(QueryOutput::Json(json(&output))),
        Some("arrow") => Some(QueryOutput::Arrow(vec![field(&output)?])),
        Some(other) => return Err(unusable("a format", other)),
    };
    Ok(query)
}

/// A format by its parts: the way to each, and its text.
type Parts<'a> = [(&'a str, &'a str)];

fn kind<'a>(parts: &Parts<'a>) -> Option<&'a str> {
    part(parts, "Type")
}

fn part<'a>(parts: &Parts<'a>, name: &str) -> Option<&'a str> {
    parts
        .iter()
        .find(|(path, _)| path.rsplit('/').next() == Some(name))
        .map(|(_, text)| *text)
}

fn delimited(parts: &Parts<'_>) -> DelimitedText {
    let text = |name| part(parts, name).unwrap_or_default();
    DelimitedText::new()
        .column_separator(text("ColumnSeparator"))
        .field_quote(text("FieldQuote"))
        .record_separator(text("RecordSeparator"))
        .escape_char(text("EscapeChar"))
        .has_headers(text("HasHeaders") == "true")
}

fn json(parts: &Parts<'_>) -> JsonText {
    JsonText::new().record_separator(part(parts, "RecordSeparator").unwrap_or_default())
}

/// The one field that recorded queries ask for.
fn field(parts: &Parts<'_>) -> Result<ArrowField, Error> {
    // The first part is the format's own type.
    let text = |name: &str| part(&parts[1..], name);
    let number = |name: &str| {
        text(name)
            .map(|text| text.parse().map_err(|_| unusable(name, text)))
            .transpose()
    };
    let mut field = ArrowField::new(ArrowFieldType::from(text("Type").unwrap_or_default()));
    field.name = text("Name").map(str::to_owned);
    field.precision = number("Precision")?;
    field.scale = number("Scale")?;
    Ok(field)
}

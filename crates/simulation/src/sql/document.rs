//! Reads `QueryRequest`, the document that asks for a query.

use lazuli_protocol::Error;
use lazuli_protocol::xml::XmlReader;

use super::request::{ArrowField, ArrowType, Delimited, Input, JsonText, Output, Request};

/// Why the document cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not the document, from this line and column on.
    Xml { line: usize, column: usize },
    /// An element has a text that it cannot have.
    Value { element: &'static str, text: String },
}

/// A position is added where the reader is known.
enum Trouble {
    Xml,
    Fault(Fault),
}

impl From<Error> for Trouble {
    fn from(_: Error) -> Self {
        Self::Xml
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

type Reader<'a> = XmlReader<'a>;

impl Request {
    /// Reads the document. Separators that are empty are the usual ones; an empty quote or escape is none. Without a form of its own
    /// the answer has the blob's, though no line with names.
    ///
    /// # Errors
    /// It is not such a document, or asks for what there is not.
    pub(crate) fn from_xml(document: &[u8]) -> Result<Self, Fault> {
        let Ok(mut reader) = Reader::new(document) else {
            return Err(Fault::Xml { line: 1, column: 1 });
        };
        let request = read(&mut reader);
        let (line, column) = reader.position();
        let fault = Fault::Xml { line, column };
        match request {
            Ok(request) => reader.finish().map(|()| request).map_err(|_| fault),
            Err(Trouble::Xml) => Err(fault),
            Err(Trouble::Fault(fault)) => Err(fault),
        }
    }
}

fn read(reader: &mut Reader<'_>) -> Result<Request, Trouble> {
    reader.root("QueryRequest")?;
    let (mut expression, mut input, mut output) = (None, None, None);
    while let Some(element) = reader.child()? {
        match element.name() {
            "QueryType" => match reader.text()?.trim() {
                "SQL" => {}
                other => return Err(value("QueryType", other).into()),
            },
            "Expression" => expression = Some(reader.text()?.into_owned()),
            "InputSerialization" => input = format(reader)?,
            "OutputSerialization" => output = format(reader)?,
            _ => reader.skip()?,
        }
    }
    let input = input.map(Format::input).transpose()?.unwrap_or_default();
    let output = output.map(Format::output).transpose()?;
    Ok(Request {
        expression: expression.ok_or(Trouble::Xml)?,
        output: output.unwrap_or_else(|| as_input(&input)),
        input,
    })
}

fn as_input(input: &Input) -> Output {
    match input {
        Input::Json(json) => Output::Json(json.clone()),
        Input::Delimited(delimited) => Output::Delimited(Delimited {
            has_headers: false,
            ..delimited.clone()
        }),
        // Nothing is answered in it.
        Input::Parquet => Output::default(),
    }
}

/// A `Format`, before it is known what for.
#[derive(Default)]
struct Format {
    kind: String,
    delimited: Delimited,
    json: JsonText,
    arrow: Vec<ArrowField>,
}

impl Format {
    fn input(self) -> Result<Input, Fault> {
        match self.kind.as_str() {
            "delimited" => Ok(Input::Delimited(self.delimited)),
            "json" => Ok(Input::Json(self.json)),
            "parquet" => Ok(Input::Parquet),
            other => Err(value("Type", other)),
        }
    }

    fn output(self) -> Result<Output, Fault> {
        match self.kind.as_str() {
            "delimited" => Ok(Output::Delimited(self.delimited)),
            "json" => Ok(Output::Json(self.json)),
            "arrow" => Ok(Output::Arrow(self.arrow)),
            other => Err(value("Type", other)),
        }
    }
}

fn format(reader: &mut Reader<'_>) -> Result<Option<Format>, Trouble> {
    let mut found = None;
    while let Some(element) = reader.child()? {
        if element.name() != "Format" {
            reader.skip()?;
            continue;
        }
        let mut format = Format::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "Type" => format.kind = reader.text()?.trim().to_owned(),
                "DelimitedTextConfiguration" => format.delimited = delimited(reader)?,
                "JsonTextConfiguration" => format.json = json(reader)?,
                "ArrowConfiguration" => format.arrow = arrow(reader)?,
                _ => reader.skip()?,
            }
        }
        found = Some(format);
    }
    Ok(found)
}

fn delimited(reader: &mut Reader<'_>) -> Result<Delimited, Trouble> {
    let mut config = Delimited::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "ColumnSeparator" => separator(reader, &mut config.column_separator)?,
            "RecordSeparator" => separator(reader, &mut config.record_separator)?,
            "FieldQuote" => config.field_quote = character(reader, "FieldQuote")?,
            "EscapeChar" => config.escape = character(reader, "EscapeChar")?,
            "HasHeaders" => {
                let text = reader.text()?;
                config.has_headers = match text.trim() {
                    "" => false,
                    text if text.eq_ignore_ascii_case("true") => true,
                    text if text.eq_ignore_ascii_case("false") => false,
                    other => return Err(value("HasHeaders", other).into()),
                };
            }
            _ => reader.skip()?,
        }
    }
    Ok(config)
}

fn json(reader: &mut Reader<'_>) -> Result<JsonText, Trouble> {
    let mut config = JsonText::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "RecordSeparator" => separator(reader, &mut config.record_separator)?,
            _ => reader.skip()?,
        }
    }
    Ok(config)
}

fn arrow(reader: &mut Reader<'_>) -> Result<Vec<ArrowField>, Trouble> {
    let mut fields = Vec::new();
    while let Some(element) = reader.child()? {
        if element.name() != "Schema" {
            reader.skip()?;
            continue;
        }
        while let Some(element) = reader.child()? {
            match element.name() {
                "Field" => fields.push(field(reader)?),
                _ => reader.skip()?,
            }
        }
    }
    Ok(fields)
}

fn field(reader: &mut Reader<'_>) -> Result<ArrowField, Trouble> {
    let (mut kind, mut name, mut precision, mut scale) = (String::new(), None, None, None);
    while let Some(element) = reader.child()? {
        match element.name() {
            "Type" => kind = reader.text()?.trim().to_owned(),
            "Name" => name = Some(reader.text()?.into_owned()),
            "Precision" => precision = Some(number(reader, "Precision")?),
            "Scale" => scale = Some(number(reader, "Scale")?),
            _ => reader.skip()?,
        }
    }
    let kind = ArrowType::named(&kind, precision, scale).ok_or_else(|| value("Type", &kind))?;
    Ok(ArrowField { name, kind })
}

fn separator(reader: &mut Reader<'_>, into: &mut String) -> Result<(), Trouble> {
    let text = reader.text()?;
    if !text.is_empty() {
        *into = text.into_owned();
    }
    Ok(())
}

fn character(reader: &mut Reader<'_>, element: &'static str) -> Result<Option<char>, Trouble> {
    let text = reader.text()?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (first, None) => Ok(first),
        _ => Err(value(element, &text).into()),
    }
}

fn number(reader: &mut Reader<'_>, element: &'static str) -> Result<u8, Trouble> {
    let text = reader.text()?;
    text.trim().parse().map_err(|_| value(element, &text).into())
}

fn value(element: &'static str, text: &str) -> Fault {
    Fault::Value {
        element,
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(inner: &str) -> Result<Request, Fault> {
        let document = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><QueryRequest><QueryType>SQL</QueryType>\
             <Expression>select * from BlobStorage where _1 &lt; 2</Expression>{inner}</QueryRequest>"
        );
        Request::from_xml(document.as_bytes())
    }

    fn input(format: &str) -> Result<Input, Fault> {
        let serialization = format!("<InputSerialization><Format>{format}</Format></InputSerialization>");
        parse(&serialization).map(|request| request.input)
    }

    fn output(format: &str) -> Result<Output, Fault> {
        let serialization = format!("<OutputSerialization><Format>{format}</Format></OutputSerialization>");
        parse(&serialization).map(|request| request.output)
    }

    #[test]
    fn what_is_not_said_is_the_usual() {
        let request = parse("").unwrap();
        assert_eq!(request.expression, "select * from BlobStorage where _1 < 2");
        assert_eq!(
            (request.input, request.output),
            (Input::default(), Output::default())
        );
        let json = "<Type>json</Type><JsonTextConfiguration><RecordSeparator></RecordSeparator></JsonTextConfiguration>";
        assert_eq!(input(json), Ok(Input::Json(JsonText::default())));
        let serialization = format!("<InputSerialization><Format>{json}</Format></InputSerialization>");
        assert_eq!(
            parse(&serialization).unwrap().output,
            Output::Json(JsonText::default())
        );
        assert_eq!(
            input(
                "<Type>delimited</Type><DelimitedTextConfiguration><EscapeChar /></DelimitedTextConfiguration>"
            ),
            Ok(Input::default())
        );
    }

    #[test]
    fn every_form_is_read() {
        let delimited = "<Type>delimited</Type><DelimitedTextConfiguration><ColumnSeparator>;</ColumnSeparator>\
             <FieldQuote>'</FieldQuote><RecordSeparator>&#13;&#10;</RecordSeparator><EscapeChar>\\</EscapeChar>\
             <HasHeaders>true</HasHeaders></DelimitedTextConfiguration>";
        let expected = Delimited {
            column_separator: ";".to_owned(),
            field_quote: Some('\''),
            record_separator: "\r\n".to_owned(),
            escape: Some('\\'),
            has_headers: true,
        };
        assert_eq!(input(delimited), Ok(Input::Delimited(expected.clone())));
        assert_eq!(output(delimited), Ok(Output::Delimited(expected)));
        let arrow = "<Type>arrow</Type><ArrowConfiguration><Schema><Field><Type>decimal</Type><Name>abc</Name>\
             <Precision>4</Precision><Scale>2</Scale></Field><Field><Type>timestamp[ms]</Type></Field></Schema></ArrowConfiguration>";
        let decimal = ArrowType::Decimal {
            precision: 4,
            scale: 2,
        };
        assert_eq!(
            output(arrow),
            Ok(Output::Arrow(vec![
                ArrowField {
                    name: Some("abc".to_owned()),
                    kind: decimal
                },
                ArrowField {
                    name: None,
                    kind: ArrowType::TimestampMs
                },
            ]))
        );
    }

    #[test]
    fn a_table_is_answered_as_text() {
        let parquet = "<Type>parquet</Type><ParquetTextConfiguration> </ParquetTextConfiguration>";
        assert_eq!(output(parquet), Err(value("Type", "parquet")));
        let serialization = format!("<InputSerialization><Format>{parquet}</Format></InputSerialization>");
        let request = parse(&serialization).unwrap();
        assert_eq!(
            (request.input, request.output),
            (Input::Parquet, Output::default())
        );
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let cases = [
            ("<Type>xml</Type>", value("Type", "xml")),
            ("<Type>arrow</Type>", value("Type", "arrow")),
            (
                "<DelimitedTextConfiguration><FieldQuote>ab</FieldQuote></DelimitedTextConfiguration>",
                value("FieldQuote", "ab"),
            ),
            (
                "<DelimitedTextConfiguration><HasHeaders>yes</HasHeaders></DelimitedTextConfiguration>",
                value("HasHeaders", "yes"),
            ),
        ];
        for (format, expected) in cases {
            assert_eq!(input(format), Err(expected), "{format}");
        }
        let field = "<Type>arrow</Type><ArrowConfiguration><Schema><Field><Type>int8</Type></Field></Schema></ArrowConfiguration>";
        assert_eq!(output(field), Err(value("Type", "int8")));
        for document in ["", "<Query/>", "<QueryRequest>", "<QueryRequest/>", "\u{0}"] {
            assert!(
                matches!(Request::from_xml(document.as_bytes()), Err(Fault::Xml { .. })),
                "{document:?}"
            );
        }
        let other = "<QueryRequest><QueryType>XQuery</QueryType></QueryRequest>";
        assert_eq!(
            Request::from_xml(other.as_bytes()),
            Err(value("QueryType", "XQuery"))
        );
    }
}

//! A query over the content of a blob: what Query Blob Contents sends.

use super::escape;
use crate::{ArrowFieldType, Error, ErrorKind};

/// A query: SQL, how the blob's content is written, and how the answer is to be.
///
/// ```
/// use lazuli_protocol::xml::{DelimitedText, JsonText, QueryRequest};
///
/// let mut query = QueryRequest::new("SELECT _1 FROM BlobStorage WHERE _2 > 5");
/// query.input = Some(DelimitedText::new().column_separator(";").into());
/// query.output = Some(JsonText::new().into());
/// assert!(query.to_xml()?.contains("<Expression>SELECT _1 FROM BlobStorage WHERE _2 &gt; 5</Expression>"));
/// # Ok::<(), lazuli_protocol::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryRequest {
    /// The SQL, of at most 256 KiB. The blob is the table `BlobStorage`; columns without a name are `_1`, `_2` and so on.
    pub expression: String,
    /// How the blob's content is written. The service takes it as [`DelimitedText`] by its defaults when `None`.
    pub input: Option<QueryInput>,
    /// How the answer is to be written: as the input is when `None`.
    pub output: Option<QueryOutput>,
}

/// How the content of a blob is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryInput {
    /// Lines of columns, as CSV is.
    Delimited(DelimitedText),
    /// Records in JSON.
    Json(JsonText),
    /// Parquet.
    Parquet,
}

/// How the answer to a query is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryOutput {
    /// Lines of columns, as CSV is.
    Delimited(DelimitedText),
    /// Records in JSON.
    Json(JsonText),
    /// A stream of Apache Arrow with a column for each of these.
    Arrow(Vec<ArrowField>),
}

/// Lines of columns. The separators may be any text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DelimitedText {
    /// Between columns: `,`.
    pub column_separator: String,
    /// Around a column that holds a separator: `"`.
    pub field_quote: String,
    /// Between records: a line feed.
    pub record_separator: String,
    /// Before a quote that is content: nothing.
    pub escape_char: String,
    /// Whether the first record names the columns: not so.
    pub has_headers: bool,
}

/// Records in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonText {
    /// Between records: a line feed.
    pub record_separator: String,
}

/// A column of an answer in Arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArrowField {
    /// The type.
    pub kind: ArrowFieldType,
    /// The name.
    pub name: Option<String>,
    /// How many digits a decimal has.
    pub precision: Option<u32>,
    /// How many of them are after the point.
    pub scale: Option<u32>,
}

impl QueryRequest {
    /// A query of content in delimited text.
    #[must_use]
    pub fn new(expression: impl Into<String>) -> Self {
        Self {
            expression: expression.into(),
            input: None,
            output: None,
        }
    }

    /// The XML.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for a character that XML cannot hold: a control character other than tab, line feed and carriage
    /// return.
    pub fn to_xml(&self) -> Result<String, Error> {
        let mut xml =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueryRequest><QueryType>SQL</QueryType>".to_owned();
        element(&mut xml, "Expression", &self.expression)?;
        if let Some(input) = &self.input {
            let format = match input {
                QueryInput::Delimited(text) => text.to_xml()?,
                QueryInput::Json(text) => text.to_xml()?,
                QueryInput::Parquet => "<Type>parquet</Type><ParquetTextConfiguration/>".to_owned(),
            };
            xml.push_str(&format!(
                "<InputSerialization><Format>{format}</Format></InputSerialization>"
            ));
        }
        if let Some(output) = &self.output {
            let format = match output {
                QueryOutput::Delimited(text) => text.to_xml()?,
                QueryOutput::Json(text) => text.to_xml()?,
                QueryOutput::Arrow(fields) => arrow(fields)?,
            };
            xml.push_str(&format!(
                "<OutputSerialization><Format>{format}</Format></OutputSerialization>"
            ));
        }
        xml.push_str("</QueryRequest>");
        Ok(xml)
    }
}

impl DelimitedText {
    /// Text as most CSV is: `,` between columns, `"` around those that need it, a line feed between records, no names of columns.
    #[must_use]
    pub fn new() -> Self {
        Self {
            column_separator: ",".to_owned(),
            field_quote: "\"".to_owned(),
            record_separator: "\n".to_owned(),
            escape_char: String::new(),
            has_headers: false,
        }
    }

    /// What is between columns.
    #[must_use]
    pub fn column_separator(mut self, text: impl Into<String>) -> Self {
        self.column_separator = text.into();
        self
    }

    /// What is around a column that holds a separator.
    #[must_use]
    pub fn field_quote(mut self, text: impl Into<String>) -> Self {
        self.field_quote = text.into();
        self
    }

    /// What is between records.
    #[must_use]
    pub fn record_separator(mut self, text: impl Into<String>) -> Self {
        self.record_separator = text.into();
        self
    }

    /// What is before a quote that is content.
    #[must_use]
    pub fn escape_char(mut self, text: impl Into<String>) -> Self {
        self.escape_char = text.into();
        self
    }

    /// Whether the first record names the columns.
    #[must_use]
    pub fn has_headers(mut self, named: bool) -> Self {
        self.has_headers = named;
        self
    }

    fn to_xml(&self) -> Result<String, Error> {
        let mut xml = "<Type>delimited</Type><DelimitedTextConfiguration>".to_owned();
        element(&mut xml, "ColumnSeparator", &self.column_separator)?;
        element(&mut xml, "FieldQuote", &self.field_quote)?;
        element(&mut xml, "RecordSeparator", &self.record_separator)?;
        element(&mut xml, "EscapeChar", &self.escape_char)?;
        element(&mut xml, "HasHeaders", &self.has_headers.to_string())?;
        xml.push_str("</DelimitedTextConfiguration>");
        Ok(xml)
    }
}

impl Default for DelimitedText {
    fn default() -> Self {
        Self::new()
    }
}

impl JsonText {
    /// A record a line.
    #[must_use]
    pub fn new() -> Self {
        Self {
            record_separator: "\n".to_owned(),
        }
    }

    /// What is between records.
    #[must_use]
    pub fn record_separator(mut self, text: impl Into<String>) -> Self {
        self.record_separator = text.into();
        self
    }

    fn to_xml(&self) -> Result<String, Error> {
        let mut xml = "<Type>json</Type><JsonTextConfiguration>".to_owned();
        element(&mut xml, "RecordSeparator", &self.record_separator)?;
        xml.push_str("</JsonTextConfiguration>");
        Ok(xml)
    }
}

impl Default for JsonText {
    fn default() -> Self {
        Self::new()
    }
}

impl ArrowField {
    /// A column of a type.
    #[must_use]
    pub fn new(kind: ArrowFieldType) -> Self {
        Self {
            kind,
            name: None,
            precision: None,
            scale: None,
        }
    }

    /// A column of decimal numbers with so many digits, so many of them after the point.
    #[must_use]
    pub fn decimal(precision: u32, scale: u32) -> Self {
        Self {
            precision: Some(precision),
            scale: Some(scale),
            ..Self::new(ArrowFieldType::Decimal)
        }
    }

    /// The column's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }
}

fn arrow(fields: &[ArrowField]) -> Result<String, Error> {
    let mut xml = "<Type>arrow</Type><ArrowConfiguration><Schema>".to_owned();
    for field in fields {
        xml.push_str("<Field>");
        element(&mut xml, "Type", field.kind.as_str())?;
        let parts = [
            ("Name", field.name.clone()),
            ("Precision", field.precision.map(|digits| digits.to_string())),
            ("Scale", field.scale.map(|digits| digits.to_string())),
        ];
        for (name, text) in parts {
            if let Some(text) = text {
                element(&mut xml, name, &text)?;
            }
        }
        xml.push_str("</Field>");
    }
    xml.push_str("</Schema></ArrowConfiguration>");
    Ok(xml)
}

fn element(xml: &mut String, name: &str, text: &str) -> Result<(), Error> {
    let possible = |character: char| {
        (character >= ' ' || "\t\n\r".contains(character)) && !"\u{fffe}\u{ffff}".contains(character)
    };
    if !text.chars().all(possible) {
        let message = format!("the {name} of a query has a character that XML cannot hold; use another");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    // White space by its number: XML would fold line ends, and many readers drop text that is nothing else.
    let text = escape(text)
        .replace('\t', "&#9;")
        .replace('\n', "&#10;")
        .replace('\r', "&#13;");
    xml.push_str(&format!("<{name}>{text}</{name}>"));
    Ok(())
}

macro_rules! of {
    ($($format:ident: $($variant:ident of $text:ident)*;)*) => {$($(
        impl From<$text> for $format {
            fn from(text: $text) -> Self {
                Self::$variant(text)
            }
        }
    )*)*};
}

of! {
    QueryInput: Delimited of DelimitedText Json of JsonText;
    QueryOutput: Delimited of DelimitedText Json of JsonText;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::XmlReader;

    fn inner(query: &QueryRequest) -> String {
        let xml = query.to_xml().unwrap();
        let start = "<?xml version=\"1.0\" encoding=\"utf-8\"?><QueryRequest><QueryType>SQL</QueryType>";
        let rest = xml.strip_prefix(start).unwrap();
        rest.strip_suffix("</QueryRequest>").unwrap().to_owned()
    }

    #[test]
    fn a_query_says_no_more_than_it_was_given() {
        let query = QueryRequest::new("SELECT * FROM BlobStorage WHERE _1 < 'a&b'");
        assert_eq!(
            inner(&query),
            "<Expression>SELECT * FROM BlobStorage WHERE _1 &lt; &apos;a&amp;b&apos;</Expression>"
        );
    }

    #[test]
    fn every_format_is_written() {
        let mut query = QueryRequest::new("S");
        query.input = Some(QueryInput::Parquet);
        let price = ArrowField::decimal(4, 2).name("price");
        query.output = Some(QueryOutput::Arrow(vec![
            price,
            ArrowField::new(ArrowFieldType::TimestampMs),
        ]));
        assert_eq!(
            inner(&query),
            "<Expression>S</Expression><InputSerialization><Format><Type>parquet</Type><ParquetTextConfiguration/></Format>\
             </InputSerialization><OutputSerialization><Format><Type>arrow</Type><ArrowConfiguration><Schema><Field>\
             <Type>decimal</Type><Name>price</Name><Precision>4</Precision><Scale>2</Scale></Field><Field>\
             <Type>timestamp[ms]</Type></Field></Schema></ArrowConfiguration></Format></OutputSerialization>"
        );
        query.input = Some(DelimitedText::new().has_headers(true).into());
        query.output = Some(JsonText::new().record_separator("\r\n").into());
        assert_eq!(
            inner(&query),
            "<Expression>S</Expression><InputSerialization><Format><Type>delimited</Type><DelimitedTextConfiguration>\
             <ColumnSeparator>,</ColumnSeparator><FieldQuote>&quot;</FieldQuote><RecordSeparator>&#10;</RecordSeparator>\
             <EscapeChar></EscapeChar><HasHeaders>true</HasHeaders></DelimitedTextConfiguration></Format></InputSerialization>\
             <OutputSerialization><Format><Type>json</Type><JsonTextConfiguration><RecordSeparator>&#13;&#10;</RecordSeparator>\
             </JsonTextConfiguration></Format></OutputSerialization>"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_refused() {
        let mut query = QueryRequest::new("S");
        query.output = Some(JsonText::new().record_separator("\u{1}").into());
        let error = query.to_xml().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("RecordSeparator"));
    }

    proptest::proptest! {
        #[test]
        fn an_expression_survives_the_wire(expression in "[\\t\\n\\r -~\u{7f}-\u{d7ff}]{0,60}") {
            let xml = QueryRequest::new(expression.clone()).to_xml().unwrap();
            let mut reader = XmlReader::new(xml.as_bytes()).unwrap();
            reader.root("QueryRequest").unwrap();
            reader.child().unwrap();
            reader.skip().unwrap();
            reader.child().unwrap();
            proptest::prop_assert_eq!(reader.text().unwrap(), expression);
        }
    }
}

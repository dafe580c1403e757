//! The schema of the stream: a union of four records. Readers tell them apart by their place in it.

pub(super) const SCHEMA: &str = r#"[
  {
    "type": "record",
    "name": "com.microsoft.azure.storage.queryBlobContents.resultData",
    "doc": "The next bytes of the result.",
    "fields": [
      {"name": "data", "type": "bytes"}
    ]
  },
  {
    "type": "record",
    "name": "com.microsoft.azure.storage.queryBlobContents.error",
    "doc": "Something that went wrong; the query goes on unless it is fatal.",
    "fields": [
      {"name": "fatal", "type": "boolean"},
      {"name": "name", "type": "string"},
      {"name": "description", "type": "string"},
      {"name": "position", "type": "long", "doc": "Where in the blob the record begins."}
    ]
  },
  {
    "type": "record",
    "name": "com.microsoft.azure.storage.queryBlobContents.progress",
    "doc": "How far the query is.",
    "fields": [
      {"name": "bytesScanned", "type": "long"},
      {"name": "totalBytes", "type": "long"}
    ]
  },
  {
    "type": "record",
    "name": "com.microsoft.azure.storage.queryBlobContents.end",
    "doc": "The last record of an answer that is whole.",
    "fields": [
      {"name": "totalBytes", "type": "long"}
    ]
  }
]
"#;

//! Questions to a blob in SQL, whose answer alone comes over the wire.

use std::sync::{Arc, Mutex};

use lazuli_blob::{BlobClient, QueryError};
use lazuli_protocol::ErrorCode;
use lazuli_protocol::xml::{DelimitedText, JsonText, QueryInput};
use parquet::data_type::{ByteArrayType, Int32Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::expect::refused;
use crate::{Backend, Feature};

const CSV: &str = "name,price\napple,3\n\"pear, green\",12\nplum,7\n";

async fn table(backend: &Backend) -> BlobClient {
    let blob = backend.container("table").await.blob("fruit.csv");
    blob.upload(CSV).await.unwrap();
    blob
}

fn headed() -> DelimitedText {
    DelimitedText::new().has_headers(true)
}

pub(super) async fn a_table_is_asked(backend: &Backend) {
    if backend.lacks(Feature::Queries) {
        return;
    }
    let blob = table(backend).await;
    let missing = blob
        .container()
        .blob("missing")
        .query("SELECT * FROM BlobStorage");
    refused(missing.await.map(drop), 404, ErrorCode::BlobNotFound);
    let answer = blob
        .query("SELECT name FROM BlobStorage WHERE price > 5")
        .input(headed())
        .output(DelimitedText::new())
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "\"pear, green\"\nplum\n");
    let answer = blob
        .query("SELECT COUNT(*), SUM(price) FROM BlobStorage")
        .input(headed())
        .output(DelimitedText::new())
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "3,22\n");
}

pub(super) async fn a_table_comes_as_json_and_goes(backend: &Backend) {
    if backend.lacks(Feature::Queries) {
        return;
    }
    let blob = table(backend).await;
    let answer = blob
        .query("SELECT name, price FROM BlobStorage WHERE name = 'plum'")
        .input(headed())
        .output(JsonText::new())
        .await
        .unwrap();
    let line = answer.bytes().await.unwrap();
    assert_eq!(line, "{\"name\":\"plum\",\"price\":\"7\"}\n");
    let lines = blob.container().blob("lines.json");
    lines
        .upload("{\"a\":{\"b\":1}}\n{\"a\":{\"b\":2}}\n")
        .await
        .unwrap();
    let answer = lines
        .query("SELECT a.b FROM BlobStorage WHERE a.b > 1")
        .input(JsonText::new())
        .output(DelimitedText::new())
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "2\n");
}

pub(super) async fn progress_and_bad_records_are_told(backend: &Backend) {
    if backend.lacks(Feature::Queries) {
        return;
    }
    let blob = table(backend).await;
    let errors: Arc<Mutex<Vec<QueryError>>> = Arc::default();
    let told = errors.clone();
    let scanned = Arc::new(Mutex::new(0));
    let seen = scanned.clone();
    let answer = blob
        .query("SELECT name FROM BlobStorage WHERE CAST(price AS INT) > 5")
        .input(headed())
        .output(DelimitedText::new())
        .await
        .unwrap()
        .on_progress(move |progress| *seen.lock().unwrap() = progress.bytes_scanned)
        .on_error(move |error| told.lock().unwrap().push(error));
    assert_eq!(answer.bytes().await.unwrap(), "\"pear, green\"\nplum\n");
    assert_eq!(*scanned.lock().unwrap(), CSV.len() as u64);
    assert_eq!(*errors.lock().unwrap(), []);
    let nonsense = blob.query("SELECT FROM WHERE").input(headed()).await;
    assert!(nonsense.is_err(), "{nonsense:?}");
}

/// The same table, in columns with types.
fn in_columns() -> Vec<u8> {
    let schema = "message fruit { required binary name (utf8); optional int32 price; }";
    let schema = parse_message_type(schema).unwrap().into();
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::default()).unwrap();
    let mut rows = file.next_row_group().unwrap();
    let mut names = rows.next_column().unwrap().unwrap();
    let values = ["apple", "pear, green", "plum", "quince"].map(|name| name.into());
    let typed = names.typed::<ByteArrayType>();
    typed.write_batch(&values, None, None).unwrap();
    names.close().unwrap();
    let mut prices = rows.next_column().unwrap().unwrap();
    let typed = prices.typed::<Int32Type>();
    typed.write_batch(&[3, 12, 7], Some(&[1, 1, 1, 0]), None).unwrap();
    prices.close().unwrap();
    rows.close().unwrap();
    file.into_inner().unwrap()
}

pub(super) async fn a_table_of_parquet_is_asked(backend: &Backend) {
    if backend.lacks(Feature::Queries) {
        return;
    }
    let blob = table(backend).await;
    let columns = blob.container().blob("fruit.parquet");
    columns.upload(in_columns()).await.unwrap();
    let answer = columns
        .query("SELECT name FROM BlobStorage WHERE price > 5")
        .input(QueryInput::Parquet)
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), "\"pear, green\"\nplum\n");
    let answer = columns
        .query("SELECT _1, _2 FROM BlobStorage WHERE price < 5 OR price IS NULL")
        .input(QueryInput::Parquet)
        .output(JsonText::new())
        .await
        .unwrap();
    assert_eq!(
        answer.bytes().await.unwrap(),
        "{\"_1\":\"apple\",\"_2\":3}\n{\"_1\":\"quince\",\"_2\":null}\n"
    );
    let broken = blob
        .query("SELECT * FROM BlobStorage")
        .input(QueryInput::Parquet)
        .await
        .unwrap();
    assert!(broken.bytes().await.is_err(), "delimited text is no table");
}

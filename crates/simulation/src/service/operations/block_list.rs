//! Put Block List and Get Block List.

use http::{StatusCode, header};
use lazuli_protocol::xml::{BlockId, XmlReader};
use lazuli_protocol::{ErrorCode, header as names, limits};

use super::document::malformed;
use crate::service::answer::Answer;
use crate::service::body::Incoming;
use crate::service::call::Call;
use crate::service::refusal::Refusal;
use crate::service::router::Outcome;
use crate::service::xml::Xml;
use crate::state::{Commit, Lookup};

/// The longest list: 50,000 blocks of the longest ids, with room for white space.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Put Block List.
pub(in crate::service) async fn put_block_list(call: &Call, body: Incoming) -> Outcome {
    call.may_put_blocks()?;
    let access = call.write_access()?;
    let blob = call.new_blob(false)?;
    let checksum = call.checksum()?;
    let (document, crc64) = call.receive_document(body, LONGEST, checksum).await?;
    let commit = Commit {
        blocks: parse(&document)?,
        blob,
    };
    let put = call
        .engine
        .change(|state, now| {
            let at = call.blob();
            call.check_overwrite(state, now, &at)?;
            state.put_block_list(now, at, commit, &access)
        })
        .await?;
    Ok(Answer::new(StatusCode::CREATED)
        .header(header::LAST_MODIFIED, put.modified.rfc1123())
        .header(header::ETAG, put.tag.quoted())
        .header(names::CONTENT_CRC64, crc64.to_string())
        .written(&put))
}

/// Get Block List.
pub(in crate::service) fn get_block_list(call: &Call) -> Outcome {
    const KIND: &str = "blocklisttype";
    let (committed, uncommitted) = match call.query.some(KIND).map(str::to_ascii_lowercase).as_deref() {
        None | Some("committed") => (true, false),
        Some("uncommitted") => (false, true),
        Some("all") => (true, true),
        Some(_) => {
            let value = call.query.get(KIND).unwrap_or_default();
            return Err(Refusal::bad_query(KIND, value, ""));
        }
    };
    let (access, which) = (call.read_access()?, call.which()?);
    let (at, now) = (call.blob(), call.engine.now());
    let names = call
        .engine
        .read(|state| state.block_names(now, &at, which, &access))?;
    let mut xml = Xml::new();
    xml.open("BlockList");
    if committed {
        put_blocks(&mut xml, "CommittedBlocks", &names.committed);
    }
    if uncommitted {
        put_blocks(&mut xml, "UncommittedBlocks", &names.uncommitted);
    }
    xml.close("BlockList");
    let mut answer = Answer::new(StatusCode::OK);
    // Of a blob that was never committed there is nothing to tell.
    if let Some(blob) = &names.blob {
        answer = answer
            .header(header::LAST_MODIFIED, blob.modified.rfc1123())
            .header(header::ETAG, blob.tag.quoted())
            .header(names::BLOB_CONTENT_LENGTH, blob.len.to_string());
    }
    Ok(answer.xml(xml))
}

fn put_blocks(xml: &mut Xml, element: &str, blocks: &[(BlockId, u64)]) {
    xml.list(element, blocks, |xml, (id, size)| {
        xml.open("Block");
        xml.text("Name", &id.to_string());
        xml.text("Size", &size.to_string());
        xml.close("Block");
    });
}

/// Reads the list, in its order.
fn parse(document: &[u8]) -> Result<Vec<(Lookup, BlockId)>, Box<Refusal>> {
    let mut reader = XmlReader::new(document).map_err(|_| malformed((1, 1), ""))?;
    let outcome = read(&mut reader);
    let blocks = outcome.map_err(|fault| match fault {
        Fault::Xml => malformed(reader.position(), ""),
        Fault::Element(name) => malformed(reader.position(), &format!("Element is not expected: {name}.")),
        Fault::Id => Refusal::new(ErrorCode::InvalidBlockList),
        Fault::Long => Refusal::new(ErrorCode::BlockListTooLong),
    })?;
    let end = reader.position();
    reader.finish().map_err(|_| malformed(end, ""))?;
    Ok(blocks)
}

enum Fault {
    Xml,
    Element(String),
    Id,
    Long,
}

impl From<lazuli_protocol::Error> for Fault {
    fn from(_: lazuli_protocol::Error) -> Self {
        Self::Xml
    }
}

fn read(reader: &mut XmlReader<'_>) -> Result<Vec<(Lookup, BlockId)>, Fault> {
    let most = usize::try_from(limits::COMMITTED_BLOCKS).unwrap_or(usize::MAX);
    let mut blocks = Vec::new();
    reader.root("BlockList")?;
    while let Some(element) = reader.child()? {
        let lookup = match element.name() {
            "Committed" => Lookup::Committed,
            "Uncommitted" => Lookup::Uncommitted,
            "Latest" => Lookup::Latest,
            other => return Err(Fault::Element(other.to_owned())),
        };
        let id = BlockId::from_base64(reader.text()?.trim()).map_err(|_| Fault::Id)?;
        if blocks.len() == most {
            return Err(Fault::Long);
        }
        blocks.push((lookup, id));
    }
    Ok(blocks)
}

//! Blocks, and the lists of them.

use super::{BAD_HEADER, BAD_QUERY, Case, block_list, case};

pub(super) fn cases() -> Vec<Case> {
    const XML: &str = "InvalidXmlDocument";
    const LIST: &str = "InvalidBlockList";
    vec![
        case(
            "no block id",
            |rig| rig.put("/box/list?comp=block", "abc"),
            400,
            "MissingRequiredQueryParameter",
            &[("QueryParameterName", "blockid")],
        ),
        case(
            "block id that is not base64",
            |rig| rig.put("/box/list?comp=block&blockid=no!", "abc"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "blockid"), ("QueryParameterValue", "no!")],
        ),
        case(
            "block id without its padding",
            |rig| rig.put("/box/list?comp=block&blockid=QQ", "abc"),
            400,
            BAD_QUERY,
            &[],
        ),
        case(
            "block id of 65 bytes",
            |rig| {
                rig.put(
                    &format!("/box/list?comp=block&blockid={}E%3D", "QUFB".repeat(21) + "QU"),
                    "abc",
                )
            },
            400,
            BAD_QUERY,
            &[],
        ),
        case(
            "block id of another length",
            |rig| rig.put("/box/list?comp=block&blockid=QUFB", "abc"),
            400,
            "InvalidBlobOrBlock",
            &[],
        ),
        case(
            "empty block",
            |rig| rig.put("/box/list?comp=block&blockid=QQ%3D%3D", ""),
            400,
            BAD_HEADER,
            &[("HeaderName", "Content-Length"), ("HeaderValue", "0")],
        ),
        case(
            "block beyond 4,000 MiB",
            |rig| {
                rig.put("/box/list?comp=block&blockid=QQ%3D%3D", "")
                    .header("content-length", "4194304001")
            },
            413,
            "RequestBodyTooLarge",
            &[],
        ),
        case(
            "list that is no XML",
            |rig| block_list(rig, "QQ=="),
            400,
            XML,
            &[("LineNumber", "1")],
        ),
        case("list that is empty", |rig| block_list(rig, ""), 400, XML, &[]),
        case(
            "list that breaks off",
            |rig| block_list(rig, "<BlockList><Latest>QQ==</Latest>"),
            400,
            XML,
            &[],
        ),
        case(
            "list whose tags cross",
            |rig| block_list(rig, "<BlockList>\n<Latest>QQ==</BlockList></Latest>"),
            400,
            XML,
            &[("LineNumber", "2")],
        ),
        case(
            "list with another root",
            |rig| block_list(rig, "<Blocks><Latest>QQ==</Latest></Blocks>"),
            400,
            XML,
            &[],
        ),
        case(
            "list with another element",
            |rig| block_list(rig, "<BlockList><Newest>QQ==</Newest></BlockList>"),
            400,
            XML,
            &[("Reason", "Element is not expected: Newest.")],
        ),
        case(
            "list with a document type",
            |rig| block_list(rig, "<!DOCTYPE a [<!ENTITY b 'c'>]><BlockList/>"),
            400,
            XML,
            &[],
        ),
        case(
            "list that is not UTF-8",
            |rig| rig.put("/box/list?comp=blocklist", &b"<BlockList>\xff</BlockList>"[..]),
            400,
            XML,
            &[],
        ),
        case(
            "list that something follows",
            |rig| block_list(rig, "<BlockList></BlockList><More/>"),
            400,
            XML,
            &[],
        ),
        case(
            "list with an id that is not base64",
            |rig| block_list(rig, "<BlockList><Latest>?</Latest></BlockList>"),
            400,
            LIST,
            &[],
        ),
        case(
            "list with a block that is not there",
            |rig| block_list(rig, "<BlockList><Latest>Qg==</Latest></BlockList>"),
            400,
            LIST,
            &[],
        ),
        case(
            "list with a block that is not committed",
            |rig| block_list(rig, "<BlockList><Committed>QQ==</Committed></BlockList>"),
            400,
            LIST,
            &[],
        ),
        case(
            "list of 50,001 blocks",
            |rig| {
                block_list(
                    rig,
                    &format!(
                        "<BlockList>{}</BlockList>",
                        "<Latest>QQ==</Latest>".repeat(50_001)
                    ),
                )
            },
            400,
            "BlockListTooLong",
            &[],
        ),
        case(
            "list beyond 16 MiB",
            |rig| block_list(rig, "").header("content-length", "16777217"),
            413,
            "RequestBodyTooLarge",
            &[],
        ),
        case(
            "list with another checksum",
            |rig| block_list(rig, "<BlockList/>").header("x-ms-content-crc64", "AAAAAAAAAAA="),
            400,
            "Crc64Mismatch",
            &[],
        ),
        case(
            "kind of list that is none",
            |rig| rig.get("/box/list?comp=blocklist&blocklisttype=some"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "blocklisttype")],
        ),
        case(
            "list of a blob that is not there",
            |rig| rig.get("/box/nothing?comp=blocklist"),
            404,
            "BlobNotFound",
            &[],
        ),
    ]
}

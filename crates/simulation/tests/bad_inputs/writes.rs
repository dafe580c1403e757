//! What is to be written.

use super::{BAD_HEADER, Case, case, put};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "no length",
            |rig| put(rig, "/box/new").without("content-length"),
            411,
            "MissingContentLengthHeader",
            &[],
        ),
        case(
            "length that is no number",
            |rig| put(rig, "/box/new").header("content-length", "three"),
            400,
            BAD_HEADER,
            &[("HeaderName", "Content-Length"), ("HeaderValue", "three")],
        ),
        case(
            "length below zero",
            |rig| put(rig, "/box/new").header("content-length", "-3"),
            400,
            BAD_HEADER,
            &[("HeaderValue", "-3")],
        ),
        case(
            "length beyond 64 bits",
            |rig| put(rig, "/box/new").header("content-length", "18446744073709551616"),
            400,
            BAD_HEADER,
            &[],
        ),
        case(
            "body longer than it says",
            |rig| put(rig, "/box/new").header("content-length", "2"),
            400,
            "InvalidInput",
            &[],
        ),
        case(
            "body shorter than it says",
            |rig| put(rig, "/box/new").header("content-length", "4"),
            400,
            "InvalidInput",
            &[],
        ),
        case(
            "long body shorter than it says",
            |rig| put(rig, "/box/new").header("content-length", "70000"),
            400,
            "InvalidInput",
            &[],
        ),
        case(
            "blob beyond 5,000 MiB",
            |rig| put(rig, "/box/new").header("content-length", "5242880001"),
            413,
            "RequestBodyTooLarge",
            &[],
        ),
        case(
            "no type of blob",
            |rig| rig.put("/box/new", "abc"),
            400,
            "MissingRequiredHeader",
            &[("HeaderName", "x-ms-blob-type")],
        ),
        case(
            "type of blob that is none",
            |rig| rig.put("/box/new", "abc").header("x-ms-blob-type", "BrickBlob"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-blob-type"), ("HeaderValue", "BrickBlob")],
        ),
        case(
            "MD5 that is not base64",
            |rig| put(rig, "/box/new").header("content-md5", "!"),
            400,
            "InvalidMd5",
            &[],
        ),
        case(
            "MD5 of 4 bytes",
            |rig| put(rig, "/box/new").header("content-md5", "AQIDBA=="),
            400,
            "InvalidMd5",
            &[],
        ),
        case(
            "MD5 of something else",
            |rig| put(rig, "/box/new").header("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            400,
            "Md5Mismatch",
            &[
                ("UserSpecifiedMd5", "AAAAAAAAAAAAAAAAAAAAAA=="),
                ("ServerCalculatedMd5", "kAFQmDzST7DWlj99KOF/cg=="),
            ],
        ),
        case(
            "kept MD5 of something else",
            |rig| put(rig, "/box/new").header("x-ms-blob-content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            400,
            "Md5Mismatch",
            &[],
        ),
        case(
            "CRC64 of 4 bytes",
            |rig| put(rig, "/box/new").header("x-ms-content-crc64", "AQIDBA=="),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-content-crc64"), ("HeaderValue", "AQIDBA==")],
        ),
        case(
            "CRC64 of something else",
            |rig| {
                rig.put("/box/new", "hello world")
                    .header("x-ms-blob-type", "BlockBlob")
                    .header("x-ms-content-crc64", "AAAAAAAAAAA=")
            },
            400,
            "Crc64Mismatch",
            &[
                ("UserSpecifiedCrc", "AAAAAAAAAAA="),
                ("ServerCalculatedCrc", "vo7q9sPVKY0="),
            ],
        ),
        case(
            "both checksums",
            |rig| {
                put(rig, "/box/new")
                    .header("content-md5", "kAFQmDzST7DWlj99KOF/cg==")
                    .header("x-ms-content-crc64", "AAAAAAAAAAA=")
            },
            400,
            "BothCrc64AndMd5HeaderPresent",
            &[],
        ),
        case(
            "metadata without a name",
            |rig| put(rig, "/box/new").header("x-ms-meta-", "v"),
            400,
            "EmptyMetadataKey",
            &[],
        ),
        case(
            "metadata whose name is no identifier",
            |rig| put(rig, "/box/new").header("x-ms-meta-a-b", "v"),
            400,
            "InvalidMetadata",
            &[],
        ),
        case(
            "metadata whose name starts with a digit",
            |rig| put(rig, "/box/new").header("x-ms-meta-1a", "v"),
            400,
            "InvalidMetadata",
            &[],
        ),
        case(
            "metadata beyond 8 KiB",
            |rig| put(rig, "/box/new").header("x-ms-meta-a", "v".repeat(8192)),
            400,
            "MetadataTooLarge",
            &[],
        ),
        case(
            "tier that is none",
            |rig| put(rig, "/box/new").header("x-ms-access-tier", "P10"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-access-tier"), ("HeaderValue", "P10")],
        ),
        case(
            "tier that the version has not",
            |rig| {
                put(rig, "/box/new")
                    .header("x-ms-version", "2021-08-06")
                    .header("x-ms-access-tier", "Cold")
            },
            400,
            BAD_HEADER,
            &[],
        ),
        case(
            "access that is none",
            |rig| {
                rig.put("/new?restype=container", "")
                    .header("x-ms-blob-public-access", "all")
            },
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-blob-public-access")],
        ),
        case(
            "snapshots to delete that are none",
            |rig| rig.delete("/box/blob").header("x-ms-delete-snapshots", "some"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-delete-snapshots")],
        ),
        case(
            "resizing a block blob",
            |rig| {
                rig.put("/box/blob?comp=properties", "")
                    .header("x-ms-blob-content-length", "512")
            },
            409,
            "InvalidBlobType",
            &[],
        ),
        case(
            "lease id where there is no lease",
            |rig| put(rig, "/box/blob").header("x-ms-lease-id", "a1e5a7e5-0000-4000-8000-000000000000"),
            412,
            "LeaseNotPresentWithBlobOperation",
            &[],
        ),
        case(
            "append blob",
            |rig| rig.put("/box/new", "").header("x-ms-blob-type", "AppendBlob"),
            501,
            "NotImplemented",
            &[],
        ),
        case(
            "operation that is not simulated",
            |rig| rig.put("/box/blob?comp=snapshot", ""),
            501,
            "NotImplemented",
            &[],
        ),
        case(
            "customer-provided key",
            |rig| put(rig, "/box/new").header("x-ms-encryption-key", "AAAA"),
            501,
            "NotImplemented",
            &[],
        ),
        case(
            "structured body",
            |rig| put(rig, "/box/new").header("x-ms-structured-body", "XSM/1.0; properties=crc64"),
            501,
            "NotImplemented",
            &[],
        ),
    ]
}

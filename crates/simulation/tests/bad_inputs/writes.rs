//! What is to be written.

use super::{BAD_HEADER, Case, case, put};

/// A key of 32 bytes, and what it sums up to.
const KEY: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
const KEY_SHA256: &str = "riFsLvUkejeCwTXvonmj5M3GEJQnD10r5YxiBLemEsk=";

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
            "append blob with bytes",
            |rig| rig.put("/box/new", "abc").header("x-ms-blob-type", "AppendBlob"),
            400,
            BAD_HEADER,
            &[("HeaderName", "Content-Length"), ("HeaderValue", "3")],
        ),
        case(
            "append blob in a tier",
            |rig| {
                rig.put("/box/new", "")
                    .header("x-ms-blob-type", "AppendBlob")
                    .header("x-ms-access-tier", "Cool")
            },
            400,
            "AccessTierNotSupportedForBlobType",
            &[],
        ),
        case(
            "abort of a copy without its action",
            |rig| rig.put("/box/blob?comp=copy&copyid=1", ""),
            400,
            "MissingRequiredHeader",
            &[("HeaderName", "x-ms-copy-action")],
        ),
        case(
            "abort of a copy without its id",
            |rig| {
                rig.put("/box/blob?comp=copy", "")
                    .header("x-ms-copy-action", "abort")
            },
            400,
            "MissingRequiredQueryParameter",
            &[("QueryParameterName", "copyid")],
        ),
        case(
            "source of a copy that is no URL",
            |rig| rig.put("/box/blob", "").header("x-ms-copy-source", "box/blob"),
            400,
            "InvalidHeaderValue",
            &[("HeaderName", "x-ms-copy-source")],
        ),
        case(
            "customer-provided key of 3 bytes",
            |rig| put(rig, "/box/new").header("x-ms-encryption-key", "AAAA"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-encryption-key"), ("HeaderValue", "")],
        ),
        case(
            "customer-provided key without its hash",
            |rig| put(rig, "/box/new").header("x-ms-encryption-key", KEY),
            400,
            "MissingRequiredHeader",
            &[("HeaderName", "x-ms-encryption-key-sha256")],
        ),
        case(
            "customer-provided key for another algorithm",
            |rig| {
                put(rig, "/box/new")
                    .header("x-ms-encryption-key", KEY)
                    .header("x-ms-encryption-key-sha256", KEY_SHA256)
                    .header("x-ms-encryption-algorithm", "ROT13")
            },
            400,
            BAD_HEADER,
            &[
                ("HeaderName", "x-ms-encryption-algorithm"),
                ("HeaderValue", "ROT13"),
            ],
        ),
        case(
            "encryption scope that the account has not",
            |rig| put(rig, "/box/new").header("x-ms-encryption-scope", "none"),
            409,
            "EncryptionScopeNotAvailable",
            &[],
        ),
        case(
            "tags that are none",
            |rig| put(rig, "/box/new").header("x-ms-tags", "a=1&a=2"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-tags")],
        ),
        case(
            "policy that has run out",
            |rig| {
                put(rig, "/box/new").header(
                    "x-ms-immutability-policy-until-date",
                    "Sun, 01 Mar 2026 11:00:00 GMT",
                )
            },
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-immutability-policy-until-date")],
        ),
        case(
            "policy without an end",
            |rig| put(rig, "/box/new").header("x-ms-immutability-policy-mode", "Locked"),
            400,
            "MissingRequiredHeader",
            &[("HeaderName", "x-ms-immutability-policy-until-date")],
        ),
        case(
            "structured body without its length",
            |rig| put(rig, "/box/new").header("x-ms-structured-body", "XSM/1.0; properties=crc64"),
            400,
            "MissingRequiredHeader",
            &[("HeaderName", "x-ms-structured-content-length")],
        ),
        case(
            "structured body of no kind that there is",
            |rig| put(rig, "/box/new").header("x-ms-structured-body", "XSM/2.0"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-structured-body"), ("HeaderValue", "XSM/2.0")],
        ),
        case(
            "structured body where there is none",
            |rig| {
                rig.put("/box/blob?comp=metadata", "")
                    .header("x-ms-structured-body", "XSM/1.0; properties=crc64")
            },
            501,
            "NotImplemented",
            &[],
        ),
    ]
}

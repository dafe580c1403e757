//! Reads, ranges, conditions and pages.

use super::{BAD_HEADER, BAD_QUERY, Case, case, put};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "a snapshot that hides behind none",
            |rig| rig.get("/box/blob?snapshot=&snapshot=2026-03-01T11:00:00.0000000Z"),
            400,
            BAD_QUERY,
            &[
                ("QueryParameterName", "snapshot"),
                ("Reason", "Given more than once."),
            ],
        ),
        case(
            "two operations at once",
            |rig| rig.get("/box?restype=container&comp=list&comp=acl"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "comp"), ("QueryParameterValue", "acl")],
        ),
        case(
            "range beyond the end",
            |rig| rig.get("/box/blob").header("x-ms-range", "bytes=11-"),
            416,
            "InvalidRange",
            &[],
        ),
        case(
            "range of an empty blob",
            |rig| rig.get("/box/empty").header("range", "bytes=0-0"),
            416,
            "InvalidRange",
            &[],
        ),
        case(
            "checksum of no range",
            |rig| rig.get("/box/blob").header("x-ms-range-get-content-md5", "true"),
            400,
            BAD_HEADER,
            &[("HeaderName", "x-ms-range-get-content-md5")],
        ),
        case(
            "checksum that is neither asked for nor not",
            |rig| {
                rig.get("/box/blob")
                    .header("x-ms-range", "bytes=0-1")
                    .header("x-ms-range-get-content-crc64", "yes")
            },
            400,
            BAD_HEADER,
            &[
                ("HeaderName", "x-ms-range-get-content-crc64"),
                ("HeaderValue", "yes"),
            ],
        ),
        case(
            "checksum of more than 4 MiB",
            |rig| {
                rig.get("/box/blob")
                    .header("x-ms-range", "bytes=0-4194304")
                    .header("x-ms-range-get-content-md5", "true")
            },
            400,
            "OutOfRangeInput",
            &[],
        ),
        case(
            "both checksums of a range",
            |rig| {
                let call = rig.get("/box/blob").header("x-ms-range", "bytes=0-1");
                call.header("x-ms-range-get-content-md5", "true")
                    .header("x-ms-range-get-content-crc64", "true")
            },
            400,
            "BothCrc64AndMd5RangeHeaderPresent",
            &[],
        ),
        case(
            "date condition that is no date",
            |rig| rig.get("/box/blob").header("if-modified-since", "2026-01-01"),
            400,
            BAD_HEADER,
            &[("HeaderName", "If-Modified-Since"), ("HeaderValue", "2026-01-01")],
        ),
        case(
            "read of what must not be there",
            |rig| rig.get("/box/blob").header("if-none-match", "*"),
            400,
            "UnsatisfiableCondition",
            &[],
        ),
        case(
            "write under two tags",
            |rig| put(rig, "/box/blob").header("if-match", "\"a\", \"b\""),
            400,
            "MultipleConditionHeadersNotSupported",
            &[],
        ),
        case(
            "write under crossed conditions",
            |rig| {
                put(rig, "/box/blob")
                    .header("if-match", "*")
                    .header("if-none-match", "\"a\"")
            },
            400,
            "MultipleConditionHeadersNotSupported",
            &[],
        ),
        case(
            "container under a tag",
            |rig| rig.delete("/box?restype=container").header("if-match", "*"),
            400,
            "ConditionHeadersNotSupported",
            &[],
        ),
        case(
            "condition on tags",
            |rig| rig.get("/box/blob").header("x-ms-if-tags", "a = 'b'"),
            412,
            "ConditionNotMet",
            &[],
        ),
        case(
            "snapshot that is not there",
            |rig| rig.get("/box/blob?snapshot=2026-01-01T00:00:00.0000000Z"),
            404,
            "BlobNotFound",
            &[],
        ),
        case(
            "snapshot that is none",
            |rig| rig.get("/box/blob?snapshot=1"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "snapshot"), ("QueryParameterValue", "1")],
        ),
        case(
            "snapshot and version",
            |rig| {
                rig.get(
                    "/box/blob?snapshot=2026-01-01T00:00:00.0000000Z&versionid=2026-01-01T00:00:00.0000000Z",
                )
            },
            400,
            BAD_QUERY,
            &[("QueryParameterName", "versionid")],
        ),
        case(
            "page of nothing",
            |rig| rig.get("/box?restype=container&comp=list&maxresults=0"),
            400,
            "OutOfRangeQueryParameterValue",
            &[("QueryParameterName", "maxresults"), ("QueryParameterValue", "0")],
        ),
        case(
            "page of less than nothing",
            |rig| rig.get("/?comp=list&maxresults=-1"),
            400,
            "OutOfRangeQueryParameterValue",
            &[],
        ),
        case(
            "page of many",
            |rig| rig.get("/?comp=list&maxresults=many"),
            400,
            BAD_QUERY,
            &[
                ("QueryParameterName", "maxresults"),
                ("QueryParameterValue", "many"),
            ],
        ),
        case(
            "marker that is none",
            |rig| rig.get("/box?restype=container&comp=list&marker=next"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "marker"), ("QueryParameterValue", "next")],
        ),
        case(
            "marker of another account",
            |rig| rig.get("/?comp=list&marker=%2Fother%2Fbox"),
            400,
            BAD_QUERY,
            &[],
        ),
        case(
            "include that is none",
            |rig| rig.get("/box?restype=container&comp=list&include=metadata,everything"),
            400,
            BAD_QUERY,
            &[
                ("QueryParameterName", "include"),
                ("QueryParameterValue", "metadata,everything"),
            ],
        ),
    ]
}

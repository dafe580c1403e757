//! What comes in the request's first lines and headers.

use super::{BAD_HEADER, BAD_QUERY, Case, Send, case, put};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "version that is no date",
            |rig| rig.get("/?comp=list").header("x-ms-version", "latest"),
            400,
            "",
            &[
                ("Code", BAD_HEADER),
                ("HeaderName", "x-ms-version"),
                ("HeaderValue", "latest"),
            ],
        ),
        case(
            "version of the future",
            |rig| rig.get("/?comp=list").header("x-ms-version", "2099-01-01"),
            400,
            "",
            &[
                ("Code", BAD_HEADER),
                ("HeaderName", "x-ms-version"),
                ("HeaderValue", "2099-01-01"),
            ],
        ),
        case(
            "version before all that are simulated",
            |rig| rig.get("/?comp=list").header("x-ms-version", "2018-11-09"),
            400,
            "",
            &[("HeaderName", "x-ms-version")],
        ),
        case(
            "no version, though signed",
            |rig| rig.get("/?comp=list").without("x-ms-version"),
            400,
            "",
            &[("Code", "MissingRequiredHeader"), ("HeaderName", "x-ms-version")],
        ),
        case(
            "client request id beyond 1 KiB",
            |rig| {
                rig.get("/?comp=list")
                    .header("x-ms-client-request-id", "i".repeat(1025))
            },
            400,
            "",
            &[("Code", BAD_HEADER), ("HeaderName", "x-ms-client-request-id")],
        ),
        case(
            "unknown comp",
            |rig| rig.get("/box/blob?comp=everything"),
            400,
            BAD_QUERY,
            &[
                ("QueryParameterName", "comp"),
                ("QueryParameterValue", "everything"),
            ],
        ),
        case(
            "container operation without a container",
            |rig| rig.put("/?restype=container", ""),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "comp")],
        ),
        case(
            "unknown restype",
            |rig| rig.get("/box/blob?restype=drawer"),
            400,
            BAD_QUERY,
            &[],
        ),
        case(
            "list without restype",
            |rig| rig.get("/box/?comp=list"),
            400,
            BAD_QUERY,
            &[],
        ),
        case(
            "method that nothing knows",
            |rig| rig.request("PATCH", "/box/blob"),
            405,
            "UnsupportedHttpVerb",
            &[],
        ),
        case(
            "method that others know",
            |rig| rig.delete("/?comp=list"),
            405,
            "UnsupportedHttpVerb",
            &[],
        ),
        case(
            "query that is not UTF-8",
            |rig| rig.get("/box?restype=container&comp=list&prefix=%ff"),
            400,
            BAD_QUERY,
            &[("QueryParameterName", "prefix"), ("QueryParameterValue", "%ff")],
        )
        .sent(Send::Unsigned),
        case(
            "name of a parameter that is not UTF-8",
            |rig| rig.get("/box?%fe=1"),
            400,
            "InvalidUri",
            &[],
        )
        .sent(Send::Unsigned),
        case(
            "blob name that is not UTF-8",
            |rig| rig.get("/box/%c3%28"),
            400,
            "InvalidUri",
            &[],
        ),
        case(
            "container name that is not UTF-8",
            |rig| rig.get("/%ff%fe/blob"),
            400,
            "InvalidUri",
            &[],
        ),
        case(
            "write to the secondary",
            |rig| put(rig, "").url("http://127.0.0.1:10000/devstoreaccount1-secondary/box/blob"),
            403,
            "InsufficientAccountPermissions",
            &[],
        ),
    ]
}

//! Who asks.

use time::Duration;

use super::{Case, Send, case};
use crate::rig::{Call, ENDPOINT, Rig};

pub(super) fn cases() -> Vec<Case> {
    const DETAIL: &str = "AuthenticationErrorDetail";
    let set = |value: &'static str| -> fn(&Rig) -> Call<'_> {
        match value {
            "" => |rig| rig.get("/?comp=list"),
            "scheme" => |rig| {
                rig.get("/?comp=list")
                    .header("authorization", "Basic dXNlcjpwYXNz")
            },
            "colon" => |rig| {
                rig.get("/?comp=list")
                    .header("authorization", "SharedKey devstoreaccount1")
            },
            "base64" => |rig| {
                rig.get("/?comp=list")
                    .header("authorization", "SharedKey devstoreaccount1:***")
            },
            "other" => |rig| {
                rig.get("/?comp=list")
                    .header("authorization", "SharedKey other:AAAA")
            },
            "bearer" => |rig| rig.get("/?comp=list").header("authorization", "Bearer abc"),
            "lite" => |rig| {
                rig.get("/?comp=list")
                    .header("authorization", "SharedKeyLite devstoreaccount1:AAAA")
            },
            _ => |rig| rig.get("/?comp=list").header("authorization", "SharedKey"),
        }
    };
    let malformed =
        |name, value| case(name, set(value), 400, "InvalidAuthenticationInfo", &[]).sent(Send::Unsigned);
    vec![
        case("no credentials", set(""), 401, "NoAuthenticationInformation", &[]).sent(Send::Unsigned),
        malformed("scheme that nobody knows", "scheme"),
        malformed("account without a signature", "colon"),
        malformed("signature that is not base64", "base64"),
        malformed("scheme alone", "alone"),
        case(
            "two authorizations",
            set(""),
            400,
            "InvalidAuthenticationInfo",
            &[],
        )
        .sent(Send::Spoiled(|parts| {
            let value = parts.headers["authorization"].clone();
            parts.headers.append("authorization", value);
        })),
        case(
            "account of somebody else",
            set("other"),
            403,
            "AuthenticationFailed",
            &[(
                DETAIL,
                "The account of the Authorization header is not the one that the request is for.",
            )],
        )
        .sent(Send::Unsigned),
        case(
            "bearer token",
            set("bearer"),
            401,
            "InvalidAuthenticationInfo",
            &[(
                DETAIL,
                "Authentication scheme Bearer is not supported. The token is malformed.",
            )],
        )
        .sent(Send::Unsigned),
        case(
            "Shared Key Lite",
            set("lite"),
            403,
            "AuthenticationFailed",
            &[(DETAIL, "Request date header not specified")],
        )
        .sent(Send::Unsigned),
        case(
            "shared access signature without an end",
            |rig| rig.get("/box/blob?sv=2026-06-06&sr=b&sp=r&sig=AAAA"),
            403,
            "AuthenticationFailed",
            &[(DETAIL, "se is mandatory. Cannot be empty")],
        )
        .sent(Send::Unsigned),
        case(
            "account that is not there",
            |rig| rig.get("").url("http://127.0.0.1:10000/nobody/?comp=list"),
            404,
            "ResourceNotFound",
            &[],
        ),
        case(
            "signature of another method",
            set(""),
            403,
            "AuthenticationFailed",
            &[],
        )
        .sent(Send::Spoiled(|parts| parts.method = http::Method::HEAD)),
        case(
            "header that was added later",
            set(""),
            403,
            "AuthenticationFailed",
            &[],
        )
        .sent(Send::Spoiled(|parts| {
            parts.headers.insert("x-ms-meta-late", "1".parse().unwrap());
        })),
        case(
            "query that was changed later",
            set(""),
            403,
            "AuthenticationFailed",
            &[],
        )
        .sent(Send::Spoiled(|parts| {
            parts.uri = format!("{ENDPOINT}/?comp=list&maxresults=1").parse().unwrap();
        })),
        case(
            "no date",
            set(""),
            403,
            "AuthenticationFailed",
            &[(DETAIL, "Request date header not specified")],
        )
        .sent(Send::Spoiled(|parts| drop(parts.headers.remove("x-ms-date")))),
        case(
            "date that is none",
            set(""),
            403,
            "AuthenticationFailed",
            &[(DETAIL, "The Date header in the request is incorrect.")],
        )
        .sent(Send::Spoiled(|parts| {
            drop(parts.headers.insert("x-ms-date", "yesterday".parse().unwrap()))
        })),
        case(
            "date of the past",
            set(""),
            403,
            "AuthenticationFailed",
            &[(
                DETAIL,
                "Request date header too old: 'Sun, 01 Mar 2026 11:44:59 GMT'",
            )],
        )
        .sent(Send::At(Duration::seconds(-901))),
        case(
            "date of the future",
            set(""),
            403,
            "AuthenticationFailed",
            &[(
                DETAIL,
                "Request date header too old: 'Sun, 01 Mar 2026 12:15:01 GMT'",
            )],
        )
        .sent(Send::At(Duration::seconds(901))),
    ]
}

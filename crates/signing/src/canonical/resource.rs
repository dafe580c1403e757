//! The canonicalized resource: account, path as it is sent, and what is signed of the query.

use std::borrow::Cow;
use std::str::Utf8Error;

use http::header::HOST;
use http::request::Parts;
use percent_encoding::percent_decode_str;
use smallvec::SmallVec;

use super::{Reading, Text};
use crate::account_name::AccountName;
use crate::error::{Error, ErrorKind};

/// What the name of an account's read-only copy ends with, in hosts and in paths.
const SECONDARY: &str = "-secondary";

/// So many parameters a usual query has, at most.
const USUAL_COUNT: usize = 8;

/// What is signed of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignedQuery {
    /// Every parameter on a line, by name.
    Lines,
    /// The parameter `comp`, as a query.
    Comp,
}

/// Writes the resource, without a line feed at its end.
pub(crate) fn push_resource(
    out: &mut Text,
    account: &AccountName,
    parts: &Parts,
    reading: Reading,
    query: SignedQuery,
) -> Result<(), Error> {
    out.push('/');
    out.push_str(account.as_str());
    let path = match parts.uri.path() {
        "" => "/",
        path => path,
    };
    match below_secondary(account.as_str(), parts, path).filter(|_| reading.primary_path) {
        Some(rest) => {
            out.push('/');
            out.push_str(account.as_str());
            out.push_str(rest);
        }
        None => out.push_str(path),
    }
    let sent = parts.uri.query().unwrap_or_default();
    let spaced = (reading.plus_is_space && sent.contains('+')).then(|| sent.replace('+', " "));
    let parameters = parameters(spaced.as_deref().unwrap_or(sent))?;
    match query {
        SignedQuery::Lines => push_lines(out, &parameters),
        SignedQuery::Comp => push_comp(out, &parameters),
    }
}

/// What follows `/ACCOUNT-secondary` in the path, when the request addresses its account by path. With the account in
/// the host, such a path is a container's that happens to have this name.
fn below_secondary<'a>(account: &str, parts: &Parts, path: &'a str) -> Option<&'a str> {
    let rest = path
        .strip_prefix('/')?
        .strip_prefix(account)?
        .strip_prefix(SECONDARY)?;
    let whole_segment = rest.is_empty() || rest.starts_with('/');
    (whole_segment && !host_names(account, parts)).then_some(rest)
}

fn host_names(account: &str, parts: &Parts) -> bool {
    let sent = || parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let Some((label, _)) = parts
        .uri
        .host()
        .or_else(sent)
        .and_then(|host| host.split_once('.'))
    else {
        return false;
    };
    let label = label.to_ascii_lowercase();
    label.strip_suffix(SECONDARY).unwrap_or(&label) == account
}

/// The name of a parameter, decoded and in lower case, and its value as it is sent.
type Parameter<'a> = (Cow<'a, str>, &'a str);

/// The parameters by name, those of one name by their decoded values.
fn parameters(query: &str) -> Result<SmallVec<[Parameter<'_>; USUAL_COUNT]>, Error> {
    let mut parameters = SmallVec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let name = lower_name(name).map_err(|source| {
            let message =
                "the name of a query parameter is not UTF-8 once it is decoded, which cannot be signed";
            Error::new(ErrorKind::InvalidRequest, message).because(source)
        })?;
        parameters.push((name, value));
    }
    // Bytes sort as the text does that they encode.
    let decoded = |value| percent_decode_str(value);
    parameters.sort_unstable_by(|(name, value): &Parameter<'_>, (other, its)| {
        name.cmp(other).then_with(|| decoded(value).cmp(decoded(its)))
    });
    Ok(parameters)
}

/// Writes a line for each name, with its values between commas.
fn push_lines(out: &mut Text, parameters: &[Parameter<'_>]) -> Result<(), Error> {
    let mut last: Option<&str> = None;
    for (name, value) in parameters {
        if last == Some(name) {
            out.push(',');
        } else {
            out.push('\n');
            out.push_str(name);
            out.push(':');
        }
        push_value(out, name, value)?;
        last = Some(name);
    }
    Ok(())
}

/// Writes the component that is addressed, such as `?comp=metadata`, if one is.
fn push_comp(out: &mut Text, parameters: &[Parameter<'_>]) -> Result<(), Error> {
    let components = parameters.iter().filter(|(name, _)| name == "comp");
    for (at, (name, value)) in components.enumerate() {
        out.push_str(if at == 0 { "?comp=" } else { "," });
        push_value(out, name, value)?;
    }
    Ok(())
}

fn push_value(out: &mut Text, name: &str, value: &str) -> Result<(), Error> {
    out.push_decoded(value).map_err(|source| {
        let message = format!(
            "the value of the query parameter {name:?} is not UTF-8 once it is decoded, which cannot be signed"
        );
        Error::new(ErrorKind::InvalidRequest, message).because(source)
    })
}

/// The name of a parameter, decoded and in lower case. Most are so as they are sent.
fn lower_name(sent: &str) -> Result<Cow<'_, str>, Utf8Error> {
    let plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'%';
    if sent.bytes().all(plain) {
        return Ok(Cow::Borrowed(sent));
    }
    let decoded = percent_decode_str(sent).decode_utf8()?;
    Ok(Cow::Owned(decoded.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn resource_at(uri: &str, host: Option<&str>, primary_path: bool) -> Result<String, Error> {
        let mut request = Request::get(uri);
        if let Some(host) = host {
            request = request.header(HOST, host);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let mut out = Text::new();
        let account = "acct".parse().unwrap();
        let reading = Reading {
            primary_path,
            ..Reading::SIGNED
        };
        push_resource(&mut out, &account, &parts, reading, SignedQuery::Lines)?;
        Ok(out.to_str().into_owned())
    }

    fn resource(uri: &str) -> String {
        resource_at(uri, None, true).unwrap()
    }

    #[test]
    fn the_path_is_signed_as_it_is_sent() {
        assert_eq!(resource("https://acct.blob.example"), "/acct/");
        assert_eq!(
            resource("https://acct.blob.example/c/a%20b%2F+ü"),
            "/acct/c/a%20b%2F+ü"
        );
        assert_eq!(resource("http://127.0.0.1:10000/acct/c"), "/acct/acct/c");
        assert_eq!(resource("/c/b?"), "/acct/c/b");
    }

    #[test]
    fn parameters_are_decoded_lowered_sorted_and_joined() {
        for (query, lines) in [
            ("restype=container&comp=list", "\ncomp:list\nrestype:container"),
            ("Prefix=A%2Fb&COMP=x", "\ncomp:x\nprefix:A/b"),
            ("a=2&A=1&a=3", "\na:1,2,3"),
            ("a=%7E&a=Z&a=%5A&a=b", "\na:Z,Z,b,~"),
            ("blank=&bare&=unnamed", "\n:unnamed\nbare:\nblank:"),
            ("a=b=c+d&&", "\na:b=c+d"),
            ("%41=%C3%BC", "\na:ü"),
            ("a_b=1&a1=2&a=3", "\na:3\na1:2\na_b:1"),
        ] {
            assert_eq!(
                resource(&format!("/?{query}")),
                format!("/acct/{lines}"),
                "{query}"
            );
        }
    }

    #[test]
    fn of_the_query_the_component_alone_may_be_signed() {
        for (query, signed) in [
            ("", ""),
            ("timeout=20", ""),
            ("timeout=20&comp=metadata&a=%FF", "?comp=metadata"),
            ("COMP=block%6Cist&blocklisttype=all", "?comp=blocklist"),
            ("comp=b&comp=a", "?comp=a,b"),
            ("comp", "?comp="),
        ] {
            let (parts, ()) = Request::get(format!("/c?{query}")).body(()).unwrap().into_parts();
            let mut out = Text::new();
            push_resource(
                &mut out,
                &"acct".parse().unwrap(),
                &parts,
                Reading::SIGNED,
                SignedQuery::Comp,
            )
            .unwrap();
            assert_eq!(out.to_str(), format!("/acct/c{signed}"), "{query}");
        }
    }

    #[test]
    fn a_query_that_is_no_text_is_an_error_that_names_the_parameter() {
        let error = resource_at("/?prefix=%FF", None, true).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the value of the query parameter \"prefix\" is not UTF-8 once it is decoded, which cannot be signed"
        );
        let error = resource_at("/?%FF=planted", None, true).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the name of a query parameter is not UTF-8 once it is decoded, which cannot be signed"
        );
    }

    #[test]
    fn a_secondary_path_is_read_as_the_primary_one() {
        assert_eq!(
            resource("http://127.0.0.1:10000/acct-secondary/c"),
            "/acct/acct/c"
        );
        assert_eq!(resource("/acct-secondary"), "/acct/acct");
        assert_eq!(
            resource_at("/acct-secondary/c", Some("localhost:10000"), true).unwrap(),
            "/acct/acct/c"
        );
        assert_eq!(
            resource_at("/acct-secondary/c", None, false).unwrap(),
            "/acct/acct-secondary/c"
        );
        assert_eq!(resource("/acct-secondaryish/c"), "/acct/acct-secondaryish/c");
        assert_eq!(resource("/other-secondary/c"), "/acct/other-secondary/c");
    }

    #[test]
    fn a_container_with_the_name_of_a_secondary_keeps_it() {
        for host in ["acct.blob.example", "ACCT-secondary.blob.example"] {
            let uri = format!("https://{host}/acct-secondary/b");
            assert_eq!(resource(&uri), "/acct/acct-secondary/b");
            assert_eq!(
                resource_at("/acct-secondary/b", Some(host), true).unwrap(),
                "/acct/acct-secondary/b"
            );
        }
    }
}

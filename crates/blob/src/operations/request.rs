//! What the requests of all operations share.

use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use lazuli_protocol::{Body, CopySourceTags, Error, ErrorKind, LeaseId, Md5, Operation, UriBuilder, header};

use crate::CustomerKey;

/// A request of the operation `O`, which the layers below learn from its extensions.
pub(super) fn request<O: Operation>(method: Method, uri: Uri, body: Body) -> Request<Body> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("application/xml"));
    request.extensions_mut().insert(O::INFO);
    request
}

/// The URL of an older state of a blob, where one is asked for.
pub(super) fn of_state(uri: UriBuilder, snapshot: Option<&str>, version_id: Option<&str>) -> UriBuilder {
    uri.query_if("snapshot", snapshot)
        .query_if("versionid", version_id)
}

/// Sets a header to a text that a caller gave.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Error> {
    let sent = HeaderValue::from_str(value).map_err(|source| {
        let message = format!("the value of {name} cannot stand in a header: use visible ASCII");
        Error::new(ErrorKind::InvalidInput, message).with_source(source)
    })?;
    headers.insert(name, sent);
    Ok(())
}

/// Sets a header if there is a value.
pub(super) fn set_if(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) -> Result<(), Error> {
    value.map_or(Ok(()), |value| set(headers, name, value))
}

/// Shows the lease that the caller holds.
pub(super) fn set_lease(headers: &mut HeaderMap, id: Option<LeaseId>) -> Result<(), Error> {
    if let Some(id) = id {
        headers.insert(header::LEASE_ID, id.header_value()?);
    }
    Ok(())
}

/// Says what the blob is encrypted with. A key of the customer's own and a scope exclude each other.
pub(super) fn set_encryption(
    headers: &mut HeaderMap,
    key: &Option<CustomerKey>,
    scope: &Option<String>,
) -> Result<(), Error> {
    if key.is_some() && scope.is_some() {
        let message = "a blob is encrypted with a customer-provided key or with a scope, not with both";
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    set_customer_key(headers, key)?;
    set_if(headers, header::ENCRYPTION_SCOPE, scope.as_deref())
}

/// Shows the customer's own key that the blob is encrypted with.
pub(super) fn set_customer_key(headers: &mut HeaderMap, key: &Option<CustomerKey>) -> Result<(), Error> {
    key.as_ref().map_or(Ok(()), |key| key.apply(headers))
}

/// Sets a header to an MD5, if there is one.
pub(super) fn set_md5(headers: &mut HeaderMap, name: HeaderName, md5: Option<Md5>) -> Result<(), Error> {
    md5.map_or(Ok(()), |md5| set(headers, name, &md5.to_string()))
}

/// Says what becomes of the tags of a copy's source. Tags of its own are set before; it has either.
pub(super) fn set_source_tags(headers: &mut HeaderMap, tags: Option<&CopySourceTags>) -> Result<(), Error> {
    if tags == Some(&CopySourceTags::Copy) && headers.contains_key(header::TAGS) {
        let message = "a copy has the tags of its source or tags of its own, not both";
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    set_if(
        headers,
        header::COPY_SOURCE_TAG_OPTION,
        tags.map(CopySourceTags::as_str),
    )
}

//! Requests within a request: a batch, each part of which has a signature of its own.

use http::header::CONTENT_LENGTH;
use http::request::Parts;
use lazuli_protocol::{BatchRequest, Body};
use lazuli_signing::Credential;
use time::OffsetDateTime;

/// Signs the requests of a batch, if this is one, and gives it the body that they make. Its length is known only now.
pub(super) fn sign_parts(
    parts: &mut Parts,
    body: Body,
    credential: &Credential,
    now: OffsetDateTime,
) -> Result<Body, lazuli_signing::Error> {
    let Some(batch) = parts.extensions.get::<BatchRequest>() else {
        return Ok(body);
    };
    let signed = batch.body(|request| credential.apply(request, now))?;
    parts.headers.insert(CONTENT_LENGTH, signed.len().into());
    Ok(Body::from(signed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use lazuli_signing::{
        AccountKey, BearerToken, EMULATOR_ACCOUNT, EMULATOR_KEY, SasToken, SharedKey, string_to_sign,
    };
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-02 03:04:05 UTC);

    fn batch() -> (Parts, BatchRequest) {
        let delete = Request::delete("https://example.blob.core.windows.net/box/a?snapshot=s");
        let (delete, ()) = delete.body(()).unwrap().into_parts();
        let batch = BatchRequest::new(vec![delete.clone(), delete]).unwrap();
        let outer =
            Request::post("https://example.blob.core.windows.net/?comp=batch").extension(batch.clone());
        (outer.body(()).unwrap().into_parts().0, batch)
    }

    fn signed(credential: impl Into<Credential>) -> (Parts, String) {
        let (mut parts, _) = batch();
        let body = sign_parts(&mut parts, Body::empty(), &credential.into(), NOW).unwrap();
        let text = String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap();
        (parts, text)
    }

    #[test]
    fn a_key_signs_each_request_without_a_version() {
        let key = SharedKey::new(
            EMULATOR_ACCOUNT.parse().unwrap(),
            AccountKey::from_base64(EMULATOR_KEY).unwrap(),
        );
        let (parts, body) = signed(key.clone());
        assert_eq!(parts.headers[CONTENT_LENGTH], body.len().to_string());
        assert!(!body.contains("x-ms-version"));
        assert_eq!(
            body.matches("x-ms-date: Fri, 02 Jan 2026 03:04:05 GMT\r\n")
                .count(),
            2
        );
        let (mut alone, ()) = Request::delete("https://example.blob.core.windows.net/box/a?snapshot=s")
            .body(())
            .unwrap()
            .into_parts();
        key.sign(&mut alone, NOW).unwrap();
        let line = format!(
            "authorization: {}\r\n",
            alone.headers["authorization"].to_str().unwrap()
        );
        assert_eq!(body.matches(&line).count(), 2, "{body}");
        // What the service reads has a length of zero, which is signed as none.
        alone.headers.insert(CONTENT_LENGTH, 0.into());
        alone.headers.remove("authorization");
        let account = EMULATOR_ACCOUNT.parse().unwrap();
        let with_length = string_to_sign(&account, &alone).unwrap();
        alone.headers.remove(CONTENT_LENGTH);
        assert_eq!(
            with_length.as_str(),
            string_to_sign(&account, &alone).unwrap().as_str()
        );
    }

    #[test]
    fn a_sas_goes_on_each_url_and_a_token_in_each_head() {
        let (_, body) = signed(SasToken::parse("sv=2026-06-06&sig=c2VjcmV0").unwrap());
        let line = "DELETE /box/a?snapshot=s&sv=2026-06-06&sig=c2VjcmV0 HTTP/1.1\r\n";
        assert_eq!(body.matches(line).count(), 2, "{body}");
        let (_, body) = signed(BearerToken::new("abc.def").unwrap());
        assert_eq!(
            body.matches("authorization: Bearer abc.def\r\n").count(),
            2,
            "{body}"
        );
        let (_, body) = signed(Credential::Anonymous);
        assert_eq!(
            body,
            String::from_utf8(batch().1.body(|_| Ok::<(), ()>(())).unwrap().to_vec()).unwrap()
        );
    }

    #[test]
    fn what_is_no_batch_keeps_its_body() {
        let (mut parts, ()) = Request::put("https://a/").body(()).unwrap().into_parts();
        let body = sign_parts(&mut parts, Body::from("content"), &Credential::Anonymous, NOW).unwrap();
        assert_eq!(body.as_bytes(), Some(b"content".as_slice()));
        assert!(parts.headers.is_empty());
    }
}

//! Challenges of continuous access evaluation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::bench::Bench;

#[tokio::test]
async fn a_good_token_is_refused_once() {
    const CLAIMS: &str = r#"{"access_token":{"nbf":{"essential":true,"value":"1772366400"}}}"#;
    let bench = Bench::new();
    let token = bench.token().await;
    bench.entra.challenge(CLAIMS);
    // A token that is bad is refused for that, and the challenge waits.
    let bad = bench.list("a.b.c").await.expect(401);
    assert!(!bad.header("www-authenticate").contains("insufficient_claims"));
    let answer = bench.list(&token).await.expect(401);
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.starts_with("Bearer ") && challenge.contains(r#"error="insufficient_claims""#),
        "{challenge}"
    );
    let (_, claims) = challenge.split_once(r#"claims=""#).unwrap();
    let claims = STANDARD.decode(claims.split_once('"').unwrap().0).unwrap();
    assert_eq!(String::from_utf8(claims.clone()).unwrap(), CLAIMS);
    let fresh = bench.ask(&[("claims", CLAIMS)]).await.expect(200).token();
    bench.list(&fresh).await.expect(200);
}

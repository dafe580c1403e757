//! The cache under services that refuse what it has.

use super::*;

#[tokio::test]
async fn a_refusal_makes_one_request_for_all_who_met_it() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    mint.clock.advance(Duration::from_secs(60));
    let refused = refused(
        &first,
        401,
        "Bearer authorization_uri=https://h/t/oauth2/authorize",
    );
    let callers: Vec<_> = (0..1000)
        .map(|_| {
            let (source, refused) = (source.clone(), refused.clone());
            tokio::spawn(async move { number(&source.renew(&refused).await.unwrap().unwrap()) })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), 2);
    }
    assert_eq!(mint.asked(), 2);
    let asked = mint.asked.lock().unwrap();
    assert_eq!(asked[1].as_ref().unwrap().tenant(), Some("t"));
}

#[tokio::test]
async fn only_what_may_be_stale_is_made_anew() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    let young = refused(&first, 401, "Bearer realm=x");
    assert!(
        source.renew(&young).await.unwrap().is_none(),
        "it was made a moment ago"
    );
    let claims = refused(
        &first,
        401,
        "Bearer error=\"insufficient_claims\", claims=\"e30=\"",
    );
    assert_eq!(number(&source.renew(&claims).await.unwrap().unwrap()), 2);
    mint.clock.advance(Duration::from_secs(60));
    let second = source.credential().await.unwrap();
    let forbidden = refused(&second, 403, "AuthorizationPermissionMismatch");
    assert!(source.renew(&forbidden).await.unwrap().is_none());
    let stale = refused(&second, 403, "AuthenticationFailed");
    assert_eq!(number(&source.renew(&stale).await.unwrap().unwrap()), 3);
    assert_eq!(mint.asked(), 3);
}

const CLAIMS: [&str; 2] = [
    "Bearer error=\"insufficient_claims\", claims=\"e30=\"",
    "Bearer error=\"insufficient_claims\", claims=\"eyJhIjoxfQ==\"",
];

#[tokio::test]
async fn claims_are_not_lost_to_a_renewal_that_is_under_way() {
    let mint = Mint::new(1);
    let source = mint.source();
    let first = source.credential().await.unwrap();
    mint.clock.advance(HOUR * 9 / 10);
    assert_eq!(get(&source).await, Ok(1), "and the second is on its way");
    let refused = refused(&first, 401, CLAIMS[0]);
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let (source, refused) = (source.clone(), refused.clone());
            tokio::spawn(async move { number(&source.renew(&refused).await.unwrap().unwrap()) })
        })
        .collect();
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    mint.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), 3);
    }
    assert_eq!((mint.asked(), get(&source).await), (3, Ok(3)));
    let asked = mint.asked.lock().unwrap();
    assert_eq!(asked[2].as_ref().unwrap().claims(), Some("{}"));
}

#[tokio::test]
async fn claims_are_asked_for_where_a_renewal_was_quicker() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    mint.clock.advance(HOUR);
    assert_eq!(get(&source).await, Ok(2));
    let claims = refused(&first, 401, CLAIMS[0]);
    assert_eq!(number(&source.renew(&claims).await.unwrap().unwrap()), 3);
    let none = refused(&first, 401, "Bearer realm=x");
    assert_eq!(number(&source.renew(&none).await.unwrap().unwrap()), 3);
    assert_eq!(mint.asked(), 3);
}

#[tokio::test]
async fn callers_who_ask_for_different_claims_make_a_request_for_each_kind() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    let callers: Vec<_> = (0..1000)
        .map(|at| {
            let (source, refused) = (source.clone(), refused(&first, 401, CLAIMS[at % 2]));
            tokio::spawn(async move { source.renew(&refused).await.unwrap().is_some() })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap());
    }
    assert_eq!(mint.asked(), 3);
    // A service that is never content gets one try each ten seconds.
    let mut held = source.credential().await.unwrap();
    for _ in 0..100 {
        if let Some(fresh) = source.renew(&refused(&held, 401, CLAIMS[1])).await.unwrap() {
            held = fresh;
        }
        mint.clock.advance(Duration::from_millis(500));
    }
    assert!((7..10).contains(&mint.asked()), "{}", mint.asked());
}

#[tokio::test]
async fn the_tenant_that_a_service_names_is_asked_at_once_and_kept() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    let tenant = "Bearer authorization_uri=https://h/other/oauth2/authorize resource_id=r";
    let second = source
        .renew(&refused(&first, 401, tenant))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(number(&second), 2);
    assert!(
        source
            .renew(&refused(&second, 401, tenant))
            .await
            .unwrap()
            .is_none(),
        "it was asked for already"
    );
    mint.clock.advance(HOUR);
    assert_eq!(get(&source).await, Ok(3));
    let tenants: Vec<_> = {
        let asked = mint.asked.lock().unwrap();
        let tenants = asked
            .iter()
            .map(|challenge| challenge.as_ref().and_then(Challenge::tenant));
        tenants.map(|tenant| tenant.map(str::to_owned)).collect()
    };
    assert_eq!(
        tenants,
        [None, Some("other".to_owned()), Some("other".to_owned())]
    );
}

#[tokio::test]
async fn the_tenant_is_kept_where_a_refusal_names_none() {
    let mint = Mint::open();
    let source = mint.source();
    let mut held = source.credential().await.unwrap();
    for refusal in [
        (401, "Bearer authorization_uri=https://h/other/oauth2/authorize"),
        (401, CLAIMS[1]),
        (403, "AuthenticationFailed"),
        (401, "Bearer authorization_uri=https://h/third/oauth2/authorize"),
    ] {
        mint.clock.advance(Duration::from_secs(60));
        let refused = refused(&held, refusal.0, refusal.1);
        held = source.renew(&refused).await.unwrap().unwrap();
    }
    let asked = mint.asked.lock().unwrap();
    let asked: Vec<_> = asked
        .iter()
        .flatten()
        .map(|challenge| (challenge.tenant().unwrap(), challenge.claims()))
        .collect();
    let claims = Some(r#"{"a":1}"#);
    assert_eq!(
        asked,
        [
            ("other", None),
            ("other", claims),
            ("other", None),
            ("third", None)
        ]
    );
}

#[tokio::test]
async fn ever_new_demands_are_met_so_many_times_only() {
    use base64::Engine as _;
    for failures in [0, 1000] {
        let mint = Mint::open();
        let source = mint.source();
        let mut held = source.credential().await.unwrap();
        mint.fail_next(failures);
        for number in 0..100 {
            let claims = base64::engine::general_purpose::STANDARD.encode(format!("{{\"a\":{number}}}"));
            let text = format!("Bearer error=\"insufficient_claims\", claims=\"{claims}\"");
            let refused = refused(&held, 401, Box::leak(text.into_boxed_str()));
            if let Ok(Some(fresh)) = source.renew(&refused).await {
                held = fresh;
            }
        }
        assert_eq!(mint.asked(), 9, "{failures}");
        mint.clock.advance(Duration::from_secs(10));
        assert!(source.credential().await.is_ok());
    }
}

#[tokio::test]
async fn what_one_service_asks_for_in_vain_keeps_nobody_from_theirs() {
    let mint = Mint::open();
    let picky = Arc::clone(&mint);
    let source = Renewing::new(issuer_fn(move |challenge: Option<Challenge>| {
        let mint = Arc::clone(&picky);
        async move {
            if challenge.is_some() {
                return Err("that tenant is not allowed".into());
            }
            let number = {
                let mut asked = mint.asked.lock().unwrap();
                asked.push(None);
                asked.len()
            };
            let expires = lazuli_protocol::Clock::now(&*mint.clock) + HOUR;
            Ok(Issued::new(BearerToken::new(format!("token-{number}"))?, expires))
        }
    }));
    let source = source.clock(Arc::<ManualClock>::clone(&mint.clock));
    let hostile = "Bearer authorization_uri=https://h/evil/oauth2/authorize";
    let mut refusals = 0;
    for _ in 0..7200 {
        let held = source.credential().await.unwrap();
        // Where a renewal has just ended, its credential is the better one.
        if let Err(refusal) = source.renew(&refused(&held, 401, hostile)).await {
            assert_eq!(refusal.to_string(), "that tenant is not allowed");
            refusals += 1;
        }
        mint.clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    assert_eq!(mint.asked(), 3, "once, and then at 48 and at 96 minutes");
    assert!(refusals > 7190, "{refusals}");
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_make_it_young() {
    let mint = Mint::open();
    let source = mint.source();
    let first = source.credential().await.unwrap();
    mint.clock.set(START - HOUR * 2);
    let stale = refused(&first, 401, "Bearer realm=x");
    assert_eq!(number(&source.renew(&stale).await.unwrap().unwrap()), 2);
}

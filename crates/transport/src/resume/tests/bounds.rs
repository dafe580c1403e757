//! When it is enough, and what is said of it.

use std::time::Duration;

use super::*;
use crate::Backoff;
use crate::testing::logged;

fn millis(times: &[u64]) -> Vec<Duration> {
    times.iter().copied().map(Duration::from_millis).collect()
}

#[tokio::test(start_paused = true)]
async fn three_in_a_row_without_a_byte_are_enough() {
    let mut steps = vec![whole(vec![data("0123"), Piece::Break])];
    steps.extend(vec![rest(4, vec![data(""), Piece::Break]); 3]);
    steps.push(rest(4, vec![data("456789")]));
    let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    let error = outcome.unwrap_err();
    assert_eq!((text.as_str(), own(&error).kind()), ("0123", ErrorKind::Body));
    assert_eq!(
        error.to_string(),
        "the download failed at byte 4, after 3 resumptions: it broke off once more"
    );
    assert!(is_reset(own(&error)) && own(&error).is_retryable());
    assert_eq!(script.waits(), millis(&[0, 500, 1000]));
}

#[tokio::test(start_paused = true)]
async fn a_byte_begins_the_row_anew() {
    let mut steps = vec![whole(vec![data("0"), Piece::Break])];
    for (first, byte) in (1..9).zip(["1", "2", "3", "4", "5", "6", "7", "8"]) {
        steps.push(rest(first, vec![Piece::Break]));
        steps.push(rest(first, vec![Piece::Break]));
        steps.push(rest(first, vec![data(byte), Piece::Break]));
    }
    steps.push(rest(9, vec![data("9")]));
    let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
    assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true));
    assert_eq!(script.waits()[..6], millis(&[0, 500, 1000, 0, 500, 1000]));
}

#[tokio::test(start_paused = true)]
async fn there_is_an_end_to_all_progress() {
    let policy = ResumePolicy::default().in_all(2);
    let steps = vec![
        whole(vec![data("01"), Piece::Break]),
        rest(2, vec![data("23"), Piece::Break]),
        rest(4, vec![data("45"), Piece::Break]),
        rest(6, vec![data("6789")]),
    ];
    let (script, text, outcome) = run(policy, steps, get()).await;
    assert_eq!((text.as_str(), script.seen().len()), ("012345", 3));
    assert!(
        outcome
            .unwrap_err()
            .to_string()
            .contains("byte 6, after 2 resumptions")
    );
}

#[tokio::test(start_paused = true)]
async fn never_is_never() {
    for policy in [ResumePolicy::never(), ResumePolicy::default().without_progress(0)] {
        let (script, text, outcome) = run(policy, vec![whole(vec![data("01"), Piece::Break])], get()).await;
        assert_eq!((text.as_str(), script.seen().len()), ("01", 1));
        assert!(outcome.unwrap_err().is::<std::io::Error>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_cannot_be_made_counts_as_a_break() {
    for kind in [ErrorKind::Connect, ErrorKind::Connection, ErrorKind::Timeout] {
        let broken = || whole(vec![data("0123"), Piece::Break]);
        let steps = vec![
            broken(),
            Step::Fail(kind),
            Step::Fail(kind),
            rest(4, vec![data("456789")]),
        ];
        let (script, text, outcome) = run(ResumePolicy::default(), steps, get()).await;
        assert_eq!((text.as_str(), outcome.is_ok()), ("0123456789", true), "{kind:?}");
        assert_eq!(script.waits(), millis(&[0, 500, 1000]));

        let mut steps = vec![Step::Fail(kind); 3];
        steps.insert(0, broken());
        let (script, _, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        assert_eq!((own(&error).kind(), script.seen().len()), (ErrorKind::Body, 4));
        assert!(is_reset(own(&error)));
        assert!(
            error
                .to_string()
                .ends_with("after 3 resumptions: the rest could not be asked for: the script says so"),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_another_try_would_not_change_is_the_end() {
    for kind in [ErrorKind::Credential, ErrorKind::Tls] {
        let steps = vec![whole(vec![data("0123"), Piece::Break]), Step::Fail(kind)];
        let (script, _, outcome) = run(ResumePolicy::default(), steps, get()).await;
        let error = outcome.unwrap_err();
        assert_eq!((own(&error).kind(), script.seen().len()), (kind, 2));
        assert!(is_reset(own(&error)));
    }
}

#[tokio::test(start_paused = true)]
async fn waits_have_a_limit_and_can_be_chosen() {
    let policy = ResumePolicy::default()
        .without_progress(9)
        .backoff(Backoff::Exponential(Duration::from_secs(10)));
    let steps = vec![rest(0, vec![]); 9];
    let (script, _, outcome) = run(policy, steps, get()).await;
    assert!(outcome.is_err());
    assert_eq!(script.waits()[..5], millis(&[0, 10_000, 20_000, 30_000, 30_000]));
}

#[tokio::test(start_paused = true)]
async fn each_resumption_is_a_warning_without_secrets() {
    let mut request = get();
    *request.uri_mut() = format!("{}?sig=c2VjcmV0", crate::testing::URL).parse().unwrap();
    let steps = vec![
        whole(vec![data("0123"), Piece::Break]),
        rest(4, vec![Piece::Break]),
        rest(4, vec![data("456789")]),
    ];
    let ((_, _, outcome), lines) = logged(run(ResumePolicy::default(), steps, request)).await;
    outcome.unwrap();
    let text = lines.join("\n");
    let warnings: Vec<_> = text
        .lines()
        .filter(|line| line.contains("WARN") && line.contains("the download goes on where it broke off"))
        .collect();
    assert_eq!(warnings.len(), 2, "{text}");
    assert!(
        warnings
            .iter()
            .all(|line| line.contains("position=4") && line.contains("box/blob")),
        "{text}"
    );
    assert!(!text.contains("c2VjcmV0"), "{text}");
}

//! How a blob stands with object replication: from where it was copied here, or where it is copied to.

use http::HeaderMap;
use lazuli_protocol::{Answer, header};

const RULES: &str = "x-ms-or-";

/// How a blob stands with the policies that replicate it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replication {
    /// At the destination: the policy that has copied the blob here.
    pub policy_id: Option<String>,
    /// At the source: the rules that the blob is copied by.
    pub rules: Vec<ReplicationRule>,
}

/// How the copies by a rule stand.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicationRule {
    /// The policy that the rule is part of.
    pub policy_id: String,
    /// The rule.
    pub rule_id: String,
    /// How the copy stands: `complete` or `failed`.
    pub status: String,
}

impl Replication {
    pub(crate) fn read(answer: &Answer) -> Self {
        Self {
            policy_id: answer.string(&header::OR_POLICY_ID),
            rules: rules(answer.headers()),
        }
    }
}

fn rules(headers: &HeaderMap) -> Vec<ReplicationRule> {
    let rules = headers.iter().filter_map(|(name, value)| {
        let (policy_id, rule_id) = name.as_str().strip_prefix(RULES)?.split_once('_')?;
        Some(ReplicationRule {
            policy_id: policy_id.to_owned(),
            rule_id: rule_id.to_owned(),
            status: value.to_str().ok()?.to_owned(),
        })
    });
    let mut rules: Vec<_> = rules.collect();
    rules.sort_by(|a, b| (&a.policy_id, &a.rule_id).cmp(&(&b.policy_id, &b.rule_id)));
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_from_the_policy_that_copied() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-ms-or-policy-id", "p0"),
            ("x-ms-or-p2_r1", "failed"),
            ("x-ms-or-p1_r1", "complete"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        let rules = rules(&headers);
        let shown: Vec<_> = rules
            .iter()
            .map(|rule| {
                (
                    rule.policy_id.as_str(),
                    rule.rule_id.as_str(),
                    rule.status.as_str(),
                )
            })
            .collect();
        assert_eq!(shown, [("p1", "r1", "complete"), ("p2", "r1", "failed")]);
    }
}

//! The properties of the Blob service of an account: the body of Get and Set Blob Service Properties.

mod read;
mod write;

use crate::{Error, ErrorKind, limits};

/// The properties of the Blob service. What is `None` is left as it is when they are set.
///
/// ```
/// use lazuli_protocol::xml::{BlobServiceProperties, RetentionPolicy};
///
/// let mut properties = BlobServiceProperties::default();
/// properties.delete_retention_policy = Some(RetentionPolicy::for_days(7));
/// assert!(properties.to_xml().contains("<DeleteRetentionPolicy><Enabled>true</Enabled><Days>7</Days></DeleteRetentionPolicy>"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlobServiceProperties {
    /// What is logged of requests.
    pub logging: Option<Logging>,
    /// What is counted each hour.
    pub hour_metrics: Option<Metrics>,
    /// What is counted each minute.
    pub minute_metrics: Option<Metrics>,
    /// Which pages of other origins may read and write, at most five rules. An empty list takes all rules away.
    pub cors: Option<Vec<CorsRule>>,
    /// The version of the protocol that requests are read by which name none.
    pub default_service_version: Option<String>,
    /// How long deleted blobs can be brought back.
    pub delete_retention_policy: Option<RetentionPolicy>,
    /// Whether the container `$web` is served as a site.
    pub static_website: Option<StaticWebsite>,
}

/// How long something is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetentionPolicy {
    /// Whether it is kept at all, or, for logs and metrics, whether it goes by itself.
    pub enabled: bool,
    /// How long, 1 to 365 days.
    pub days: Option<u32>,
    /// Whether somebody who may can delete for good what is still kept.
    pub allow_permanent_delete: Option<bool>,
}

/// What is logged of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logging {
    /// The version of the logs; `1.0` when it is empty.
    pub version: String,
    /// Deletes.
    pub delete: bool,
    /// Reads.
    pub read: bool,
    /// Writes.
    pub write: bool,
    /// How long the logs are kept.
    pub retention_policy: RetentionPolicy,
}

/// What is counted of requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// The version of the metrics; `1.0` when it is `None`.
    pub version: Option<String>,
    /// Whether anything is counted.
    pub enabled: bool,
    /// Whether each operation is counted by itself. The service takes it only where something is counted.
    pub include_apis: Option<bool>,
    /// How long the counts are kept.
    pub retention_policy: Option<RetentionPolicy>,
}

/// What pages of some other origins may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CorsRule {
    /// The origins, such as `https://example.com`; `*` for all.
    pub allowed_origins: Vec<String>,
    /// The methods, such as `GET`.
    pub allowed_methods: Vec<String>,
    /// The headers that a page may send; a `*` at the end of one stands for any letters.
    pub allowed_headers: Vec<String>,
    /// The headers of answers that a page may read.
    pub exposed_headers: Vec<String>,
    /// How long a browser may keep the answer to its question, in seconds.
    pub max_age_seconds: u32,
}

/// Whether the container `$web` is served as a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaticWebsite {
    /// Whether it is.
    pub enabled: bool,
    /// The blob that is served for a folder, by its last segment: `index.html`.
    pub index_document: Option<String>,
    /// The blob that is served where there is none, by its whole name.
    pub error_document_404_path: Option<String>,
    /// The blob that is served for the site itself, by its whole name.
    pub default_index_document_path: Option<String>,
}

impl RetentionPolicy {
    /// Nothing is kept; of logs and metrics, everything until somebody deletes it.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// Kept for so many days, 1 to 365.
    #[must_use]
    pub fn for_days(days: u32) -> Self {
        Self {
            enabled: true,
            days: Some(days),
            allow_permanent_delete: None,
        }
    }

    /// Whether somebody who may can delete for good what is still kept.
    #[must_use]
    pub fn allow_permanent_delete(mut self, allowed: bool) -> Self {
        self.allow_permanent_delete = Some(allowed);
        self
    }
}

impl CorsRule {
    /// Lets pages of these origins use these methods, with any headers.
    pub fn new<S: Into<String>>(
        origins: impl IntoIterator<Item = S>,
        methods: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            allowed_origins: origins.into_iter().map(Into::into).collect(),
            allowed_methods: methods.into_iter().map(Into::into).collect(),
            allowed_headers: vec!["*".to_owned()],
            exposed_headers: vec!["*".to_owned()],
            max_age_seconds: 0,
        }
    }
}

impl StaticWebsite {
    /// No site.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// A site with this blob for its folders: `index.html`.
    pub fn new(index_document: impl Into<String>) -> Self {
        Self {
            enabled: true,
            index_document: Some(index_document.into()),
            ..Self::default()
        }
    }

    /// The blob that is served where there is none.
    #[must_use]
    pub fn error_document(mut self, path: impl Into<String>) -> Self {
        self.error_document_404_path = Some(path.into());
        self
    }
}

impl BlobServiceProperties {
    /// Checks what the service would refuse.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] for more than five rules, or days that are not 1 to 365.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidInput, message));
        let rules = self.cors.as_ref().map_or(0, Vec::len);
        if rules > limits::CORS_RULES {
            return refuse(format!(
                "a service has at most {} CORS rules, not {rules}",
                limits::CORS_RULES
            ));
        }
        let metrics = [&self.hour_metrics, &self.minute_metrics].into_iter().flatten();
        let policies = metrics
            .filter_map(|metrics| metrics.retention_policy.as_ref())
            .chain(self.logging.as_ref().map(|logging| &logging.retention_policy))
            .chain(&self.delete_retention_policy);
        for policy in policies {
            match policy.days {
                Some(days) if !(1..=365).contains(&days) => {
                    return refuse(format!("a service keeps things for 1 to 365 days, not {days}"));
                }
                None if policy.enabled => {
                    return refuse("a retention policy that is on says for how many days".to_owned());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><StorageServiceProperties><Logging><Version>1.0</Version>\
        <Read>true</Read><Write>false</Write><Delete>true</Delete><RetentionPolicy><Enabled>true</Enabled><Days>5</Days></RetentionPolicy>\
        </Logging><HourMetrics><Version>1.0</Version><Enabled>true</Enabled><IncludeAPIs>true</IncludeAPIs><RetentionPolicy>\
        <Enabled>true</Enabled><Days>3</Days></RetentionPolicy></HourMetrics><MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>\
        <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics><Cors><CorsRule><AllowedMethods>GET,PUT</AllowedMethods>\
        <AllowedOrigins>example.com, https://a</AllowedOrigins><AllowedHeaders>*</AllowedHeaders><ExposedHeaders /><MaxAgeInSeconds>888888\
        </MaxAgeInSeconds></CorsRule></Cors><DeleteRetentionPolicy><Enabled>true</Enabled><AllowPermanentDelete>false</AllowPermanentDelete>\
        <Days>1</Days></DeleteRetentionPolicy><StaticWebsite><Enabled>true</Enabled><IndexDocument>index.html</IndexDocument>\
        <ErrorDocument404Path>404.html</ErrorDocument404Path></StaticWebsite><DefaultServiceVersion>2018-03-28</DefaultServiceVersion>\
        <Later><X/></Later></StorageServiceProperties>";

    #[test]
    fn an_answer_is_read_and_written_again() {
        let properties = BlobServiceProperties::parse(ANSWER.as_bytes()).unwrap();
        let logging = properties.logging.as_ref().unwrap();
        assert_eq!((logging.read, logging.write, logging.delete), (true, false, true));
        assert_eq!(logging.retention_policy, RetentionPolicy::for_days(5));
        let minutes = properties.minute_metrics.as_ref().unwrap();
        assert_eq!((minutes.enabled, minutes.include_apis), (false, None));
        let [rule] = properties.cors.as_deref().unwrap() else {
            panic!("{properties:?}")
        };
        assert_eq!(rule.allowed_origins, ["example.com", "https://a"]);
        assert_eq!(rule.allowed_methods, ["GET", "PUT"]);
        assert!(rule.exposed_headers.is_empty());
        assert_eq!(rule.max_age_seconds, 888_888);
        let kept = RetentionPolicy::for_days(1).allow_permanent_delete(false);
        assert_eq!(properties.delete_retention_policy, Some(kept));
        let site = StaticWebsite::new("index.html").error_document("404.html");
        assert_eq!(properties.static_website, Some(site));
        properties.check().unwrap();
        assert_eq!(
            BlobServiceProperties::parse(properties.to_xml().as_bytes()).unwrap(),
            properties
        );
    }

    #[test]
    fn what_is_not_said_is_not_written() {
        let mut properties = BlobServiceProperties::default();
        assert!(
            properties
                .to_xml()
                .ends_with("<StorageServiceProperties></StorageServiceProperties>")
        );
        properties.cors = Some(Vec::new());
        properties.static_website = Some(StaticWebsite::off());
        assert!(properties.to_xml().ends_with(
            "<StorageServiceProperties><Cors></Cors><StaticWebsite><Enabled>false</Enabled></StaticWebsite></StorageServiceProperties>"
        ));
    }

    #[test]
    fn what_the_service_would_refuse_is_refused() {
        let rules = vec![CorsRule::new(["*"], ["GET"]); 6];
        let policy = |policy| BlobServiceProperties {
            delete_retention_policy: Some(policy),
            ..BlobServiceProperties::default()
        };
        let endless = RetentionPolicy {
            enabled: true,
            ..RetentionPolicy::default()
        };
        for bad in [
            BlobServiceProperties {
                cors: Some(rules),
                ..BlobServiceProperties::default()
            },
            policy(RetentionPolicy::for_days(0)),
            policy(RetentionPolicy::for_days(366)),
            policy(endless),
        ] {
            assert!(bad.check().is_err(), "{bad:?}");
        }
        policy(RetentionPolicy::off()).check().unwrap();
    }
}

//! How the properties are written.

use super::{BlobServiceProperties, CorsRule, Logging, Metrics, RetentionPolicy, StaticWebsite};
use crate::xml::writer::{element, element_if, flag, prolog};

/// The version of logs and of metrics.
const ANALYTICS_VERSION: &str = "1.0";

impl BlobServiceProperties {
    /// The XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = prolog();
        xml.push_str("<StorageServiceProperties>");
        if let Some(logging) = &self.logging {
            within(&mut xml, "Logging", |xml| logging.write(xml));
        }
        for (name, metrics) in [
            ("HourMetrics", &self.hour_metrics),
            ("MinuteMetrics", &self.minute_metrics),
        ] {
            if let Some(metrics) = metrics {
                within(&mut xml, name, |xml| metrics.write(xml));
            }
        }
        if let Some(rules) = &self.cors {
            within(&mut xml, "Cors", |xml| {
                for rule in rules {
                    within(xml, "CorsRule", |xml| rule.write(xml));
                }
            });
        }
        element_if(
            &mut xml,
            "DefaultServiceVersion",
            self.default_service_version.as_deref(),
        );
        if let Some(policy) = &self.delete_retention_policy {
            within(&mut xml, "DeleteRetentionPolicy", |xml| policy.write(xml));
        }
        if let Some(site) = &self.static_website {
            within(&mut xml, "StaticWebsite", |xml| site.write(xml));
        }
        xml.push_str("</StorageServiceProperties>");
        xml
    }
}

fn within(xml: &mut String, name: &str, write: impl FnOnce(&mut String)) {
    xml.extend(["<", name, ">"]);
    write(xml);
    xml.extend(["</", name, ">"]);
}

impl RetentionPolicy {
    fn write(&self, xml: &mut String) {
        flag(xml, "Enabled", self.enabled);
        element_if(xml, "Days", self.days.map(|days| days.to_string()).as_deref());
        if let Some(allowed) = self.allow_permanent_delete {
            flag(xml, "AllowPermanentDelete", allowed);
        }
    }
}

impl Logging {
    fn write(&self, xml: &mut String) {
        let version = Some(self.version.as_str()).filter(|version| !version.is_empty());
        element(xml, "Version", version.unwrap_or(ANALYTICS_VERSION));
        flag(xml, "Delete", self.delete);
        flag(xml, "Read", self.read);
        flag(xml, "Write", self.write);
        within(xml, "RetentionPolicy", |xml| self.retention_policy.write(xml));
    }
}

impl Metrics {
    fn write(&self, xml: &mut String) {
        element(
            xml,
            "Version",
            self.version.as_deref().unwrap_or(ANALYTICS_VERSION),
        );
        flag(xml, "Enabled", self.enabled);
        if let Some(include) = self.include_apis {
            flag(xml, "IncludeAPIs", include);
        }
        if let Some(policy) = &self.retention_policy {
            within(xml, "RetentionPolicy", |xml| policy.write(xml));
        }
    }
}

impl CorsRule {
    fn write(&self, xml: &mut String) {
        element(xml, "AllowedOrigins", &self.allowed_origins.join(","));
        element(xml, "AllowedMethods", &self.allowed_methods.join(","));
        element(xml, "AllowedHeaders", &self.allowed_headers.join(","));
        element(xml, "ExposedHeaders", &self.exposed_headers.join(","));
        element(xml, "MaxAgeInSeconds", &self.max_age_seconds.to_string());
    }
}

impl StaticWebsite {
    fn write(&self, xml: &mut String) {
        flag(xml, "Enabled", self.enabled);
        for (name, value) in [
            ("IndexDocument", &self.index_document),
            ("ErrorDocument404Path", &self.error_document_404_path),
            ("DefaultIndexDocumentPath", &self.default_index_document_path),
        ] {
            element_if(xml, name, value.as_deref());
        }
    }
}

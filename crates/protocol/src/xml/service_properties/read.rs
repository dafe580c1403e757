//! How the properties are read.

use super::{BlobServiceProperties, CorsRule, Logging, Metrics, RetentionPolicy, StaticWebsite};
use crate::Error;
use crate::xml::XmlReader;
use crate::xml::cell;
use crate::xml::list_blobs::some_text;

impl BlobServiceProperties {
    /// Reads the XML.
    ///
    /// # Errors
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) when it cannot be read.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = XmlReader::new(bytes)?;
        reader.root("StorageServiceProperties")?;
        let reader = &mut reader;
        let mut properties = Self::default();
        while let Some(element) = reader.child()? {
            match element.name() {
                "Logging" => properties.logging = Some(logging(reader)?),
                "HourMetrics" => properties.hour_metrics = Some(metrics(reader)?),
                "MinuteMetrics" => properties.minute_metrics = Some(metrics(reader)?),
                "Cors" => properties.cors = Some(cors(reader)?),
                "DefaultServiceVersion" => properties.default_service_version = some_text(reader)?,
                "DeleteRetentionPolicy" => properties.delete_retention_policy = Some(retention(reader)?),
                "StaticWebsite" => properties.static_website = Some(static_website(reader)?),
                _ => reader.skip()?,
            }
        }
        Ok(properties)
    }
}

fn yes(reader: &mut XmlReader<'_>) -> Result<bool, Error> {
    Ok(cell::read(reader)?.unwrap_or_default())
}

fn retention(reader: &mut XmlReader<'_>) -> Result<RetentionPolicy, Error> {
    let mut policy = RetentionPolicy::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Enabled" => policy.enabled = yes(reader)?,
            "Days" => policy.days = reader.text()?.parse().ok(),
            "AllowPermanentDelete" => policy.allow_permanent_delete = cell::read(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(policy)
}

fn logging(reader: &mut XmlReader<'_>) -> Result<Logging, Error> {
    let mut logging = Logging::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Version" => logging.version = reader.text()?.into_owned(),
            "Delete" => logging.delete = yes(reader)?,
            "Read" => logging.read = yes(reader)?,
            "Write" => logging.write = yes(reader)?,
            "RetentionPolicy" => logging.retention_policy = retention(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(logging)
}

fn metrics(reader: &mut XmlReader<'_>) -> Result<Metrics, Error> {
    let mut metrics = Metrics::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Version" => metrics.version = some_text(reader)?,
            "Enabled" => metrics.enabled = yes(reader)?,
            "IncludeAPIs" => metrics.include_apis = cell::read(reader)?,
            "RetentionPolicy" => metrics.retention_policy = Some(retention(reader)?),
            _ => reader.skip()?,
        }
    }
    Ok(metrics)
}

fn cors(reader: &mut XmlReader<'_>) -> Result<Vec<CorsRule>, Error> {
    let mut rules = Vec::new();
    while let Some(element) = reader.child()? {
        match element.name() {
            "CorsRule" => rules.push(cors_rule(reader)?),
            _ => reader.skip()?,
        }
    }
    Ok(rules)
}

fn cors_rule(reader: &mut XmlReader<'_>) -> Result<CorsRule, Error> {
    let mut rule = CorsRule::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "AllowedOrigins" => rule.allowed_origins = list(reader)?,
            "AllowedMethods" => rule.allowed_methods = list(reader)?,
            "AllowedHeaders" => rule.allowed_headers = list(reader)?,
            "ExposedHeaders" => rule.exposed_headers = list(reader)?,
            "MaxAgeInSeconds" => rule.max_age_seconds = reader.text()?.parse().unwrap_or_default(),
            _ => reader.skip()?,
        }
    }
    Ok(rule)
}

fn list(reader: &mut XmlReader<'_>) -> Result<Vec<String>, Error> {
    let text = reader.text()?;
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    Ok(parts.map(str::to_owned).collect())
}

fn static_website(reader: &mut XmlReader<'_>) -> Result<StaticWebsite, Error> {
    let mut site = StaticWebsite::default();
    while let Some(element) = reader.child()? {
        match element.name() {
            "Enabled" => site.enabled = yes(reader)?,
            "IndexDocument" => site.index_document = some_text(reader)?,
            "ErrorDocument404Path" => site.error_document_404_path = some_text(reader)?,
            "DefaultIndexDocumentPath" => site.default_index_document_path = some_text(reader)?,
            _ => reader.skip()?,
        }
    }
    Ok(site)
}

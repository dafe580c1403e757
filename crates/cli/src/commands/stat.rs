//! `lazuli stat`: all that the service tells of a blob.

use clap::Args;
use lazuli_blob::BlobProperties;
use serde_json::{Map, Value, json};

use super::date;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help;
use crate::location::{Location, Remote};
use crate::output::printable;
use crate::session::{Intent, Session};
use crate::size::size;

/// Show all properties of a blob
#[derive(Args, Debug)]
#[command(after_help = help::STAT)]
pub(crate) struct Arguments {
    /// The blob
    location: String,
}

pub(crate) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let remote = Location::parse_remote(&arguments.location)?;
    remote.required_container()?;
    if remote.is_folder() {
        return Err(
            Failure::usage(format!("{remote} is a folder, and stat describes one blob"))
                .help(format!("see what is in it with `lazuli ls --long {remote}`")),
        );
    }
    let connection = session.connect(&remote.place, Intent::Read).await?;
    let about = connection.about(format!("cannot read the properties of {remote}"), &remote);
    let properties = connection
        .blob(&remote)?
        .properties()
        .await
        .map_err(|error| about.blob(&error))?;
    let output = session.output();
    let described = describe(&remote, &properties);
    if output.is_json() {
        output.json(&described.into_iter().collect::<Map<_, _>>())?;
    } else {
        output.text(&lines(&described))?;
    }
    Ok(Exit::Done)
}

/// The properties under the names that they have in JSON. What the service left out is left out.
fn describe(remote: &Remote, properties: &BlobProperties) -> Vec<(String, Value)> {
    let text = |value: &Option<String>| value.clone().map(Value::from);
    macro_rules! shown {
        ($field:ident) => {
            properties
                .$field
                .as_ref()
                .map(|value| Value::from(value.to_string()))
        };
    }
    let metadata: Map<_, _> = properties
        .metadata
        .iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    let rows = [
        ("location", Some(remote.to_string().into())),
        ("name", Some(remote.path.as_str().into())),
        ("bytes", Some(properties.content_length.into())),
        ("blob_type", shown!(blob_type)),
        ("content_type", text(&properties.content_type)),
        ("content_encoding", text(&properties.content_encoding)),
        ("content_language", text(&properties.content_language)),
        ("content_disposition", text(&properties.content_disposition)),
        ("cache_control", text(&properties.cache_control)),
        ("content_md5", shown!(content_md5)),
        ("etag", Some(properties.etag.as_str().into())),
        (
            "last_modified",
            date::json(Some(properties.last_modified)).map(Value::from),
        ),
        (
            "creation_time",
            date::json(properties.creation_time).map(Value::from),
        ),
        ("version_id", text(&properties.version_id)),
        (
            "is_current_version",
            properties.is_current_version.map(Value::from),
        ),
        ("access_tier", shown!(access_tier)),
        (
            "access_tier_inferred",
            properties.access_tier_inferred.map(Value::from),
        ),
        (
            "access_tier_change_time",
            date::json(properties.access_tier_change_time).map(Value::from),
        ),
        ("smart_access_tier", shown!(smart_access_tier)),
        ("archive_status", shown!(archive_status)),
        ("rehydrate_priority", shown!(rehydrate_priority)),
        ("lease_status", shown!(lease_status)),
        ("lease_state", shown!(lease_state)),
        ("lease_duration", shown!(lease_duration)),
        ("copy_id", text(&properties.copy_id)),
        ("copy_status", shown!(copy_status)),
        ("copy_progress", text(&properties.copy_progress)),
        ("copy_source", shown!(copy_source)),
        (
            "copy_completion_time",
            date::json(properties.copy_completion_time).map(Value::from),
        ),
        (
            "copy_status_description",
            text(&properties.copy_status_description),
        ),
        (
            "server_encrypted",
            properties.encryption.by_service.map(Value::from),
        ),
        ("encryption_scope", text(&properties.encryption.scope)),
        (
            "committed_block_count",
            properties.committed_block_count.map(Value::from),
        ),
        ("sealed", properties.sealed.map(Value::from)),
        ("sequence_number", properties.sequence_number.map(Value::from)),
        ("tag_count", properties.tag_count.map(Value::from)),
        ("expiry_time", date::json(properties.expiry_time).map(Value::from)),
        (
            "last_access_time",
            date::json(properties.last_access_time).map(Value::from),
        ),
        (
            "immutable_until",
            date::json(properties.immutability_policy.as_ref().map(|policy| policy.until)).map(Value::from),
        ),
        ("legal_hold", properties.legal_hold.map(Value::from)),
        ("metadata", Some(json!(metadata))),
    ];
    let known = |(name, value): (&str, Option<Value>)| Some((name.to_owned(), value?));
    rows.into_iter().filter_map(known).collect()
}

/// The same in lines, with the size in both ways.
fn lines(described: &[(String, Value)]) -> String {
    let mut lines = String::new();
    let mut line = |name: &str, value: &str| {
        lines.push_str(&format!("{:<24} {}\n", format!("{name}:"), printable(value)));
    };
    for (name, value) in described {
        match value {
            Value::Object(pairs) => {
                for (key, value) in pairs {
                    line(&format!("metadata {key}"), value.as_str().unwrap_or_default());
                }
            }
            Value::String(text) => line(&spaced(name), text),
            Value::Number(number) if name == "bytes" => match number.as_u64() {
                Some(bytes) if bytes >= 1024 => line("size", &format!("{} ({bytes} bytes)", size(bytes))),
                _ => line("size", &format!("{number} bytes")),
            },
            other => line(&spaced(name), &other.to_string()),
        }
    }
    lines
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_for_people() {
        let described = [
            ("location", json!("az://box/a")),
            ("bytes", json!(1536)),
            ("etag", json!("0x1")),
            ("server_encrypted", json!(true)),
            ("metadata", json!({"project_name": "a\u{1b}b"})),
        ];
        let described = described.map(|(name, value)| (name.to_owned(), value));
        assert_eq!(
            lines(&described),
            "location:                az://box/a\n\
             size:                    1.5 KiB (1536 bytes)\n\
             etag:                    0x1\n\
             server encrypted:        true\n\
             metadata project_name:   a\\u{1b}b\n"
        );
    }
}

//! Each claim of the table held against the sources.

use std::collections::BTreeSet;

use super::source;
use super::table::Row;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// What is there, or what is wrong with what is claimed.
pub(crate) type Found = Result<String, String>;

/// The sources that claims are held against.
#[derive(Debug)]
pub(crate) struct Sources {
    operations: Vec<String>,
    client: Vec<String>,
    routes: Vec<String>,
    scenarios: Vec<(String, String)>,
}

impl Sources {
    pub(crate) fn read(workspace: &Workspace) -> Result<Self, Failure> {
        let texts = |folder: &str| -> Result<Vec<String>, Failure> {
            let files = source::files(&workspace.root().join(folder))?;
            Ok(files.into_iter().map(|(_, text)| text).collect())
        };
        let scenarios = source::files(&workspace.root().join("tests/src/scenarios"))?;
        let topic = |path: &std::path::Path| {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        Ok(Self {
            operations: texts("crates/blob/src/operations")?,
            client: texts("crates/blob/src")?,
            routes: texts("crates/simulation/src/service")?,
            scenarios: scenarios
                .into_iter()
                .map(|(path, text)| (topic(&path), text))
                .collect(),
        })
    }

    /// Whether the client has the operation, and a method that sends it.
    pub(crate) fn client(&self, row: &Row) -> Found {
        let operation = row.operation.as_deref().ok_or("no operation")?;
        let declared = format!("Operation for {operation}");
        let is_there = |text: &String| {
            let mut after = text
                .match_indices(&declared)
                .filter_map(|(at, _)| text.get(at + declared.len()..));
            after.any(|rest| rest.starts_with([' ', '<']))
        };
        if !self.operations.iter().any(is_there) {
            return Err(format!("no operation {operation}"));
        }
        let method = row.method.as_deref().ok_or("no method")?;
        let (of, name) = method
            .split_once("::")
            .ok_or_else(|| format!("{method} names no type"))?;
        let mut files = self.client.iter();
        let file = files.find(|text| source::method(text, of, name).is_some());
        let file = file.ok_or_else(|| format!("no method {method}"))?;
        // By itself, or through what the method gives: a batch, a list.
        if !source::words(file).any(|word| word == operation) {
            return Err(format!("{method} does not send {operation}"));
        }
        Ok(method.to_owned())
    }

    /// Whether the simulation carries it out.
    pub(crate) fn simulation(&self, row: &Row) -> Found {
        let route = row.route.as_deref().ok_or("no route")?;
        let (level, name) = route
            .split_once(": ")
            .ok_or_else(|| format!("{route} names no level"))?;
        let start = format!("route(\"{name}\",");
        let mut lines = self.routes.iter().flat_map(|text| text.lines());
        let line = lines.find(|line| {
            line.trim_start().starts_with(&start) && source::words(line).any(|word| word == level)
        });
        match line {
            None => Err(format!("no route {route}")),
            Some(line) if source::words(line).any(|word| word == "NotSimulated") => {
                Err(format!("{name} is not simulated"))
            }
            Some(_) => Ok(name.to_owned()),
        }
    }

    /// Whether there is a scenario that calls the method.
    pub(crate) fn scenario(&self, row: &Row) -> Found {
        let scenario = row.scenario.as_deref().ok_or("no scenario")?;
        let (topic, name) = scenario
            .split_once("::")
            .ok_or_else(|| format!("{scenario} names no topic"))?;
        let of_topic = |topic: &str| {
            self.scenarios
                .iter()
                .find(|(each, _)| each == topic)
                .map(|(_, text)| text)
        };
        let text = of_topic(topic).ok_or_else(|| format!("no topic {topic}"))?;
        let listed = of_topic("mod").is_some_and(|list| source::words(list).any(|word| word == name));
        let told = told(text, name);
        if told.is_empty() || !listed {
            return Err(format!("no scenario {scenario}"));
        }
        let method = row.method.as_deref().and_then(|method| method.split_once("::"));
        let (_, method) = method.ok_or("no method to call")?;
        let call = format!(".{method}(");
        if !told.iter().any(|text| text.contains(&call)) {
            return Err(format!("{scenario} does not call {method}"));
        }
        Ok(scenario.to_owned())
    }
}

/// The text of a function and of the functions beside it that it leads to.
fn told<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let functions = source::functions(text, "");
    let mut seen = BTreeSet::new();
    let mut next = vec![name];
    let mut told = Vec::new();
    while let Some(name) = next.pop() {
        let Some((name, body)) = functions.iter().find(|(each, _)| *each == name) else {
            continue;
        };
        if seen.insert(*name) {
            told.push(*body);
            next.extend(source::words(body));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let scenario = "async fn gone(b: &B) {\n    tell(b).await;\n}\n\nasync fn tell(b: &B) {\n    b.delete().await;\n}\n";
        Sources {
            operations: vec!["impl Operation for DeleteBlob {}".to_owned()],
            client: vec!["impl BlobClient {\n    pub fn delete(&self) -> Call<DeleteBlob> {\n        x\n    }\n}\n".to_owned()],
            routes: vec![
                "    route(\"Delete Blob\", DELETE, Blob, Now(x)),\n    route(\"Lease\", PUT, Blob, NotSimulated),\n"
                    .to_owned(),
            ],
            scenarios: vec![
                ("deletion".to_owned(), scenario.to_owned()),
                ("mod".to_owned(), "deletion { gone }".to_owned()),
            ],
        }
    }

    fn row(operation: &str, method: &str, route: &str, scenario: &str) -> Row {
        Row {
            name: "blob.delete".to_owned(),
            operation: Some(operation.to_owned()),
            feature: None,
            method: Some(method.to_owned()),
            route: Some(route.to_owned()),
            scenario: Some(scenario.to_owned()),
        }
    }

    #[test]
    fn what_is_claimed_is_looked_for() {
        let good = row(
            "DeleteBlob",
            "BlobClient::delete",
            "Blob: Delete Blob",
            "deletion::gone",
        );
        assert_eq!(sources().client(&good).unwrap(), "BlobClient::delete");
        assert_eq!(sources().simulation(&good).unwrap(), "Delete Blob");
        assert_eq!(sources().scenario(&good).unwrap(), "deletion::gone");
    }

    #[test]
    fn what_is_not_so_is_told() {
        let bad = row(
            "UndeleteBlob",
            "BlobClient::undelete",
            "Blob: Lease",
            "deletion::back",
        );
        assert_eq!(sources().client(&bad).unwrap_err(), "no operation UndeleteBlob");
        assert_eq!(sources().simulation(&bad).unwrap_err(), "Lease is not simulated");
        assert_eq!(
            sources().scenario(&bad).unwrap_err(),
            "no scenario deletion::back"
        );
        let wrong = row(
            "DeleteBlob",
            "BlobClient::remove",
            "Account: Delete Blob",
            "deletion::gone",
        );
        assert_eq!(
            sources().client(&wrong).unwrap_err(),
            "no method BlobClient::remove"
        );
        assert_eq!(
            sources().simulation(&wrong).unwrap_err(),
            "no route Account: Delete Blob"
        );
        assert_eq!(
            sources().scenario(&wrong).unwrap_err(),
            "deletion::gone does not call remove"
        );
    }
}

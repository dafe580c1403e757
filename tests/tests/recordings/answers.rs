//! Every recorded answer is read into the typed output of its operation, and nothing of it is lost.

use http::{StatusCode, response};
use lazuli_protocol::{Error, ErrorKind};

use crate::counts::Counts;
use crate::document;
use crate::exchange::Exchange;
use crate::kept::Kept;
use crate::reference::Reference;
use crate::served::{self, Served};
use crate::{rows, shared};

/// What became of the answers.
struct Reading {
    reference: Reference,
    counts: Counts,
    kept: Kept,
    wrong: Vec<String>,
}

#[test]
fn every_answer_is_read_and_nothing_is_lost() {
    let Some(archive) = shared() else { return };
    let mut reading = Reading {
        reference: Reference::read(&archive),
        counts: Counts::new(&["answers", "errors", "unrecorded"]),
        kept: Kept::default(),
        wrong: Vec::new(),
    };
    archive.each(|place, exchange| {
        let Some(row) = rows::of(exchange) else { return };
        match (served::by(row, exchange), exchange.response.parts()) {
            (Some(served), Some(parts)) => reading.read(place, served, exchange, parts),
            _ => reading.counts.add(row, "unrecorded"),
        }
    });
    reading.counts.tell("answers");
    let lost = reading.kept.lost();
    println!(
        "{} headers and elements were looked for, {} are lost",
        reading.kept.found(),
        lost.len()
    );
    assert!(
        reading.wrong.is_empty(),
        "{} answers:\n{}",
        reading.wrong.len(),
        reading.wrong.join("\n")
    );
    assert!(lost.is_empty(), "lost in the typed outputs:\n{}", lost.join("\n"));
}

impl Reading {
    fn read(&mut self, place: &str, served: &'static Served, exchange: &Exchange, parts: response::Parts) {
        let row = served.row;
        let Some(body) = exchange.response.body() else {
            self.counts.add(row, "unrecorded");
            return;
        };
        if parts.status == StatusCode::PARTIAL_CONTENT && !parts.headers.contains_key("content-range") {
            // A browser does not show this header to the scripts of another site, and those recorded.
            self.counts.add(row, "unrecorded");
            return;
        }
        let read = (served.read)(parts.clone(), body.clone());
        if !self.reference.is_success(row, parts.status.as_u16()) {
            self.counts.add(row, "errors");
            let recorded = recorded_code(&parts, &body);
            if let Some(fault) = fault(&parts, recorded.as_deref(), read.err()) {
                self.wrong
                    .push(format!("{row} {} {place}: {fault}", parts.status));
            }
            return;
        }
        match read {
            Ok(shown) => {
                self.counts.add(row, "answers");
                self.kept.look(served, &self.reference, (&parts, &body), &shown);
                if let Some(content) = shown.content
                    && !exchange.is("res_len_mismatch")
                    && content.as_ref().ok() != Some(&body)
                {
                    self.wrong.push(format!(
                        "{row} {place}: the content is not what was sent: {content:?}"
                    ));
                }
            }
            Err(error) => self
                .wrong
                .push(format!("{row} {} {place}: {error}", parts.status)),
        }
    }
}

/// The code that the recording has, in the head or else in the body.
fn recorded_code(parts: &response::Parts, body: &[u8]) -> Option<String> {
    if let Some(code) = parts.headers.get("x-ms-error-code") {
        return code.to_str().ok().map(str::to_owned);
    }
    let outline = document::outline(document::text(body)?)?;
    let code = outline.into_iter().find(|(path, _)| path == "Error/Code");
    code.map(|(_, code)| code)
}

/// What is wrong with the error that an answer was read into.
fn fault(parts: &response::Parts, code: Option<&str>, error: Option<Error>) -> Option<String> {
    let Some(error) = error else {
        return Some("it is an error and was read as a success".to_owned());
    };
    let Some(service) = error.service().filter(|_| error.kind() == ErrorKind::Service) else {
        return Some(format!("it is the service's and was read as {error:?}"));
    };
    let same = service.status() == parts.status && service.code().map(|code| code.as_str()) == code;
    (!same).then(|| format!("it has the code {code:?} and was read as {error}"))
}

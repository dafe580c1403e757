//! Queries of tables that the library's writer made, whole and broken.

mod answers;
mod hostile;
mod packed;
mod writing;

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use time::macros::datetime;

use super::super::frame::Frame;
use super::super::request::{Delimited, Input, JsonText, Output, Request};
use super::*;

impl Stored for Bytes {
    fn len(&self) -> u64 {
        Self::len(self) as u64
    }

    /// Whoever reads beyond the file sees it here: that is no fault of the file's.
    fn read(&self, at: u64, len: usize) -> io::Result<Bytes> {
        let start = usize::try_from(at).map_err(io::Error::other)?;
        let end = start.checked_add(len).filter(|end| *end <= Self::len(self));
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(self.slice(start..end))
    }
}

fn frames(file: &Bytes, expression: &str, output: Output) -> Vec<Frame> {
    let request = Request {
        expression: expression.to_owned(),
        input: Input::Parquet,
        output,
    };
    let now = datetime!(2024-02-29 12:00 UTC);
    let mut engine = TableEngine::new(&request, Arc::new(file.clone()), now).unwrap();
    let mut frames = Vec::new();
    while engine.step(&mut frames).unwrap() {}
    engine.finish(&mut frames);
    assert!(matches!(frames.last(), Some(Frame::End { .. })), "{expression}");
    frames
}

/// The result, and each error's description.
fn run(file: &Bytes, expression: &str, output: Output) -> (String, Vec<String>) {
    let (mut text, mut errors) = (Vec::new(), Vec::new());
    for frame in frames(file, expression, output) {
        match frame {
            Frame::Data(data) => text.extend(data),
            Frame::Error(error) => errors.push(error.description.into_owned()),
            Frame::Progress { .. } | Frame::End { .. } => {}
        }
    }
    (String::from_utf8(text).unwrap(), errors)
}

fn csv() -> Output {
    Output::Delimited(Delimited::default())
}

fn json() -> Output {
    Output::Json(JsonText::default())
}

fn select(file: &Bytes, expression: &str) -> String {
    let (text, errors) = run(file, expression, csv());
    assert_eq!(errors, [""; 0], "{expression}");
    text
}

/// The one thing that is wrong.
fn refusal(file: &Bytes, expression: &str) -> String {
    let (text, errors) = run(file, expression, csv());
    assert_eq!((text.as_str(), errors.len()), ("", 1), "{expression}: {errors:?}");
    errors.concat()
}

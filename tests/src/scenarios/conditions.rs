//! Conditions: every row of what the real service was seen to answer, on every operation that takes conditions.

use lazuli_blob::{BlobClient, Call, Conditional, Error};
use lazuli_protocol::xml::{BlockId, BlockLookupList};
use lazuli_protocol::{ErrorCode, Etag, EtagMatch};
use time::{Duration, OffsetDateTime};

use crate::Backend;
use crate::expect::{absent, refused};

/// What a condition compares with, seen from the blob as it is.
#[derive(Clone, Copy, Debug)]
enum If {
    Match(Tag),
    NoneMatch(Tag),
    ModifiedSince(When),
    UnmodifiedSince(When),
}

#[derive(Clone, Copy, Debug)]
enum Tag {
    Own,
    Other,
    Any,
}

#[derive(Clone, Copy, Debug)]
enum When {
    Earlier,
    Then,
    Later,
}

use If::{Match, ModifiedSince, NoneMatch, UnmodifiedSince};
use Tag::{Any, Other, Own};
use When::{Earlier, Later, Then};

/// The state that conditions are put against.
#[derive(Clone, Debug)]
struct State {
    etag: Etag,
    last_modified: OffsetDateTime,
}

impl State {
    fn tag(&self, tag: Tag) -> EtagMatch {
        match tag {
            Own => EtagMatch::from(&self.etag),
            Other => EtagMatch::Tag("0x8D0000000000000".parse().unwrap()),
            Any => EtagMatch::Any,
        }
    }

    fn time(&self, when: When) -> OffsetDateTime {
        match when {
            Earlier => self.last_modified - Duration::hours(1),
            Then => self.last_modified,
            Later => self.last_modified + Duration::hours(1),
        }
    }

    fn on<O: Conditional>(&self, call: Call<O>, conditions: &[If]) -> Call<O> {
        conditions.iter().fold(call, |call, condition| match *condition {
            Match(tag) => call.if_match(self.tag(tag)),
            NoneMatch(tag) => call.if_none_match(self.tag(tag)),
            ModifiedSince(when) => call.if_modified_since(self.time(when)),
            UnmodifiedSince(when) => call.if_unmodified_since(self.time(when)),
        })
    }
}

async fn fresh(blob: &BlobClient) -> State {
    let written = blob.upload("content").await.unwrap();
    State {
        etag: written.etag,
        last_modified: written.last_modified,
    }
}

#[track_caller]
fn ended(outcome: Result<(), Error>, expected: u16, what: &str, conditions: &[If]) {
    let code = match expected {
        200 => return outcome.unwrap_or_else(|error| panic!("{what} with {conditions:?}: {error:?}")),
        409 => ErrorCode::BlobAlreadyExists,
        _ => ErrorCode::ConditionNotMet,
    };
    println!("{what} with {conditions:?}");
    refused(outcome, expected, code);
}

async fn reads(backend: &Backend, table: &[(&[If], u16)]) {
    let blob = backend.container("reads").await.blob("a");
    let state = fresh(&blob).await;
    for (conditions, expected) in table {
        let got = state.on(blob.download(), conditions).await.map(drop);
        ended(got, *expected, "Get Blob", conditions);
        let got = state.on(blob.download().range(1..3), conditions).await.map(drop);
        ended(got, *expected, "Get Blob of a range", conditions);
        let got = state.on(blob.properties(), conditions).await.map(drop);
        ended(got, *expected, "Get Blob Properties", conditions);
    }
}

pub(super) async fn reads_under_one_condition(backend: &Backend) {
    let table: &[(&[If], u16)] = &[
        (&[], 200),
        (&[Match(Own)], 200),
        (&[Match(Other)], 412),
        (&[Match(Any)], 200),
        (&[NoneMatch(Own)], 304),
        (&[NoneMatch(Other)], 200),
        (&[ModifiedSince(Earlier)], 200),
        (&[ModifiedSince(Then)], 304),
        (&[UnmodifiedSince(Earlier)], 412),
        (&[UnmodifiedSince(Then)], 200),
        (&[UnmodifiedSince(Later)], 200),
    ];
    reads(backend, table).await;
}

pub(super) async fn reads_under_two_conditions(backend: &Backend) {
    let table: &[(&[If], u16)] = &[
        (&[Match(Own), UnmodifiedSince(Then)], 200),
        (&[Match(Own), UnmodifiedSince(Earlier)], 412),
        (&[Match(Other), UnmodifiedSince(Then)], 412),
        // Either of these two is enough.
        (&[NoneMatch(Other), ModifiedSince(Then)], 200),
        (&[NoneMatch(Own), ModifiedSince(Earlier)], 200),
        (&[NoneMatch(Own), ModifiedSince(Then)], 304),
        (&[Match(Own), NoneMatch(Own)], 304),
        (&[Match(Other), NoneMatch(Other)], 412),
    ];
    reads(backend, table).await;
}

/// Tries each write on a blob that was just written, and looks whether a refused one left it alone.
async fn writes(backend: &Backend, table: &[(&[If], u16)], make_only: bool) {
    let container = backend.container("writes").await;
    let blob = container.blob("a");
    for (conditions, expected) in table {
        let state = fresh(&blob).await;
        let got = state.on(blob.upload("new"), conditions).await.map(drop);
        ended(got, *expected, "Put Blob", conditions);
        unchanged_unless(200, *expected, &blob, &state).await;

        let state = fresh(&blob).await;
        let id = BlockId::new(b"one").unwrap();
        blob.put_block(id.clone(), "new").await.unwrap();
        let list = blob.put_block_list(BlockLookupList::latest([id]));
        ended(
            state.on(list, conditions).await.map(drop),
            *expected,
            "Put Block List",
            conditions,
        );
        unchanged_unless(200, *expected, &blob, &state).await;
        if make_only {
            continue;
        }

        let state = fresh(&blob).await;
        let set = blob.set_metadata().metadata("k", "v");
        ended(
            state.on(set, conditions).await.map(drop),
            *expected,
            "Set Blob Metadata",
            conditions,
        );
        unchanged_unless(200, *expected, &blob, &state).await;

        let state = fresh(&blob).await;
        let got = state.on(blob.delete(), conditions).await.map(drop);
        ended(got, *expected, "Delete Blob", conditions);
        if *expected == 200 {
            absent(&blob).await;
        } else {
            unchanged_unless(200, *expected, &blob, &state).await;
        }
    }
}

async fn unchanged_unless(done: u16, expected: u16, blob: &BlobClient, state: &State) {
    let same = blob.properties().await.unwrap().etag == state.etag;
    assert_eq!(same, expected != done, "{:?}", blob.name());
}

pub(super) async fn writes_under_one_condition(backend: &Backend) {
    let table: &[(&[If], u16)] = &[
        (&[], 200),
        (&[Match(Own)], 200),
        (&[Match(Other)], 412),
        (&[Match(Any)], 200),
        (&[NoneMatch(Own)], 412),
        (&[NoneMatch(Other)], 200),
        (&[ModifiedSince(Earlier)], 200),
        (&[ModifiedSince(Then)], 412),
        (&[UnmodifiedSince(Earlier)], 412),
        (&[UnmodifiedSince(Then)], 200),
        (&[UnmodifiedSince(Later)], 200),
    ];
    writes(backend, table, false).await;
    writes(backend, &[(&[NoneMatch(Any)], 409)], true).await;
}

pub(super) async fn writes_under_two_conditions(backend: &Backend) {
    let table: &[(&[If], u16)] = &[
        (&[Match(Own), UnmodifiedSince(Then)], 200),
        (&[Match(Other), UnmodifiedSince(Then)], 412),
        (&[NoneMatch(Own), ModifiedSince(Then)], 412),
        (&[NoneMatch(Other), ModifiedSince(Earlier)], 200),
    ];
    writes(backend, table, false).await;
}

pub(super) async fn conditions_on_a_blob_that_is_not_there(backend: &Backend) {
    let container = backend.container("nothing").await;
    let state = fresh(&container.blob("other")).await;
    let blob = container.blob("a");
    for condition in [NoneMatch(Other), ModifiedSince(Earlier), UnmodifiedSince(Later)] {
        refused(
            state.on(blob.download(), &[condition]).await,
            404,
            ErrorCode::BlobNotFound,
        );
        refused(
            state.on(blob.properties(), &[condition]).await,
            404,
            ErrorCode::BlobNotFound,
        );
        refused(
            state.on(blob.delete(), &[condition]).await,
            404,
            ErrorCode::BlobNotFound,
        );
    }
    for condition in [Match(Own), Match(Any)] {
        let put = state.on(blob.upload("x"), &[condition]).await;
        refused(put, 412, ErrorCode::ConditionNotMet);
        absent(&blob).await;
    }
    state.on(blob.upload("x"), &[NoneMatch(Any)]).await.unwrap();
    let again = state.on(blob.upload("y"), &[NoneMatch(Any)]).await;
    refused(again, 409, ErrorCode::BlobAlreadyExists);
}

//! Which operation a request asks for: a table of all operations of the service.

use std::future::Future;
use std::pin::Pin;

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use lazuli_protocol::{ErrorCode, header as names};

use super::answer::Answer;
use super::body::Incoming;
use super::call::Call;
use super::operations as run;
use super::query::Query;
use super::refusal::{Refusal, Stage};
use super::target::Level;

/// What an operation comes to.
pub(super) type Outcome = Result<Answer, Box<Refusal>>;

/// An operation at work.
pub(super) type Work<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One operation.
#[derive(Debug)]
pub(super) struct Route {
    /// The operation's name in the service's reference.
    pub(super) name: &'static str,
    methods: &'static [Method],
    level: Level,
    restype: &'static str,
    comp: &'static str,
    // What a request must bring besides, to tell operations apart that share all else.
    when: When,
    /// Whether it can be about a snapshot or a version, and not the current blob alone.
    pub(super) takes_state: bool,
    /// What a shared access signature must allow of it.
    pub(super) needs: Needs,
    pub(super) run: Run,
}

/// The letters of which a shared access signature must have one; none where no signature will do, whatever it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needs {
    /// Of one for the account.
    pub(super) account: &'static str,
    /// Of one for a container or a blob.
    pub(super) service: &'static str,
}

#[derive(Debug)]
enum When {
    Always,
    Has(HeaderName),
    HasAll(HeaderName, HeaderName),
    Is(HeaderName, &'static str),
    /// A parameter of the query.
    Asks(&'static str),
}

/// How an operation is done.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    /// By looking, or with the request's headers alone.
    Now(fn(&Call) -> Outcome),
    /// With a body, or a wait.
    Later(for<'a> fn(&'a Call, Incoming) -> Work<'a>),
}

const GET: &[Method] = &[Method::GET];
const HEAD: &[Method] = &[Method::HEAD];
const READ: &[Method] = &[Method::GET, Method::HEAD];
const PUT: &[Method] = &[Method::PUT];
const POST: &[Method] = &[Method::POST];
const DELETE: &[Method] = &[Method::DELETE];

const COPY_SOURCE: HeaderName = names::COPY_SOURCE;
const REQUIRES_SYNC: HeaderName = names::REQUIRES_SYNC;

macro_rules! later {
    ($operation:path) => {{
        fn work(call: &Call, body: Incoming) -> Work<'_> {
            Box::pin($operation(call, body))
        }
        Run::Later(work)
    }};
}

/// Every letter: the operation is let in by whatever the signature allows.
const ANY: &str = "racwdxyltfmeiup";

#[expect(clippy::too_many_arguments, reason = "they are the columns of the table")]
const fn route(
    name: &'static str,
    methods: &'static [Method],
    level: Level,
    restype: &'static str,
    comp: &'static str,
    when: When,
    account: &'static str,
    service: &'static str,
    run: Run,
) -> Route {
    Route {
        name,
        methods,
        level,
        restype,
        comp,
        when,
        takes_state: false,
        needs: Needs { account, service },
        run,
    }
}

use Level::{Account, Blob, Container};
use Run::Now;
use When::{Always, Asks, Has, HasAll, Is};

/// The last columns but one are what a shared access signature needs: one of these letters, for an account and for a container or blob.
/// Where rows agree, the first whose condition holds is taken. Rows `of_states` can be about a snapshot or a version.
#[rustfmt::skip]
static ROUTES: [Route; 60] = [
    route("List Containers", GET, Account, "", "list", Always, "l", "", Now(run::list_containers)),
    route("Set Blob Service Properties", PUT, Account, "service", "properties", Always, "w", "", later!(run::set_service_properties)),
    route("Get Blob Service Properties", GET, Account, "service", "properties", Always, "r", "", Now(run::get_service_properties)),
    route("Get Blob Service Stats", GET, Account, "service", "stats", Always, "r", "", Now(run::get_service_stats)),
    route("Get User Delegation Key", POST, Account, "service", "userdelegationkey", Always, ANY, ANY, later!(run::get_user_delegation_key)),
    route("Get Account Information", READ, Account, "account", "properties", Always, ANY, ANY, Now(run::get_account_information)),
    route("Blob Batch", POST, Account, "", "batch", Always, ANY, ANY, later!(run::blob_batch)),
    route("Find Blobs by Tags", GET, Account, "", "blobs", Always, "f", "", Now(run::find_blobs)),

    route("Create Container", PUT, Container, "container", "", Always, "cw", "", later!(run::create_container)),
    route("Get Container Properties", READ, Container, "container", "", Always, "r", "", Now(run::get_container_properties)),
    route("Delete Container", DELETE, Container, "container", "", Always, "d", "", later!(run::delete_container)),
    route("Get Container Metadata", READ, Container, "container", "metadata", Always, "r", "", Now(run::get_container_metadata)),
    route("Set Container Metadata", PUT, Container, "container", "metadata", Always, "w", "", later!(run::set_container_metadata)),
    route("List Blobs", GET, Container, "container", "list", Always, "l", "l", Now(run::list_blobs)),
    route("Get Container ACL", READ, Container, "container", "acl", Always, "", "", Now(run::get_container_acl)),
    route("Set Container ACL", PUT, Container, "container", "acl", Always, "", "", later!(run::set_container_acl)),
    route("Lease Container", PUT, Container, "container", "lease", Always, "wd", "", later!(run::lease_container)),
    route("Restore Container", PUT, Container, "container", "undelete", Always, "cw", "", later!(run::restore_container)),
    route("Rename Container", PUT, Container, "container", "rename", Always, "w", "", later!(run::rename_container)),
    route("Blob Batch", POST, Container, "container", "batch", Always, ANY, ANY, later!(run::blob_batch)),
    route("Find Blobs by Tags in Container", GET, Container, "container", "blobs", Always, "f", "f", Now(run::find_blobs)),
    route("Get Account Information", READ, Container, "account", "properties", Always, ANY, ANY, Now(run::get_account_information)),

    route("Copy Blob From URL", PUT, Blob, "", "", HasAll(COPY_SOURCE, REQUIRES_SYNC), "cw", "cw", later!(run::copy_blob_from_url)),
    route("Put Blob From URL", PUT, Blob, "", "", HasAll(COPY_SOURCE, names::BLOB_TYPE), "cw", "cw", later!(run::put_blob_from_url)),
    route("Copy Blob", PUT, Blob, "", "", Has(COPY_SOURCE), "cw", "cw", later!(run::copy_blob)),
    route("Put Blob (append blob)", PUT, Blob, "", "", Is(names::BLOB_TYPE, "AppendBlob"), "cw", "cw", later!(run::put_append_blob)),
    route("Put Blob (page blob)", PUT, Blob, "", "", Is(names::BLOB_TYPE, "PageBlob"), "cw", "cw", later!(run::put_page_blob)),
    route("Put Blob", PUT, Blob, "", "", Always, "cw", "cw", later!(run::put_blob)),
    route("Get Blob", GET, Blob, "", "", Always, "r", "r", later!(run::get_blob)).of_states(),
    route("Get Blob Properties", HEAD, Blob, "", "", Always, "r", "r", Now(run::get_blob_properties)).of_states(),
    route("Delete Blob (for good)", DELETE, Blob, "", "", Asks("deletetype"), "y", "y", later!(run::delete_blob)).of_states(),
    route("Delete Blob (a version)", DELETE, Blob, "", "", Asks("versionid"), "x", "x", later!(run::delete_blob)).of_states(),
    route("Delete Blob", DELETE, Blob, "", "", Always, "d", "d", later!(run::delete_blob)).of_states(),
    route("Get Blob Metadata", READ, Blob, "", "metadata", Always, "r", "r", Now(run::get_blob_metadata)).of_states(),
    route("Set Blob Metadata", PUT, Blob, "", "metadata", Always, "w", "w", later!(run::set_blob_metadata)),
    route("Set Blob Properties", PUT, Blob, "", "properties", Always, "w", "w", later!(run::set_blob_properties)),
    route("Put Block From URL", PUT, Blob, "", "block", Has(COPY_SOURCE), "cw", "cw", later!(run::put_block_from_url)),
    route("Put Block", PUT, Blob, "", "block", Always, "cw", "cw", later!(run::put_block)),
    route("Put Block List", PUT, Blob, "", "blocklist", Always, "cw", "cw", later!(run::put_block_list)),
    route("Get Block List", GET, Blob, "", "blocklist", Always, "r", "r", Now(run::get_block_list)).of_states(),
    route("Append Block From URL", PUT, Blob, "", "appendblock", Has(COPY_SOURCE), "aw", "aw", later!(run::append_block_from_url)),
    route("Append Block", PUT, Blob, "", "appendblock", Always, "aw", "aw", later!(run::append_block)),
    route("Put Page From URL", PUT, Blob, "", "page", Has(COPY_SOURCE), "w", "w", later!(run::put_page_from_url)),
    route("Put Page", PUT, Blob, "", "page", Always, "w", "w", later!(run::put_page)),
    route("Get Page Ranges", GET, Blob, "", "pagelist", Always, "r", "r", Now(run::get_page_ranges)).of_states(),
    route("Incremental Copy Blob", PUT, Blob, "", "incrementalcopy", Always, "cw", "cw", later!(run::incremental_copy_blob)),
    route("Abort Copy Blob", PUT, Blob, "", "copy", Always, "w", "w", later!(run::abort_copy_blob)),
    route("Snapshot Blob", PUT, Blob, "", "snapshot", Always, "cw", "cw", later!(run::snapshot_blob)),
    route("Undelete Blob", PUT, Blob, "", "undelete", Always, "w", "w", later!(run::undelete_blob)),
    route("Lease Blob", PUT, Blob, "", "lease", Always, "wd", "wd", later!(run::lease_blob)),
    route("Set Blob Tier", PUT, Blob, "", "tier", Always, "w", "w", later!(run::set_blob_tier)).of_states(),
    route("Get Blob Tags", GET, Blob, "", "tags", Always, "t", "t", Now(run::get_blob_tags)).of_states(),
    route("Set Blob Tags", PUT, Blob, "", "tags", Always, "t", "t", later!(run::set_blob_tags)).of_states(),
    route("Set Blob Expiry", PUT, Blob, "", "expiry", Always, "w", "w", later!(run::set_blob_expiry)),
    route("Seal Append Blob", PUT, Blob, "", "seal", Always, "aw", "aw", later!(run::seal_append_blob)),
    route("Query Blob Contents", POST, Blob, "", "query", Always, "r", "r", later!(run::query_blob)).of_states(),
    route("Set Immutability Policy", PUT, Blob, "", "immutabilitypolicies", Always, "i", "i", later!(run::set_immutability_policy)).of_states(),
    route("Delete Immutability Policy", DELETE, Blob, "", "immutabilitypolicies", Always, "i", "i", later!(run::delete_immutability_policy)).of_states(),
    route("Set Legal Hold", PUT, Blob, "", "legalhold", Always, "i", "i", later!(run::set_legal_hold)).of_states(),
    route("Get Account Information", READ, Blob, "account", "properties", Always, ANY, ANY, Now(run::get_account_information)).of_states(),
];

impl Route {
    const fn of_states(mut self) -> Self {
        self.takes_state = true;
        self
    }

    /// Whether it is List Blobs, which a signature for a directory lets in for what is in there.
    pub(super) fn lists_blobs(&self) -> bool {
        self.level == Container && self.comp == "list"
    }

    /// Whether it is Get Account Information, which may be asked anywhere in an account.
    pub(super) fn tells_of_account(&self) -> bool {
        self.restype == "account"
    }
}

impl Needs {
    /// Whether it is a plain read or a list, which is all that the public may do.
    pub(super) fn is_for_the_public(&self) -> bool {
        self.account.contains(['r', 'l'])
    }
}

impl When {
    fn holds(&self, query: &Query, headers: &HeaderMap) -> bool {
        match self {
            Self::Always => true,
            Self::Has(name) => headers.contains_key(name),
            Self::HasAll(one, other) => headers.contains_key(one) && headers.contains_key(other),
            Self::Is(name, value) => headers.get(name).is_some_and(|found| found == value),
            Self::Asks(name) => query.some(name).is_some(),
        }
    }
}

/// Finds the operation that a request asks for.
pub(super) fn find(
    method: &Method,
    level: Level,
    query: &Query,
    headers: &HeaderMap,
) -> Result<&'static Route, Box<Refusal>> {
    let lower = |name| query.get(name).unwrap_or_default().to_ascii_lowercase();
    let (restype, comp) = (lower("restype"), lower("comp"));
    let mut methods: Vec<&str> = Vec::new();
    let addressed = ROUTES
        .iter()
        .filter(|route| route.level == level && route.restype == restype && route.comp == comp);
    for route in addressed {
        if route.methods.contains(method) {
            if route.when.holds(query, headers) {
                return Ok(route);
            }
        } else {
            methods.extend(route.methods.iter().map(Method::as_str));
        }
    }
    if methods.is_empty() {
        // What the service says of a type of resource that it does not know, too.
        let comp = query.get("comp").unwrap_or_default();
        return Err(Refusal::bad_query("comp", comp, "").at(Stage::Front));
    }
    methods.sort_unstable();
    methods.dedup();
    let refusal = Refusal::new(ErrorCode::UnsupportedHttpVerb);
    Err(match HeaderValue::from_str(&methods.join(", ")) {
        Ok(allowed) => refusal.header(header::ALLOW, allowed),
        Err(_) => refusal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(
        method: &Method,
        level: Level,
        query: &str,
        headers: &[(HeaderName, &'static str)],
    ) -> &'static str {
        let query = Query::parse(query).unwrap();
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        find(method, level, &query, &pairs.collect()).unwrap().name
    }

    #[test]
    fn operations_are_told_apart_by_headers_too() {
        let put = |headers: &[_]| name(&Method::PUT, Blob, "timeout=5", headers);
        assert_eq!(put(&[]), "Put Blob");
        assert_eq!(put(&[(names::BLOB_TYPE, "BlockBlob")]), "Put Blob");
        assert_eq!(put(&[(names::BLOB_TYPE, "PageBlob")]), "Put Blob (page blob)");
        assert_eq!(put(&[(COPY_SOURCE, "x")]), "Copy Blob");
        assert_eq!(
            put(&[(COPY_SOURCE, "x"), (names::BLOB_TYPE, "BlockBlob")]),
            "Put Blob From URL"
        );
        assert_eq!(
            put(&[(COPY_SOURCE, "x"), (REQUIRES_SYNC, "true")]),
            "Copy Blob From URL"
        );
        assert_eq!(
            name(&Method::PUT, Blob, "comp=block&blockid=QQ==", &[]),
            "Put Block"
        );
        assert_eq!(
            name(&Method::HEAD, Container, "restype=container", &[]),
            "Get Container Properties"
        );
        assert_eq!(
            name(&Method::PUT, Blob, "comp=immutabilityPolicies", &[]),
            "Set Immutability Policy"
        );
    }

    #[test]
    fn no_two_rows_are_the_same() {
        for (at, one) in ROUTES.iter().enumerate() {
            for other in ROUTES.iter().skip(at + 1) {
                let same = one.level == other.level && one.restype == other.restype && one.comp == other.comp;
                let overlap = one.methods.iter().any(|method| other.methods.contains(method));
                // A row that always holds hides what comes after it.
                assert!(
                    !(same && overlap && matches!(one.when, Always)),
                    "{} hides {}",
                    one.name,
                    other.name
                );
            }
        }
    }

    #[test]
    fn what_is_not_there_is_told_from_what_is_not_so() {
        let refuse = |method, level, query| {
            let query = Query::parse(query).unwrap();
            find(method, level, &query, &HeaderMap::new()).unwrap_err()
        };
        assert_eq!(
            refuse(&Method::GET, Blob, "comp=nonsense").code,
            ErrorCode::InvalidQueryParameterValue
        );
        let verb = refuse(&Method::PATCH, Blob, "");
        assert_eq!(verb.code, ErrorCode::UnsupportedHttpVerb);
        assert_eq!(verb.headers[0].1, "DELETE, GET, HEAD, PUT");
    }
}

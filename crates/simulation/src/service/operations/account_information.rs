//! Get Account Information.

use http::StatusCode;
use lazuli_protocol::header as names;

use crate::service::answer::Answer;
use crate::service::call::Call;
use crate::service::router::Outcome;

/// Get Account Information: the same wherever in the account it is asked for, whether or not there is anything.
pub(in crate::service) fn get_account_information(call: &Call) -> Outcome {
    let options = call.engine.read(|state| state.options(&call.target.account));
    let hierarchical = call
        .since(b"2020-04-08")
        .then(|| options.hierarchical.to_string());
    Ok(Answer::new(StatusCode::OK)
        .header(names::SKU_NAME, &options.sku)
        .header(names::ACCOUNT_KIND, &options.kind)
        .some(names::IS_HNS_ENABLED, hierarchical))
}

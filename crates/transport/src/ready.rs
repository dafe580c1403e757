//! What a call that outlives `Service::call` does with the service below it.

/// Takes the service that was found ready, and leaves a clone that is yet to be asked. A call that clones without this would be made on a
/// service that nobody has found ready.
pub(crate) fn take_ready<S: Clone>(inner: &mut S) -> S {
    let next = inner.clone();
    std::mem::replace(inner, next)
}

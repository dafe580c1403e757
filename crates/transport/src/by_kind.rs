//! A value for each kind of operation.

use lazuli_protocol::OperationKind;

/// One value for each [`OperationKind`]. Kinds that are yet to come have that of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByKind<T> {
    pub(crate) small_read: T,
    pub(crate) large_read: T,
    pub(crate) write: T,
    pub(crate) list: T,
    pub(crate) lease: T,
}

impl<T: Copy> ByKind<T> {
    pub(crate) fn of(&self, kind: OperationKind) -> T {
        match kind {
            OperationKind::SmallRead => self.small_read,
            OperationKind::LargeRead => self.large_read,
            OperationKind::List => self.list,
            OperationKind::Lease => self.lease,
            _ => self.write,
        }
    }

    pub(crate) fn with(mut self, kind: OperationKind, value: T) -> Self {
        let slot = match kind {
            OperationKind::SmallRead => &mut self.small_read,
            OperationKind::LargeRead => &mut self.large_read,
            OperationKind::List => &mut self.list,
            OperationKind::Lease => &mut self.lease,
            _ => &mut self.write,
        };
        *slot = value;
        self
    }
}

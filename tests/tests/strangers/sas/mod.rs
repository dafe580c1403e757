//! Shared access signatures between `lazuli` and the official SDKs, both ways.
//!
//! Snapshots and versions are left out: the simulation has none yet.

mod ours;
mod stand;
mod theirs;

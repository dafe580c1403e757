//! The folder: its bound, its leftovers, and several that use it.

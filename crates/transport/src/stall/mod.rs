//! Cutting off bodies that do not move.

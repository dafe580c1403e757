//! Reading small answers whole while they can still be asked for again.

//! Going on with a download where it broke off.

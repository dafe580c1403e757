//! Going on with a download where it broke off.

mod body;
mod layer;
mod policy;
mod rest;
mod service;
mod setback;
#[cfg(test)]
mod tests;

pub use layer::ResumeLayer;
pub use policy::ResumePolicy;
pub use service::ResumeService;

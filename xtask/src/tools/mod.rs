//! `cargo xtask tools`: the programs of others that the tests run, under target/tools.

mod azurite;
mod javascript;
mod npm;
mod python;
mod stamp;

use crate::failure::Failure;
use crate::workspace::Workspace;

/// Installs what is not there yet; quick when all is.
pub(crate) fn install(workspace: &Workspace) -> Result<(), Failure> {
    python::install(workspace)?;
    azurite::install(workspace)?;
    // It is tried out with Azurite's Node.
    javascript::install(workspace)
}

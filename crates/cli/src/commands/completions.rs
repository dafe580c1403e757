//! `lazuli completions`: a script that makes a shell complete the command's arguments.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(shell: Shell, output: Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "lazuli", &mut script);
    output.bytes(&script)?;
    Ok(Exit::Done)
}

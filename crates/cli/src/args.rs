//! The command line. Locations are read later than the rest: what clap quotes in its errors could hold a SAS.

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::{cat, cp, ls, mb, rm, sas, serve, stat};
use crate::help;
use crate::output::Format;

/// Copy, list and read Azure Storage, and serve a complete local Azure.
///
/// With no account configured, everything works on a local account that the command brings with it: it keeps its data under
/// .lazuli in the working folder, and needs no network.
#[derive(Debug, Parser)]
#[command(
    name = "lazuli",
    version,
    arg_required_else_help = true,
    after_help = help::TOUR,
    after_long_help = help::reference()
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How results and errors are written: text for people, json for programs
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) output: Format,

    /// Say nothing but results and errors
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Output"
    )]
    pub(crate) quiet: bool,

    /// Show on standard error what is sent and answered; RUST_LOG selects more finely
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Cp(cp::Arguments),
    Ls(ls::Arguments),
    Cat(cat::Arguments),
    Stat(stat::Arguments),
    Rm(rm::Arguments),
    Mb(mb::Arguments),
    Sas(sas::Arguments),
    Serve(serve::Arguments),
    /// Print a completion script for a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_teaches_by_example() {
        for mut command in Arguments::command().get_subcommands().cloned() {
            let help = command.render_long_help().to_string();
            assert!(help.contains("Examples:"), "{help}");
        }
    }

    #[test]
    fn help_tells_locations_accounts_and_exit_codes() {
        let help = Arguments::command().render_long_help().to_string();
        for part in [
            "az://CONTAINER/PATH",
            "AZURE_STORAGE_CONNECTION_STRING",
            "  130  ",
            "percent-decoded",
        ] {
            assert!(help.contains(part), "{part}");
        }
    }
}

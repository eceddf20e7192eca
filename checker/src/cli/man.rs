//! `man`: the manual.

use super::context::Context;
use super::problem::Problem;
use crate::exit_code::ExitCode;

/// Print the manual of failproof or of one of its commands, in the format of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof man check > failproof-check.1")]
pub(super) struct Args {
    /// The command; without it, the manual of the whole.
    command: Option<String>,
}

/// Prints.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let mut whole = super::command();
    whole.build();
    let page = match &args.command {
        None => whole,
        Some(name) => whole.find_subcommand(name).cloned().ok_or_else(|| {
            let names = whole.get_subcommands().map(clap::Command::get_name);
            Problem::unknown("command", name, names, "`failproof --help` lists them")
        })?,
    };
    clap_mangen::Man::new(page).render(&mut context.out)?;
    Ok(ExitCode::AsExpected)
}

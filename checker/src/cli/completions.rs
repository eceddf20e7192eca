//! `completions`: lets a shell complete the command line.

use super::context::Context;
use super::problem::Problem;
use crate::exit_code::ExitCode;

/// Print a script that lets a shell complete failproof's command line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof completions bash > failproof.bash")]
pub(super) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Prints.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    // Into memory first: the generator panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "failproof", &mut script);
    context.out.write_all(&script)?;
    Ok(ExitCode::AsExpected)
}

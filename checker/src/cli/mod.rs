//! The command line, one command a file.
//!
//! Results go to stdout; progress and what went wrong go to stderr. Everything that a command touches is handed to it
//! in a [`Context`], so that tests can hand in something else.

mod case;
mod check;
mod code;
mod completions;
mod context;
mod diff;
mod explain;
mod explore;
mod explore_args;
mod export;
mod format;
mod gate;
mod import;
mod interrupt;
mod list;
mod man;
mod mutate;
mod panic;
mod plan_args;
mod plan_check;
mod problem;
mod progress;
mod replay;
mod restart_sets;
mod session;
mod shrink;
mod simulate;
mod sweep;
mod sweep_args;
mod table;
mod task_manager_loss;
mod weakest;

use std::ffi::OsString;
use std::io::IsTerminal;

use clap::{CommandFactory, Parser, Subcommand};

use crate::exit_code::ExitCode;

pub use context::{Context, Engine, OwnEngine};
pub use problem::Problem;

/// Explores how a batch job recovers from failures: every reachable state, every fault at every moment.
#[derive(Debug, Parser)]
#[command(name = "failproof", version, after_help = "Example: failproof check")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Simulate(simulate::Args),
    Gate(gate::Args),
    Replay(replay::Args),
    Explore(explore::Args),
    Diff(diff::Args),
    Shrink(shrink::Args),
    Export(export::Args),
    List(list::Args),
    Explain(explain::Args),
    Import(import::Args),
    Table(table::Args),
    Sweep(sweep::Args),
    Mutate(mutate::Args),
    Weakest(weakest::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command that this process was started with.
pub fn main() -> ExitCode {
    panic::install_hook();
    interrupt::install_handler();
    let mut context = Context {
        out: &mut anstream::stdout(),
        err: &mut anstream::stderr(),
        err_is_terminal: std::io::stderr().is_terminal(),
        out_width: console::Term::stdout().size_checked().map(|(_, columns)| columns.into()),
        step_summary: std::env::var_os("GITHUB_STEP_SUMMARY").map(Into::into),
        interrupted: interrupt::flag(),
        engine: &OwnEngine,
    };
    run(std::env::args_os(), &mut context)
}

/// Runs the command that `args` name, the first of which is the name of the program. Never panics: what goes wrong
/// inside ends in [`ExitCode::Internal`].
pub fn run(args: impl IntoIterator<Item = OsString>, context: &mut Context<'_>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return answer(&error, context),
    };
    panic::to_exit_code(|| dispatch(&cli.command, context))
}

fn dispatch(command: &Command, context: &mut Context<'_>) -> ExitCode {
    let done = match command {
        Command::Check(args) => check::run(args, context),
        Command::Simulate(args) => simulate::run(args, context),
        Command::Gate(args) => gate::run(args, context),
        Command::Replay(args) => replay::run(args, context),
        Command::Explore(args) => explore::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Shrink(args) => shrink::run(args, context),
        Command::Export(args) => export::run(args, context),
        Command::List(args) => list::run(args, context),
        Command::Explain(args) => explain::run(args, context),
        Command::Import(args) => import::run(args, context),
        Command::Table(args) => table::run(args, context),
        Command::Sweep(args) => sweep::run(args, context),
        Command::Mutate(args) => mutate::run(args, context),
        Command::Weakest(args) => weakest::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Man(args) => man::run(args, context),
    };
    let done = done.and_then(|code| context.out.flush().map(|()| code).map_err(Problem::from));
    done.unwrap_or_else(|problem| context.report(&problem))
}

/// What clap has to say: help and version on stdout, mistakes on stderr.
fn answer(error: &clap::Error, context: &mut Context<'_>) -> ExitCode {
    let is_mistake = error.use_stderr();
    let stream = if is_mistake { &mut *context.err } else { &mut *context.out };
    // A stream that is gone cannot be told so.
    let _ = write!(stream, "{}", error.render().ansi());
    if is_mistake { ExitCode::Mistake } else { ExitCode::AsExpected }
}

/// The command line as clap knows it, for completions and the manual.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}

//! `table`: where each restart policy is safe.

use std::fmt::Display;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use super::context::Context;
use super::explore_args::{LimitArgs, threads};
use super::problem::Problem;
use super::progress::ProgressDisplay;
use crate::exit_code::ExitCode;
use crate::run::Options;
use crate::table::{Cell, compare, is_quick, merge, recorded, refresh, render, run_table, write};

/// Explore every partitioner, operator and restart policy on small jobs, and show where each policy is safe.
///
/// Verdicts and exact counts have to be the recorded ones; `--bless` records them anew, with the page made of them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: failproof table --cell one-exchange/REBALANCE")]
pub(super) struct Args {
    /// All cells, also those that take longer.
    #[arg(long)]
    all: bool,
    /// Only cells whose id begins so.
    #[arg(long, value_name = "ID", default_value = "")]
    cell: String,
    /// Cells explored at the same time, 1 to 256.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = threads())]
    threads: usize,
    /// Record what was found.
    #[arg(long)]
    bless: bool,
    /// Where the answers are recorded, for `--bless`.
    #[arg(long, value_name = "FILE", default_value = "checker/src/table/cells.csv")]
    cells: PathBuf,
    /// The page with the table, for `--bless`.
    #[arg(long, value_name = "FILE", default_value = "checker/docs/policies.md")]
    page: PathBuf,
    #[command(flatten)]
    limits: LimitArgs,
}

/// Explores, shows and compares.
pub(super) fn run(args: &Args, context: &mut Context<'_>) -> Result<ExitCode, Problem> {
    let before = recorded().map_err(internal)?;
    let wanted =
        |cell: &Cell| cell.id.starts_with(&args.cell) && (args.all || is_quick(cell, &before));
    let options = Options::from(args.limits.limits());
    let begun = Instant::now();
    let interrupted = context.interrupted;
    let mut display = ProgressDisplay::new(context.err, context.err_is_terminal);
    let progress = |done, of| display.show_cells(done, of, begun.elapsed());
    let found = run_table(wanted, args.threads, &options, Some(interrupted), progress);
    drop(display);
    let found = found.map_err(internal)?;
    if found.is_empty() {
        let valid =
            "ids look like `two-exchanges/REBALANCE/per-row/never`; `failproof table` lists them";
        return Err(Problem::unknown("cell", &args.cell, std::iter::empty(), valid));
    }
    writeln!(context.out, "{}", render(&found))?;
    let mut exit = match found.iter().all(|cell| cell.is_complete()) {
        true => ExitCode::AsExpected,
        false => ExitCode::Inconclusive,
    };
    if context.is_interrupted() {
        exit = exit.or_worse(ExitCode::Interrupted);
    }
    let differences = compare(&before, &found);
    for difference in &differences {
        writeln!(context.out, "differs: {difference}")?;
    }
    if args.bless && exit == ExitCode::AsExpected {
        let all = merge(&before, &found);
        let text = write(&all).map_err(internal)?;
        fs::write(&args.cells, text).map_err(Problem::write(&args.cells))?;
        let page = fs::read_to_string(&args.page).map_err(Problem::read(&args.page))?;
        let page = refresh(&page, &all).map_err(internal)?;
        fs::write(&args.page, page).map_err(Problem::write(&args.page))?;
    } else if !differences.is_empty() {
        exit = exit.or_worse(ExitCode::Unexpected);
    }
    Ok(exit)
}

fn internal(error: impl Display) -> Problem {
    Problem::Internal(error.to_string())
}

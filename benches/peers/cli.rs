//! The command line.

use std::io::Write;
use std::ops::RangeInclusive;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use failproof_checker::report::quantity::{count, counted};
use failproof_explorer::reference_models::region_failover::{A, B, L, Size, TINY};

use crate::comparison::{Comparison, Measurement};
use crate::contestant::{Built, Contestant, Tool};
use crate::problem::Problem;
use crate::search;
use crate::spin::Spin;
use crate::table::table;

/// Runs Stateright and Spin beside failproof on one model, and prints how they compare, in Markdown.
///
/// Everyone checks the same property of the same states: where counts differ, nothing is compared. Each search is a
/// process of its own, one after the other, everyone in turn. Spin takes part if `spin` and `gcc` can be run.
#[derive(Debug, Parser)]
#[command(
    name = "peers",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = "Example: peers --size A --runs 5\n\n\
                  Ends with 0 if the table was printed, with 1 if counts differ or a checker failed, and with 2 for a \
                  mistake in the command line."
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    compare: Compare,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Searches once, and prints what was measured as JSON: what the command itself starts.
    #[command(hide = true)]
    Search { tool: Built, size: CommonSize, threads: usize },
}

#[derive(Debug, clap::Args)]
struct Compare {
    /// Which size of the model.
    #[arg(long, value_enum, ignore_case = true, default_value_t = CommonSize::L)]
    size: CommonSize,
    /// With how many threads: everyone who can use several takes part once with each of these numbers.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,2")]
    #[arg(value_parser = |text: &str| number(text, 1..=256))]
    threads: Vec<usize>,
    /// How often everyone searches; the table shows medians.
    #[arg(long, value_name = "N", default_value = "3")]
    #[arg(value_parser = |text: &str| number(text, 1..=1000))]
    runs: usize,
}

fn number(text: &str, valid: RangeInclusive<usize>) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| valid.contains(number));
    number.ok_or_else(|| format!("it has to be a number from {} to {}", valid.start(), valid.end()))
}

/// The sizes that exact counts are known of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CommonSize {
    /// 40,835 states
    Tiny,
    /// 176,691 states
    #[value(name = "A")]
    A,
    /// 1,319,118 states
    #[value(name = "B")]
    B,
    /// 7,876,133 states
    #[value(name = "L")]
    L,
}

impl CommonSize {
    fn size(self) -> Size {
        match self {
            CommonSize::Tiny => TINY,
            CommonSize::A => A,
            CommonSize::B => B,
            CommonSize::L => L,
        }
    }
}

/// Does what the command line says.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Search { tool, size, threads }) => search_once(tool, size, threads),
        None => compare(&cli.compare),
    };
    let Err(problem) = done else { return ExitCode::SUCCESS };
    eprintln!("error: {problem}");
    ExitCode::FAILURE
}

fn search_once(tool: Built, size: CommonSize, threads: usize) -> Result<(), Problem> {
    let measurement = search::here(tool, size.size(), threads)?;
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, &measurement).map_err(|error| Problem::Output(error.into()))?;
    writeln!(out).map_err(Problem::Output)
}

fn compare(args: &Compare) -> Result<(), Problem> {
    let spin = Spin::of(&args.size.size())?;
    let mut threads = args.threads.clone();
    threads.sort_unstable();
    threads.dedup();
    let mut comparison = Comparison::default();
    for run in 1..=args.runs {
        eprintln!("run {run} of {}", args.runs);
        run_each(&mut comparison, args.size, &threads, &spin)?;
    }
    let text = report(args, &comparison, &spin);
    std::io::stdout().write_all(text.as_bytes()).map_err(Problem::Output)
}

/// One search by everyone.
fn run_each(
    comparison: &mut Comparison,
    size: CommonSize,
    threads: &[usize],
    spin: &Spin,
) -> Result<(), Problem> {
    for &tool in Built::value_variants() {
        for &threads in threads {
            let contestant = Contestant { tool: Tool::Built(tool), threads };
            add(comparison, contestant, search::in_child(tool, size, threads)?)?;
        }
    }
    if let Spin::Installed(verifier) = spin {
        let measurement = verifier.search(comparison.counts())?;
        add(comparison, Contestant::SPIN, measurement)?;
    }
    Ok(())
}

fn add(
    comparison: &mut Comparison,
    contestant: Contestant,
    measurement: Measurement,
) -> Result<(), Problem> {
    eprintln!("  {contestant}: {:.2} s", measurement.seconds);
    Ok(comparison.add(contestant, measurement)?)
}

fn report(args: &Compare, comparison: &Comparison, spin: &Spin) -> String {
    let mut text = String::new();
    if let Some(counts) = comparison.counts() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        text += &format!(
            "Size {}: {} distinct states, {} generated. Median (and range) of {} in turn on {}.\n\n",
            search::name_of(&args.size),
            count(counts.distinct),
            count(counts.generated),
            counted(args.runs, "run"),
            counted(cores, "core"),
        );
    }
    text += &table(comparison);
    if let Spin::Lacks(program) = spin {
        text += &format!("\nLeft out: Spin, as there is no `{program}` that could be run.\n");
    }
    if cfg!(debug_assertions) {
        text += "\nThis was not built with `--release`: the figures say little.\n";
    }
    text
}

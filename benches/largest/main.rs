//! The built-in scenario of the most states, explored by failproof and by Stateright in turn: how long each takes, and
//! how much of that the model takes.

mod judged;
mod passes;

use std::process::ExitCode;

use clap::Parser;

/// Explores a built-in scenario in turn by failproof, as `check` does it, and by Stateright BFS, with the same
/// properties, one thread each, and prints the least time of each in Markdown.
#[derive(Debug, Parser)]
#[command(name = "largest", version)]
struct Cli {
    /// Which scenario.
    #[arg(default_value = "headline-shuffle-disk-one-more-subtask")]
    scenario: String,
    /// How often everyone explores.
    #[arg(long, value_name = "N", default_value_t = 5)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    runs: u32,
    /// Only those whose name begins like this.
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match passes::table(&cli.scenario, &cli.only, cli.runs) {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

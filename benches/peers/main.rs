//! Runs other checkers beside our explorer, on one model and in one run, and prints how they compare.

mod cli;
mod comparison;
mod contestant;
mod memory;
mod problem;
mod promela;
mod search;
mod spin;
mod table;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}

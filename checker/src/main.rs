//! The command line of failproof.

use failproof_checker::cli;
use failproof_checker::exit_code::ExitCode;

fn main() -> ExitCode {
    cli::main()
}

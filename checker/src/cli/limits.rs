//! How far an exploration may go, as flags.

use std::time::Duration;

use crate::explore::Limits;

/// Limits; a run that meets one is inconclusive.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits (a run that meets one is inconclusive)")]
pub(super) struct LimitArgs {
    /// Stop after N distinct states.
    #[arg(long, value_name = "N")]
    states: Option<usize>,
    /// Stop at depth N, counted in states.
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// Stop each scenario after so many seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time: Option<Duration>,
    /// Stop when the states take more than so many MiB.
    #[arg(long, value_name = "MIB", default_value_t = 4096)]
    memory: usize,
}

impl LimitArgs {
    /// As the explorer takes them.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            states: self.states,
            depth: self.depth,
            time: self.time,
            memory_bytes: Some(self.memory.saturating_mul(1 << 20)),
        }
    }
}

/// What `--time` is given.
pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let valid = "valid is a number of seconds such as 90 or 0.5";
    let seconds: f64 = text.parse().map_err(|_| valid.to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| valid.to_owned())
}

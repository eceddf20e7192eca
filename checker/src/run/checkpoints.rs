//! Where a run leaves what it has explored.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use failproof_model::scenario::Scenario;

use super::options::Options;
use crate::explore::{Checkpoint, CheckpointError};

/// Opens the checkpoint of a scenario.
///
/// # Errors
/// When it cannot be read or written, is damaged, or is of another run.
pub(super) fn open(
    directory: &Path,
    scenario: &Scenario,
    options: &Options,
) -> Result<Checkpoint, CheckpointError> {
    let path = directory.join(format!("{}.checkpoint", scenario.name));
    let io = |source| CheckpointError::Io { path: path.clone(), source };
    fs::create_dir_all(directory).map_err(io)?;
    Checkpoint::open(&path, &identity(scenario, options))
}

/// What decides which states there are, and in which order. The model is known by the program that it is a part of.
fn identity(scenario: &Scenario, options: &Options) -> String {
    let kept = if options.exact { "whole states" } else { "fingerprints" };
    let reduced = options.reductions.names().join(" and ");
    let text = format!("{scenario:?}");
    let checksum = crc32fast::hash(text.as_bytes());
    format!(
        "scenario {} ({checksum:08x}), {kept}, reduced by [{reduced}], failproof {} {}",
        scenario.name,
        env!("CARGO_PKG_VERSION"),
        build()
    )
}

/// Tells one build of this program from another.
fn build() -> String {
    let program = std::env::current_exe().and_then(fs::metadata);
    let Ok(program) = program else { return "of unknown build".to_owned() };
    let modified = program.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let built = modified.unwrap_or_default().as_nanos();
    format!("built {built:x}, {} bytes", program.len())
}

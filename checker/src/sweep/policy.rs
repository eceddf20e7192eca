//! How the engine recovers, in the columns of the sweep.

use std::fmt;

use failproof_model::design::{ConsumableInputs, RecoveryDesign, preset};
use serde::{Deserialize, Serialize};

use crate::spelling::spelt;
use crate::table;

/// Which tasks restart; everything else is as in preset `flink-2`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// All: the strategy `full`.
    RestartAll,
    /// All consumers of a region that restarts: what Flink does.
    Always,
    /// The same, and nobody is scheduled who reads a producer that waits for its restart: our own.
    HeldBack,
    /// Those that could see a difference: our own strategy.
    Affected,
    /// Consumers behind a partitioner that is declared nondeterministic: the Flink 1.9 article, read literally.
    OnlyIfNondeterministic,
    /// No consumers.
    Never,
}

impl Policy {
    /// All policies, from the one that restarts most.
    pub const ALL: [Policy; 6] = [
        Policy::RestartAll,
        Policy::Always,
        Policy::HeldBack,
        Policy::Affected,
        Policy::OnlyIfNondeterministic,
        Policy::Never,
    ];

    /// Every knob of it.
    pub fn design(self) -> RecoveryDesign {
        let always = table::Policy::Always.design();
        match self {
            Policy::RestartAll => preset("restart-all").map_or(always, |preset| preset.design),
            Policy::Always => always,
            Policy::HeldBack => {
                RecoveryDesign { consumable_inputs: ConsumableInputs::ToStay, ..always }
            }
            Policy::Affected => table::Policy::Affected.design(),
            Policy::OnlyIfNondeterministic => table::Policy::OnlyIfNondeterministic.design(),
            Policy::Never => table::Policy::Never.design(),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelt(self))
    }
}

//! The entries of the catalogue.

mod control_plane;
mod others;

use failproof_model::scenario::Defect;

use super::{Effect, Group, HistoricDefect, Reach, Seed, Seeded};

const ELECTED_MASTERS: Reach = Reach::Open { needs: "masters that are elected" };
const ADAPTIVE_SCHEDULER: Reach = Reach::OutOfReach {
    reason: "it is about the adaptive scheduler, which runs streaming jobs only; batch jobs have another one",
};
const CHECKPOINTS: Reach = Reach::OutOfReach {
    reason: "it is about checkpoints or savepoints, which streaming jobs take and batch jobs do not",
};

/// The entries of a group, in the order of the facts.
pub(super) const fn of(group: Group) -> &'static [HistoricDefect] {
    match group {
        Group::Scheduling => control_plane::SCHEDULING,
        Group::Partitions => control_plane::PARTITIONS,
        Group::Attempts => control_plane::ATTEMPTS,
        Group::TaskManagers => control_plane::TASK_MANAGERS,
        Group::Leadership => others::LEADERSHIP,
        Group::Coordinators => others::COORDINATORS,
        Group::OtherEngines => others::OTHER_ENGINES,
        Group::OwnSeeds => others::OWN_SEEDS,
    }
}

/// Seeded by a knob that exists for nothing else.
const fn defect(defect: Defect, scenario: &'static str, property: &'static str) -> Reach {
    Reach::Seeded(Seeded {
        seed: Seed::Defect(defect),
        scenario,
        effect: Effect::Violates(property),
    })
}

/// Seeded by a setting of the design.
const fn design(setting: &'static str, scenario: &'static str, property: &'static str) -> Reach {
    Reach::Seeded(Seeded {
        seed: Seed::Design(setting),
        scenario,
        effect: Effect::Violates(property),
    })
}

//! The catalogue of historic defects: what went wrong in real engines, and how the model shows it.
//!
//! A defect that is seeded has a scenario in which a property is violated with it and holds without it, or, where
//! nothing goes wrong, in which recovery is dearer. Whatever is not seeded says why.

mod entries;
mod page;

use std::fmt;

use failproof_model::scenario::Defect;

use crate::report::quantity::count;
use crate::scenario_file::{MistakenFile, ScenarioFile, Surroundings, builtin, parse};

pub use page::{COMMAND, render_markdown, seed_text};

/// All of the catalogue, in the order of the documentation.
pub fn defects() -> impl Iterator<Item = &'static HistoricDefect> {
    Group::ALL.into_iter().flat_map(|group| group.entries())
}

/// A defect that an engine had, or a rule of the facts that was broken to see what guards it.
#[derive(Clone, Copy, Debug)]
pub struct HistoricDefect {
    /// The name of what breaks it, where it is seeded by a name.
    pub id: &'static str,
    /// What engines call it; empty: nobody had it.
    pub tickets: &'static [&'static str],
    /// What went wrong.
    pub happened: &'static str,
    /// Whether the model shows it.
    pub reach: Reach,
}

/// What a defect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Regions and scheduling.
    Scheduling,
    /// Partitions.
    Partitions,
    /// Attempts and failovers that cross.
    Attempts,
    /// TaskManagers and their slots.
    TaskManagers,
    /// Leadership.
    Leadership,
    /// Coordinators, checkpoints, speculative and adaptive batch.
    Coordinators,
    /// Engines other than Flink.
    OtherEngines,
    /// No ticket.
    OwnSeeds,
}

impl Group {
    /// All groups, in the order of the documentation.
    pub const ALL: [Group; 8] = [
        Group::Scheduling,
        Group::Partitions,
        Group::Attempts,
        Group::TaskManagers,
        Group::Leadership,
        Group::Coordinators,
        Group::OtherEngines,
        Group::OwnSeeds,
    ];

    /// Its entries.
    pub const fn entries(self) -> &'static [HistoricDefect] {
        entries::of(self)
    }

    /// The heading of the group.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Scheduling => "A. Regions and scheduling",
            Group::Partitions => "B. Partitions",
            Group::Attempts => "C. Attempts and failovers that cross",
            Group::TaskManagers => "D. TaskManagers and slots",
            Group::Leadership => "E. Leadership",
            Group::Coordinators => "F. Coordinators, checkpoints, speculative and adaptive batch",
            Group::OtherEngines => "X. Other engines",
            Group::OwnSeeds => "Rules broken without a ticket",
        }
    }
}

/// Whether the model shows a defect.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// It does, both ways.
    Seeded(Seeded),
    /// It does not yet.
    Open {
        /// What the model has to have first.
        needs: &'static str,
    },
    /// It cannot within what is modelled.
    OutOfReach {
        /// Why.
        reason: &'static str,
    },
}

/// How a defect is shown.
#[derive(Clone, Copy, Debug)]
pub struct Seeded {
    /// What breaks the rule.
    pub seed: Seed,
    /// The scenario that shows it.
    pub scenario: &'static str,
    /// What it does there.
    pub effect: Effect,
}

/// What a scenario has with its defect, and not without.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// This property is violated with the defect, and holds without it.
    Violates(&'static str),
    /// Nothing goes wrong either way: recovery is only dearer. These are task runs beyond the first, in the worst run.
    TaskReruns {
        /// With the defect.
        with: u64,
        /// Without it.
        without: u64,
    },
}

/// What breaks a rule on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seed {
    /// A knob that exists for nothing else.
    Defect(Defect),
    /// A setting of the design, as a scenario file has it in `[design]`: releases shipped with it.
    Design(&'static str),
}

/// How many states a scenario has with its defect, and without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct States {
    /// With it; `None`: not pinned.
    pub with: Option<usize>,
    /// Without it; `None`: not pinned.
    pub without: Option<usize>,
}

impl HistoricDefect {
    /// How far it is: `seeded`, `measured`, `not yet` or `out of reach`.
    pub const fn status(&self) -> &'static str {
        match self.reach {
            Reach::Seeded(Seeded { effect: Effect::Violates(_), .. }) => "seeded",
            Reach::Seeded(Seeded { effect: Effect::TaskReruns { .. }, .. }) => "measured",
            Reach::Open { .. } => "not yet",
            Reach::OutOfReach { .. } => "out of reach",
        }
    }
}

impl Seeded {
    /// Its scenario; `None`: there is none of that name.
    ///
    /// # Errors
    /// It is no scenario.
    pub fn file(&self) -> Result<Option<ScenarioFile>, MistakenFile> {
        let found = builtin().find(|(name, _)| *name == self.scenario);
        found.map(|(name, text)| parse(name, text, &Surroundings::real())).transpose()
    }

    /// What its scenario is expected to have.
    ///
    /// # Errors
    /// It is no scenario.
    pub fn states(&self) -> Result<States, MistakenFile> {
        let file = self.file()?;
        let with = file.as_ref().and_then(|file| file.expectation.states);
        let twin = file.and_then(|file| file.twin);
        Ok(States { with, without: twin.and_then(|twin| twin.expectation.states) })
    }
}

impl fmt::Display for Effect {
    /// The property that is violated; or that none is, and what is dearer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Violates(property) => f.write_str(property),
            Effect::TaskReruns { with, without } => {
                write!(f, "none: {with} task reruns, not {without}")
            }
        }
    }
}

impl States {
    /// Both, as people read them.
    pub fn shown(self) -> [String; 2] {
        let shown =
            |states: Option<usize>| states.map_or_else(|| "?".to_owned(), |n| count(n as u64));
        [shown(self.with), shown(self.without)]
    }
}

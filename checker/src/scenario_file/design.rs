//! `preset` and `[design]`: which recovery design, and what is changed in it.

use failproof_model::design::{PRESETS, Preset, RecoveryDesign, RegionKnobs, Strategy, preset};
use failproof_model::job_graph::JobGraph;
use serde::Deserialize;

use super::mistake::{Mistake, MistakeKind, Read, Span};
use super::names::name_of;
use super::section::Section;
use super::value::Value;

/// The knobs of a region strategy.
const KNOBS: &[&str] = &["consumers", "backtrack", "skip-created", "merge-cycles", "availability"];
const OTHERS: &[&str] = &[
    "restart-attempts",
    "task-manager-loss",
    "release-during-job",
    "restart-backoff",
    "slot-allocation",
    "slot-sharing",
    "consumable-inputs",
    "registration",
    "master-failover",
    "snapshots",
    "resets-in-recovery",
    "recovered-tasks",
    "publication",
    "commit-marker",
    "job-result",
    "remote-losses",
    "fence-publication",
    "fence-result",
];

/// A recovery design and where it stands.
pub(super) struct Design {
    pub(super) preset: &'static Preset,
    pub(super) design: RecoveryDesign,
    /// What decided on the strategy: the key of that name, or the preset.
    strategy_place: Span,
}

/// A strategy without its knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum StrategyName {
    #[serde(rename = "restart-all")]
    All,
    #[serde(rename = "restart-individual")]
    Individual,
    #[serde(rename = "restart-pipelined-region")]
    PipelinedRegion,
    #[serde(rename = "restart-affected")]
    Affected,
}

impl From<Strategy> for StrategyName {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::RestartAll => StrategyName::All,
            Strategy::RestartIndividual => StrategyName::Individual,
            Strategy::RestartPipelinedRegion(_) => StrategyName::PipelinedRegion,
            Strategy::RestartAffected => StrategyName::Affected,
        }
    }
}

/// Reads the preset and what is changed in it.
pub(super) fn read(root: &Section<'_>) -> Read<Design> {
    let value = root.require("preset", "\"flink-2\"")?;
    match read_section(root)? {
        None => {
            let preset = read_preset(&value)?;
            Ok(Design { preset, design: preset.design, strategy_place: value.span })
        }
        Some(section) => read_over(&value, &section),
    }
}

/// Reads `[without]`: a preset and settings that are laid over those of the file, so that nothing is broken any more.
pub(super) fn read_without(root: &Section<'_>) -> Read<Option<Design>> {
    let Some(table) = root.get("without") else { return Ok(None) };
    let section = Section::of(&table, &[&["preset", "strategy"], KNOBS, OTHERS].concat())?;
    let value = match section.get("preset") {
        Some(value) => value,
        None => root.require("preset", "\"flink-2\"")?,
    };
    read_over(&value, &section.over(read_section(root)?)).map(Some)
}

fn read_section<'a>(root: &Section<'a>) -> Read<Option<Section<'a>>> {
    let keys = [&["strategy"], KNOBS, OTHERS].concat();
    root.get("design").map(|table| Section::of(&table, &keys)).transpose()
}

fn read_preset(value: &Value<'_>) -> Read<&'static Preset> {
    let name = value.text()?;
    let names = PRESETS.iter().map(|preset| preset.name);
    preset(name).ok_or_else(|| value.unknown_name("preset", name, names))
}

/// The preset of that name, changed by `section`.
fn read_over(value: &Value<'_>, section: &Section<'_>) -> Read<Design> {
    let preset = read_preset(value)?;
    let place = section.get("strategy").map_or_else(|| value.span.clone(), |found| found.span);
    Ok(Design { preset, design: read_changes(section, preset, &place)?, strategy_place: place })
}

fn read_changes(section: &Section<'_>, preset: &Preset, place: &Span) -> Read<RecoveryDesign> {
    let base = preset.design;
    let attempts = section.get("restart-attempts");
    Ok(RecoveryDesign {
        strategy: read_strategy(section, base.strategy, place)?,
        restart_attempts: match attempts {
            Some(value) => Some(value.small_count(0..=u8::MAX)?),
            None => base.restart_attempts,
        },
        task_manager_loss: section.setting_over(
            "task-manager-loss",
            "order of TaskManager loss",
            base.task_manager_loss,
        )?,
        release_during_job: section
            .boolean("release-during-job")?
            .unwrap_or(base.release_during_job),
        restart_backoff: section.setting_over(
            "restart-backoff",
            "restart back-off",
            base.restart_backoff,
        )?,
        slot_allocation: section.setting_over(
            "slot-allocation",
            "slot allocation",
            base.slot_allocation,
        )?,
        slot_sharing: section.setting_over("slot-sharing", "slot sharing", base.slot_sharing)?,
        consumable_inputs: section.setting_over(
            "consumable-inputs",
            "rule for consumable inputs",
            base.consumable_inputs,
        )?,
        registration: section.setting_over("registration", "registration", base.registration)?,
        master_failover: section.setting_over(
            "master-failover",
            "failover of masters",
            base.master_failover,
        )?,
        snapshots: section.setting_over("snapshots", "rule for snapshots", base.snapshots)?,
        resets_in_recovery: section.setting_over(
            "resets-in-recovery",
            "rule for resets in recovery",
            base.resets_in_recovery,
        )?,
        recovered_tasks: section.setting_over(
            "recovered-tasks",
            "rule for recovered tasks",
            base.recovered_tasks,
        )?,
        publication: section.setting_over("publication", "way to publish", base.publication)?,
        commit_marker: section.setting_over(
            "commit-marker",
            "commit marker",
            base.commit_marker,
        )?,
        job_result: section.setting_over("job-result", "order", base.job_result)?,
        remote_losses: section.setting_over(
            "remote-losses",
            "way to learn of losses",
            base.remote_losses,
        )?,
        fence_publication: section.boolean("fence-publication")?.unwrap_or(base.fence_publication),
        fence_result: section.boolean("fence-result")?.unwrap_or(base.fence_result),
    })
}

fn read_strategy(section: &Section<'_>, base: Strategy, place: &Span) -> Read<Strategy> {
    let name = section.setting_over("strategy", "strategy", StrategyName::from(base))?;
    if let (false, Some(knob)) = (name == StrategyName::PipelinedRegion, knob(section)) {
        let (knob, key_span) = knob;
        let kind = MistakeKind::KnobOfOtherStrategy { knob, strategy: name_of(name) };
        return Err(Mistake::new(kind, key_span)
            .related(place.clone(), "this decides on the strategy")
            .help("remove it, or say `strategy = \"restart-pipelined-region\"`"));
    }
    Ok(match name {
        StrategyName::All => Strategy::RestartAll,
        StrategyName::Individual => Strategy::RestartIndividual,
        StrategyName::Affected => Strategy::RestartAffected,
        StrategyName::PipelinedRegion => {
            Strategy::RestartPipelinedRegion(read_knobs(section, base)?)
        }
    })
}

/// The first knob of a region strategy that the section turns.
fn knob(section: &Section<'_>) -> Option<(&'static str, Span)> {
    KNOBS.iter().find_map(|&knob| Some((knob, section.get(knob)?.key_span)))
}

/// The knobs: those of the preset, where nothing else is said. A preset with another strategy has
/// none.
fn read_knobs(section: &Section<'_>, base: Strategy) -> Read<RegionKnobs> {
    let base = match base {
        Strategy::RestartPipelinedRegion(knobs) => Some(knobs),
        _ => None,
    };
    let policy = section.setting("consumers", "consumer policy")?;
    let rule = section.setting("availability", "availability rule")?;
    let switch = |key, of_base: Option<bool>| match section.boolean(key)?.or(of_base) {
        Some(on) => Ok(on),
        None => Err(missing(section, key)),
    };
    Ok(RegionKnobs {
        consumers: policy
            .or(base.map(|b| b.consumers))
            .ok_or_else(|| missing(section, "consumers"))?,
        backtrack: switch("backtrack", base.map(|b| b.backtrack))?,
        skip_created: switch("skip-created", base.map(|b| b.skip_created))?,
        merge_cycles: switch("merge-cycles", base.map(|b| b.merge_cycles))?,
        availability: rule
            .or(base.map(|b| b.availability))
            .ok_or_else(|| missing(section, "availability"))?,
    })
}

fn missing(section: &Section<'_>, knob: &'static str) -> Box<Mistake> {
    section
        .missing(knob)
        .help("the preset has no such knob: add it, or begin with a preset such as \"flink-2\"")
}

impl Design {
    /// Whether its strategy takes that job.
    pub(super) fn accepts(&self, job: &JobGraph, first_edge: Option<Span>) -> Read<()> {
        match (self.design.strategy, first_edge) {
            (Strategy::RestartIndividual, Some(edge)) => {
                let kind = MistakeKind::IndividualWithEdges { edges: job.edges.len() };
                Err(Mistake::new(kind, self.strategy_place.clone())
                    .related(edge, "the first edge")
                    .help("remove the edges, or choose a region preset such as \"flink-2\""))
            }
            _ => Ok(()),
        }
    }
}

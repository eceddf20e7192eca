//! `[faults]` and `[grain]`: what may go wrong, and in how fine steps things happen.

use failproof_model::job_graph::{JobEdge, JobGraph, Storage};
use failproof_model::scenario::{FaultBudget, FaultKind, Grain, Mechanism};

use super::mistake::{Mistake, MistakeKind, Read, Span};
use super::names::{name_of, names_of};
use super::section::Section;

/// Reads the fault budget; no faults, if nothing is said.
pub(super) fn read_budget(root: &Section<'_>) -> Read<FaultBudget> {
    let Some(table) = root.get("faults") else { return Ok(FaultBudget::NONE) };
    let section = Section::of(&table, &[&["total"], names_of::<FaultKind>()].concat())?;
    let value = section.require("total", "1")?;
    let total = value.small_count(0..=u8::MAX)?;
    let mut budget = FaultBudget { total, ..FaultBudget::NONE };
    for (kind, limit) in FaultKind::ALL.into_iter().zip(&mut budget.limits) {
        if let Some(value) = section.get(name_of(kind)) {
            *limit = value.small_count(0..=u8::MAX)?;
            let kind = MistakeKind::LimitAboveTotal { kind: name_of(kind), limit: *limit, total };
            if *limit > total {
                let place = section.get("total").map_or_else(Span::default, |total| total.span);
                return Err(value
                    .mistake(kind)
                    .related(place, "in all")
                    .help(format!("valid are 0 to {total}, or a larger `total`")));
            }
        }
    }
    if total > 0 && budget.limits.iter().all(|&limit| limit == 0) {
        let help = format!("add a limit such as `{} = 1`", name_of(FaultKind::TaskManagerDies));
        return Err(value.mistake(MistakeKind::NoKindOfFault).help(help));
    }
    Ok(budget)
}

/// A slot request can time out only where a vertex waits for its slot, and a call only where there are some.
pub(super) fn check_slots(root: &Section<'_>, faults: FaultBudget, grain: Grain) -> Read<()> {
    for (kind, needs, mistake, help) in [
        (
            FaultKind::SlotTimesOut,
            Mechanism::Deployment,
            MistakeKind::NoSlotRequest { kind: name_of(FaultKind::SlotTimesOut) },
            "add `fine = [\"deployment\"]` to `[grain]`, or remove the limit",
        ),
        (
            FaultKind::AskTimesOut,
            Mechanism::SlotMessages,
            MistakeKind::NothingAsked { kind: name_of(FaultKind::AskTimesOut) },
            "add `fine = [\"slots\", \"slot-messages\"]` to `[grain]`, or remove the limit",
        ),
    ] {
        if faults.limits[kind as usize] > 0 && !grain.is_fine(needs) {
            return never(root, kind, mistake, help);
        }
    }
    Ok(())
}

/// A remote storage can fail only where there is one.
pub(super) fn check_storage(root: &Section<'_>, faults: FaultBudget, job: &JobGraph) -> Read<()> {
    let kind = FaultKind::RemoteStorageFails;
    let remote = |edge: &JobEdge| {
        edge.storage == Storage::Reliable && edge.compiled_type().is_released_by_scheduler()
    };
    if faults.limits[kind as usize] == 0 || job.edges.iter().any(remote) {
        return Ok(());
    }
    let help = "add `storage = \"reliable\"` to an edge, or remove the limit";
    never(root, kind, MistakeKind::NothingRemote { kind: name_of(kind) }, help)
}

/// A kind of fault has a limit, and can never strike.
fn never(root: &Section<'_>, kind: FaultKind, mistake: MistakeKind, help: &str) -> Read<()> {
    let faults = root.require("faults", "{ total = 1 }")?;
    let limit = Section::of_names(&faults)?.require(name_of(kind), "1")?;
    Err(limit.mistake(mistake).help(help))
}

/// Reads which mechanisms are fine; all are coarse, if nothing is said.
pub(super) fn read_grain(root: &Section<'_>) -> Read<Grain> {
    let mut grain = Grain::default();
    let Some(table) = root.get("grain") else { return Ok(grain) };
    let section = Section::of(&table, &["fine"])?;
    let Some(fine) = section.get("fine") else { return Ok(grain) };
    for entry in fine.list()? {
        let mechanism: Mechanism = entry.one_of("mechanism")?;
        if grain.is_fine(mechanism) {
            let (what, name) = ("mechanism", name_of(mechanism).to_owned());
            return Err(Mistake::new(MistakeKind::NamedTwice { what, name }, entry.span));
        }
        grain.set(mechanism, true);
    }
    Ok(grain)
}

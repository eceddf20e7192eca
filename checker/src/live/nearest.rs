//! The shortest way on to what a property says is wrong, or is about.

use std::sync::Arc;

use failproof_model::action::Action;
use failproof_model::state::State;
use failproof_properties::{About, Facts, catalogue};
use failproof_traces::{Code, Kind};
use serde::Serialize;

use super::address::Steps;
use super::answer::Refusal;
use super::ground::{Told, Walked, limits};
use super::library::Library;
use super::path::{Run, steps_of, take};
use crate::explore::{self, Control, Explorer, Finding, Judge, Marks};
use crate::report::quantity::{count, counted};
use crate::run::{Ahead, Properties, encode};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) about: &'static About,
    /// Where it is violated, or a witness: where what it is about happens.
    pub(super) kind: Kind,
    /// States that may be looked at.
    pub(super) limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Nearest {
    /// The code of the whole run; none, if there is none, or if none was found within the limit.
    path: Option<String>,
    /// Steps from here on.
    steps: Option<usize>,
    /// Whether everything that lies ahead was seen, so that what was not found is not there.
    complete: bool,
    /// Distinct states that were seen.
    states: usize,
    /// All of that for people.
    sentence: String,
}

/// Looks for the nearest such place from the end of a run.
pub(super) fn nearest<const V: usize>(
    walked: &Walked<V>,
    library: &Library<'_>,
    steps: &Steps,
    wanted: &Wanted,
) -> Result<Nearest, Refusal> {
    let run = take(&walked.model, steps)?;
    let id = wanted.about.id;
    let judged = walked.judged(library);
    if let Some(why) = judged.unknown.as_ref().filter(|_| needs_free::<V>(id)) {
        return Err(Refusal::bad(format!(
            "nothing can be said of `{id}`, which compares with the runs without faults: {why}"
        )));
    }
    let Facts { model, free } = judged.properties.facts();
    let facts = Facts { model: Arc::clone(model), free: free.clone() };
    let properties = Properties::named(facts, &[id]);
    if let (Some(step), Kind::Violation) = (settled(&properties, &run), wanted.kind) {
        let sentence = format!(
            "`{id}` cannot be violated any more: what it wants has come, after {step} steps"
        );
        return Ok(Nearest { path: None, steps: None, complete: true, states: 0, sentence });
    }
    let from = run.states[run.states.len() - 1];
    let ahead = Ahead { model, from: vec![from] };
    let forward = Forward(&properties);
    let control = Control { interrupted: Some(library.interrupted), progress: None };
    let explorer = Explorer::new(&ahead, &forward).limits(limits(wanted.limit));
    let (mut exploration, _) = explorer.explore(control);
    let stopped = exploration.stopped;
    let finding = exploration.findings.pop();
    let found = finding.and_then(|finding| actions_to(finding, wanted.kind));
    let sentence = match (&found, stopped) {
        (Some((actions, _)), _) => found_in(actions.len(), wanted),
        (None, None) => format!(
            "no way on from here {}: all of the {} that lie ahead were seen",
            verb(wanted),
            counted(exploration.distinct, "state")
        ),
        (None, Some(stopped)) => format!(
            "none was found among the {} nearest states ({stopped}): there may be one further on; `--limit` says how \
             many are looked at",
            count(exploration.distinct as u64)
        ),
    };
    let taken = found.as_ref().map(|(actions, _)| actions.len());
    let path = found.map(|(actions, lasso)| code(walked, &run, actions, (wanted, lasso)));
    let (complete, states) = (stopped.is_none(), exploration.distinct);
    Ok(Nearest { path: path.transpose()?, steps: taken, complete, states, sentence })
}

/// The steps to what was looked for, and from which of their states on they repeat themselves.
fn actions_to(finding: Finding<Action>, kind: Kind) -> Option<(Vec<Action>, Option<usize>)> {
    match kind {
        Kind::Violation => finding.violation.map(|path| (path.actions, finding.lasso)),
        Kind::Witness => finding.witness.map(|path| (path.actions, None)),
    }
}

fn verb(wanted: &Wanted) -> String {
    let id = wanted.about.id;
    match wanted.kind {
        Kind::Violation => format!("violates `{id}`"),
        Kind::Witness => format!("leads to what `{id}` is about"),
    }
}

fn found_in(steps: usize, wanted: &Wanted) -> String {
    let id = wanted.about.id;
    let what = match wanted.kind {
        Kind::Violation => format!("`{id}` is violated"),
        Kind::Witness => format!("what `{id}` is about"),
    };
    match steps {
        0 => format!("already here: {what}"),
        steps => format!("{} on: {what}", counted(steps, "step")),
    }
}

/// The code of a run that goes on from another.
fn code<const V: usize>(
    walked: &Walked<V>,
    run: &Run<V>,
    actions: Vec<Action>,
    (wanted, lasso): (&Wanted, Option<usize>),
) -> Result<String, Refusal> {
    let (model, before) = (&*walked.model, run.actions.len());
    let mut run = run.clone();
    for action in actions {
        let state = run.states[run.states.len() - 1];
        run.states.push(model.apply(&state, action));
        run.actions.push(action);
    }
    let told = Told {
        scenario: None,
        steps: steps_of(model, &run),
        kind: wanted.kind,
        property: Some(wanted.about.id.to_owned()),
        lasso: lasso.map(|lasso| lasso + before),
    };
    let trace = walked.record(&told, &run)?;
    let code = Code::of(model, &model.scenario.name, &trace, encode);
    code.map(|code| code.to_string()).map_err(Refusal::internal)
}

fn needs_free<const V: usize>(id: &str) -> bool {
    let all = failproof_properties::all::<V>();
    all.iter().zip(catalogue()).any(|(property, about)| about.id == id && property.needs_free())
}

/// The steps after which what had to come once has come.
fn settled<const V: usize>(properties: &Properties<V>, run: &Run<V>) -> Option<usize> {
    let model = &*properties.facts().model;
    let comes_once = properties.kind(0) == explore::Kind::Eventually;
    let is_goal = |state: &State<V>| properties.is_goal(0, model, state);
    comes_once.then(|| run.states.iter().position(is_goal)).flatten()
}

/// Judges what lies ahead by one property. That a goal is owed for something before needs no memory: what it is owed
/// for lasts until it comes, which a test sees to.
struct Forward<'a, const V: usize>(&'a Properties<V>);

impl<const V: usize> Judge<Ahead<'_, V>> for Forward<'_, V> {
    fn properties(&self) -> usize {
        self.0.properties()
    }

    fn kind(&self, property: usize) -> explore::Kind {
        self.0.kind(property)
    }

    fn on_step(
        &self,
        ahead: &Ahead<'_, V>,
        state: &State<V>,
        action: &Action,
        next: &State<V>,
    ) -> Marks {
        self.0.on_step(ahead.model, state, action, next)
    }

    fn on_expanded(&self, ahead: &Ahead<'_, V>, state: &State<V>, successors: usize) -> Marks {
        self.0.on_expanded(ahead.model, state, successors)
    }

    fn is_goal(&self, property: usize, ahead: &Ahead<'_, V>, state: &State<V>) -> bool {
        self.0.is_goal(property, ahead.model, state)
    }

    fn is_premise(&self, property: usize, ahead: &Ahead<'_, V>, state: &State<V>) -> bool {
        self.0.is_premise(property, ahead.model, state)
    }

    fn fairness(&self, state: &State<V>, action: &Action) -> Option<u8> {
        self.0.fairness(state, action)
    }

    fn rules(&self) -> usize {
        self.0.rules()
    }

    fn rule(&self, action: &Action) -> usize {
        self.0.rule(action)
    }

    fn is_mishap(&self, rule: usize) -> bool {
        self.0.is_mishap(rule)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    use failproof_model::failover::Failover;
    use failproof_traces::Trace;

    use super::*;
    use crate::live::library::Entry;
    use crate::live::random::stroll;
    use crate::run::{WithModel, with_model};
    use crate::scenario_file::{Surroundings, builtin, parse};

    /// States that are enough for most of the committed violations.
    const STATES: usize = 5_000;

    struct Coding<'a>(&'a Trace);

    impl WithModel for Coding<'_> {
        type Output = Code;

        fn with<const V: usize>(self, model: Failover<V>) -> Code {
            Code::of(&model, &model.scenario.name, self.0, encode).unwrap()
        }
    }

    /// On random walks, what a goal is owed for lasts until one comes.
    struct Owed;

    impl WithModel for Owed {
        type Output = usize;

        fn with<const V: usize>(self, model: Failover<V>) -> usize {
            let model = Arc::new(model);
            let facts = Facts { model: Arc::clone(&model), free: Default::default() };
            let judge = Properties::new(facts);
            let leads_to = |&property: &usize| judge.kind(property) == explore::Kind::LeadsTo;
            let mut seen = 0;
            for seed in 0..20 {
                let mut run = take(&model, &Steps::default()).unwrap();
                stroll(&model, &mut run, seed, 100);
                for property in (0..judge.properties()).filter(leads_to) {
                    let owes = |state| judge.is_premise(property, &model, state);
                    for pair in run.states.windows(2).filter(|pair| owes(&pair[0])) {
                        let settled = judge.is_goal(property, &model, &pair[1]);
                        let (id, name) = (catalogue()[property].id, &model.scenario.name);
                        assert!(settled || owes(&pair[1]), "{id} in {name}");
                        seen += 1;
                    }
                }
            }
            seen
        }
    }

    #[test]
    fn what_a_goal_is_owed_for_lasts_until_it_comes() {
        let seen = builtin().map(|(name, text)| {
            let file = parse(name, text, &Surroundings::real()).unwrap();
            with_model(&file.scenario, Owed).unwrap()
        });
        assert!(seen.sum::<usize>() > 1_000);
    }

    /// From every state of a violation the violation still lies ahead.
    #[test]
    fn from_anywhere_on_the_way_a_violation_is_found_and_is_one() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../traces/corpus");
        let interrupted = AtomicBool::new(false);
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in fs::read_dir(corpus).unwrap() {
            let path = entry.unwrap().path();
            let Ok(trace) = Trace::read(&fs::read_to_string(&path).unwrap()) else { continue };
            if trace.kind != Kind::Violation {
                continue;
            }
            let file = parse("the trace", &trace.scenario, &Surroundings::real()).unwrap();
            let code = with_model(&file.scenario, Coding(&trace)).unwrap();
            let entry = Entry { origin: "the trace".to_owned(), file };
            let library = Library::new(Some(entry), STATES, &interrupted);
            let ground = library.ground(None).unwrap();
            let id = trace.property.as_deref().unwrap();
            let about = catalogue().into_iter().find(|about| about.id == id).unwrap();
            let wanted = Wanted { about, kind: Kind::Violation, limit: STATES };
            let last = code.steps.len();
            for taken in [0, last / 2, last.saturating_sub(1)] {
                let steps = Steps(code.steps[..taken].to_vec());
                let Ok(nearest) = ground.nearest(&library, &steps, &wanted) else { continue };
                let shown = path.display();
                let Some(code) = nearest.path else {
                    assert!(!nearest.complete, "{shown} from {taken}: {}", nearest.sentence);
                    continue;
                };
                let code: Code = code.parse().unwrap();
                if about.kind == failproof_properties::Kind::Safety {
                    assert!(code.steps.len() <= last, "{shown} from {taken}");
                }
                let told = Told {
                    scenario: None,
                    steps: Steps(code.steps),
                    kind: code.kind,
                    property: code.property,
                    lasso: code.lasso,
                };
                let look = ground.look(&library, &told).unwrap();
                assert_eq!(look.refuted, None, "{shown} from {taken}");
                *found.entry(about.kind.name()).or_default() += 1;
            }
        }
        let least = [("eventually", 12), ("leads-to", 12), ("reachability", 12), ("safety", 150)];
        for (kind, least) in least {
            assert!(found.get(kind).is_some_and(|found| *found >= least), "{found:?}");
        }
    }
}

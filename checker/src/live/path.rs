//! From the steps that an address names to the states that they lead through.

use failproof_model::action::Action;
use failproof_model::failover::Failover;
use failproof_model::state::State;
use failproof_traces::Replayed;

use super::address::Steps;
use super::answer::Refusal;

/// The run of a model.
pub(super) type Run<const V: usize> = Replayed<State<V>, Action>;

/// Takes the steps from where the model begins.
pub(super) fn take<const V: usize>(model: &Failover<V>, steps: &Steps) -> Result<Run<V>, Refusal> {
    let mut run = Run { states: vec![model.init()], actions: Vec::new() };
    let mut state = model.init();
    for (index, &place) in steps.0.iter().enumerate() {
        let enabled = model.enabled(&state);
        let Some(&action) = enabled.get(place) else {
            return Err(not_enabled(model, index + 1, place, &enabled));
        };
        state = model.apply(&state, action);
        run.actions.push(action);
        run.states.push(state);
    }
    Ok(run)
}

/// The steps of a run, each by its place.
pub(super) fn steps_of<const V: usize>(model: &Failover<V>, run: &Run<V>) -> Steps {
    let place = |(state, action): (&State<V>, &Action)| {
        let enabled = model.enabled(state);
        enabled.iter().position(|it| it == action).unwrap_or(enabled.len())
    };
    Steps(run.states.iter().zip(&run.actions).map(place).collect())
}

fn not_enabled<const V: usize>(
    model: &Failover<V>,
    step: usize,
    place: usize,
    enabled: &[Action],
) -> Refusal {
    let listed = enabled.iter().enumerate();
    let listed: Vec<String> =
        listed.map(|(k, &it)| format!("{k} {}", model.notation(it))).collect();
    let possible = match listed.is_empty() {
        true => "nothing is possible there".to_owned(),
        false => format!("possible there: {}", listed.join(", ")),
    };
    Refusal::bad(format!("step {step} of the path, {place}, cannot be taken; {possible}"))
}

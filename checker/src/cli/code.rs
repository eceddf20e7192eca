//! Codes of traces: read with the scenario that they name, and written.

use std::path::Path;

use failproof_model::failover::Failover;
use failproof_traces::{Code, CodeError, Digest, Divergence, Trace};

use super::case::Case;
use super::problem::Problem;
use crate::run::{RunError, WithModel, encode, with_model};

/// The trace of a code. Its scenario is the built-in one of that name, or the one that is given.
pub(super) fn read(text: &str, scenario: Option<&Path>) -> Result<(Case, Trace), Problem> {
    let refused = |error: &dyn std::fmt::Display| Problem::Refused(format!("the code: {error}"));
    let code: Code = text.parse().map_err(|error: CodeError| refused(&error))?;
    let case = Case::named(scenario.unwrap_or(Path::new(&code.scenario)))?;
    let found = Digest::of(case.file.text.as_bytes());
    if found != code.scenario_digest {
        return Err(refused(&format!(
            "it is of a scenario `{}` of digest {}, and {} has {found}; give that scenario with `--scenario FILE`",
            code.scenario, code.scenario_digest, case.origin
        )));
    }
    let trace = with_model(&case.file.scenario, Taking { code: &code });
    let run = |source: RunError| Problem::Run { scenario: case.origin.clone(), source };
    let mut trace = trace.map_err(|error| run(error.into()))?.map_err(|error| refused(&error))?;
    trace.scenario.clone_from(&case.file.text);
    Ok((case, trace))
}

/// The code of a trace, as a line; or that it is no run of the model any more.
pub(super) fn write(case: &Case, trace: &Trace) -> Result<Result<String, String>, Problem> {
    // The scenario of a trace need not be the one that it was made of: a prefix becomes steps.
    let file = Case::of_text(&case.origin, &trace.scenario)?.file;
    let code = with_model(&file.scenario, Writing { trace, name: &file.scenario.name });
    let run = |source: RunError| Problem::Run { scenario: case.origin.clone(), source };
    let code = code.map_err(|error| run(error.into()))?;
    Ok(match code {
        Ok(code) => Ok(format!("{code}\n")),
        Err(divergence) => Err(format!("diverged: {divergence}")),
    })
}

struct Taking<'a> {
    code: &'a Code,
}

impl WithModel for Taking<'_> {
    type Output = Result<Trace, CodeError>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        self.code.trace(&model, concat!("failproof ", env!("CARGO_PKG_VERSION")), encode)
    }
}

struct Writing<'a> {
    trace: &'a Trace,
    name: &'a str,
}

impl WithModel for Writing<'_> {
    type Output = Result<Code, Divergence>;

    fn with<const V: usize>(self, model: Failover<V>) -> Self::Output {
        Code::of(&model, self.name, self.trace, encode)
    }
}

//! A scenario together with where it comes from.

use std::path::{Path, PathBuf};

use super::context::Context;
use super::problem::Problem;
use crate::run::result::{ExpectedCounts, PieceOf, ScenarioResult, Verdict};
use crate::scenario_file::{
    Expectation, ExpectedVerdict, ScenarioFile, Surroundings, Tier, builtin, load, parse,
};

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// Its file, or its name if it is built in: what messages call it.
    pub origin: String,
    /// What the file says.
    pub file: ScenarioFile,
    /// The job that it is a piece of, if it is only that.
    pub piece_of: Option<PieceOf>,
    /// Whether this is what the file says without what is broken in it on purpose.
    pub without_defect: bool,
}

impl Case {
    /// The built-in scenarios: all, or those of the quick tier.
    pub(super) fn builtin(all: bool) -> Result<Vec<Case>, Problem> {
        let cases = builtin().map(|(name, text)| Case::of_text(name, text));
        let cases = cases.collect::<Result<Vec<_>, _>>()?;
        Ok(cases.into_iter().filter(|case| all || case.file.tier == Tier::Quick).collect())
    }

    /// The built-in scenario of that name, or the scenario in that file.
    pub(super) fn named(name: &Path) -> Result<Case, Problem> {
        match builtin().find(|(builtin, _)| Path::new(builtin) == name) {
            Some((name, text)) => Case::of_text(name, text),
            None if is_name(name) => {
                let (shown, names) = (name.display().to_string(), builtin().map(|(name, _)| name));
                let valid = "valid is what `failproof list scenarios` lists, or the path of a scenario file";
                Err(Problem::unknown("built-in scenario", &shown, names, valid))
            }
            None => Case::of_file(&name.display().to_string(), load(name, &Surroundings::real())?),
        }
    }

    /// What [`Case::named`] gives for all of them; nothing, once all mistakes in them are reported.
    pub(super) fn all_named(names: &[PathBuf], context: &mut Context<'_>) -> Option<Vec<Case>> {
        let mut problems = Vec::new();
        let mut cases: Vec<Case> = Vec::new();
        for case in names.iter().map(|name| Case::named(name)) {
            match case.and_then(|case| case.beside(&cases)) {
                Ok(case) => cases.push(case),
                Err(problem) => problems.push(problem),
            }
        }
        problems.iter().for_each(|problem| {
            context.report(problem);
        });
        problems.is_empty().then_some(cases)
    }

    /// Refused, if one of `others` has the same name: reports could not tell the two apart, and the traces of one would
    /// take the place of those of the other.
    fn beside(self, others: &[Case]) -> Result<Case, Problem> {
        match others.iter().find(|other| other.name() == self.name()) {
            None => Ok(self),
            Some(other) if other.origin == self.origin => Err(Problem::Refused(format!(
                "`{}` is asked for twice; once is enough",
                self.origin
            ))),
            Some(other) => Err(Problem::Refused(format!(
                "two scenarios have the name `{}`, in {} and in {}; give each a `name` of its own",
                self.name(),
                other.origin,
                self.origin
            ))),
        }
    }

    /// The scenario that a text describes.
    pub(super) fn of_text(origin: &str, text: &str) -> Result<Case, Problem> {
        Case::of_file(origin, parse(origin, text, &Surroundings::real())?)
    }

    fn of_file(origin: &str, file: ScenarioFile) -> Result<Case, Problem> {
        file.check_model(origin)?;
        Ok(Case { origin: origin.to_owned(), file, piece_of: None, without_defect: false })
    }

    /// The same without what is broken in it on purpose; nothing, if nothing is.
    pub(super) fn twin(&self) -> Result<Option<Case>, Problem> {
        let Some(file) = &self.file.twin else { return Ok(None) };
        let twin = Case::of_file(&self.origin, file.as_ref().clone())?;
        Ok(Some(Case { without_defect: true, ..twin }))
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.file.scenario.name
    }

    /// Where the trace of a violation is written.
    pub(super) fn trace_path(&self, directory: &Path, property: &str) -> PathBuf {
        directory.join(format!("{}.{property}.json", self.name()))
    }

    /// Adds what the file says to what was found: the preset, what the scenario is a piece of, which properties it is
    /// about and what is expected of them, and the text of the scenario to the traces.
    pub(super) fn annotate(&self, result: &mut ScenarioResult) {
        result.preset.clone_from(&self.file.preset);
        result.piece_of.clone_from(&self.piece_of);
        result.without_defect = self.without_defect;
        expect(&self.file.expectation, result);
        for property in &mut result.properties {
            let traces = [&mut property.counterexample, &mut property.witness];
            for trace in traces.into_iter().flatten() {
                trace.scenario.clone_from(&self.file.text);
            }
        }
    }
}

/// Writes into a result what is expected of it.
pub(super) fn expect(expectation: &Expectation, result: &mut ScenarioResult) {
    let &Expectation { states, generated, depth, .. } = expectation;
    result.expected = ExpectedCounts { states, generated, depth };
    for property in &mut result.properties {
        property.expected = expectation.verdict(&property.id).map(Verdict::from);
        property.named = property.expected.is_some();
    }
}

impl From<ExpectedVerdict> for Verdict {
    fn from(expected: ExpectedVerdict) -> Verdict {
        match expected {
            ExpectedVerdict::Holds => Verdict::Holds,
            ExpectedVerdict::Violated => Verdict::Violated,
        }
    }
}

/// Whether an argument is meant as a name: it looks like one, and there is no such file.
fn is_name(argument: &Path) -> bool {
    argument.extension().is_none() && argument.components().count() == 1 && !argument.exists()
}

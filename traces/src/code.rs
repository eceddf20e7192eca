//! A trace in one line of text, to paste into a ticket.
//!
//! ```text
//! failproof:1:SCENARIO:DIGEST:KIND:PROPERTY:LASSO:0.3.12:DIGEST
//! ```
//!
//! The scenario is named and not part of it; its digest is, so that another scenario of that name is found out. A step
//! is its place among the actions that are enabled where it is taken, from 0. The last digest is that of the state at
//! the end.
//! `-` stands for no property and for no lasso.

use std::fmt::{self, Debug};
use std::str::FromStr;

use stateright::Model;
use thiserror::Error;

use crate::digest::Digest;
use crate::record::{About, record};
use crate::replay::{Divergence, replay};
use crate::trace::{Kind, Trace};

/// A trace in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The name of the scenario.
    pub scenario: String,
    /// The digest of its text.
    pub scenario_digest: Digest,
    /// See [`Trace::kind`].
    pub kind: Kind,
    /// See [`Trace::property`].
    pub property: Option<String>,
    /// See [`Trace::lasso`].
    pub lasso: Option<usize>,
    /// The place of each step among the enabled actions.
    pub steps: Vec<usize>,
    /// The digest of the last state.
    pub end: Digest,
}

impl Code {
    /// What every code begins with.
    pub const BEGINS: &str = "failproof:1:";

    /// The code of a trace, whose scenario has that name and was made into `model`. `encode` is what the trace was
    /// recorded with.
    ///
    /// # Errors
    /// The first place where the model differs from the record.
    pub fn of<M: Model>(
        model: &M,
        name: &str,
        trace: &Trace,
        encode: impl Fn(&M::State) -> Vec<u8>,
    ) -> Result<Code, Divergence>
    where
        M::Action: Debug + PartialEq,
    {
        let replayed = replay(model, trace, &encode)?;
        let place = |(state, action): (&M::State, &M::Action)| {
            let enabled = model.next_steps(state);
            enabled.iter().position(|(it, _)| it == action).unwrap_or(enabled.len())
        };
        let steps = replayed.states.iter().zip(&replayed.actions).map(place).collect();
        let end = trace.steps.last().map_or(trace.init, |step| step.digest);
        Ok(Code {
            scenario: name.to_owned(),
            scenario_digest: Digest::of(trace.scenario.as_bytes()),
            kind: trace.kind,
            property: trace.property.clone(),
            lasso: trace.lasso,
            steps,
            end,
        })
    }

    /// The trace, without the text of its scenario. `tool` is whoever makes it.
    ///
    /// # Errors
    /// In `model` there is no such run, or it ends elsewhere.
    pub fn trace<M: Model>(
        &self,
        model: &M,
        tool: &str,
        encode: impl Fn(&M::State) -> Vec<u8>,
    ) -> Result<Trace, CodeError>
    where
        M::Action: Debug + PartialEq,
    {
        let begin = || model.init_states().into_iter().next().ok_or(CodeError::NoBeginning);
        let (mut state, mut actions) = (begin()?, Vec::new());
        for (index, &place) in self.steps.iter().enumerate() {
            let mut possible = model.next_steps(&state);
            if place >= possible.len() {
                let (step, enabled) = (index + 1, possible.len());
                return Err(CodeError::NoSuchStep { step, place, enabled });
            }
            let (action, next) = possible.swap_remove(place);
            actions.push(action);
            state = next;
        }
        let found = Digest::of(&encode(&state));
        if found != self.end {
            return Err(CodeError::OtherEnd { recorded: self.end, found });
        }
        let about = About {
            tool: tool.to_owned(),
            kind: self.kind,
            property: self.property.clone(),
            lasso: self.lasso,
            scenario: String::new(),
        };
        record(model, about, begin()?, actions, encode)
            .map_err(|error| CodeError::NotTaken(error.to_string()))
    }
}

/// One line, without a line break and without blanks.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasso = self.lasso.map(|lasso| lasso.to_string());
        let steps: Vec<String> = self.steps.iter().map(usize::to_string).collect();
        let fields = [
            self.scenario.clone(),
            self.scenario_digest.to_string(),
            self.kind.name().to_owned(),
            self.property.clone().unwrap_or_else(|| NONE.to_owned()),
            lasso.unwrap_or_else(|| NONE.to_owned()),
            steps.join("."),
            self.end.to_string(),
        ];
        write!(f, "{}{}", Self::BEGINS, fields.join(":"))
    }
}

const NONE: &str = "-";

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let fields = text.trim().strip_prefix(Self::BEGINS).ok_or(CodeError::NoCode)?;
        let fields: Vec<&str> = fields.split(':').collect();
        let [scenario, scenario_digest, kind, property, lasso, steps, end] = fields[..] else {
            return Err(CodeError::Fields { found: fields.len() });
        };
        let field =
            |name: &'static str, text: &str| CodeError::Field { name, text: text.to_owned() };
        let digest = |name, text: &str| text.parse::<Digest>().map_err(|_| field(name, text));
        let number = |name, text: &str| text.parse::<usize>().map_err(|_| field(name, text));
        let kinds = [Kind::Violation, Kind::Witness];
        let found = kinds.into_iter().find(|it| it.name() == kind);
        let kind = found.ok_or_else(|| field("kind", kind))?;
        let property = (property != NONE).then(|| property.to_owned());
        if kind == Kind::Violation && property.is_none() {
            return Err(field("property", NONE));
        }
        let steps = match steps {
            "" => Vec::new(),
            steps => steps.split('.').map(|step| number("step", step)).collect::<Result<_, _>>()?,
        };
        Ok(Code {
            scenario: scenario.to_owned(),
            scenario_digest: digest("digest of the scenario", scenario_digest)?,
            kind,
            property,
            lasso: (lasso != NONE).then(|| number("lasso", lasso)).transpose()?,
            steps,
            end: digest("digest of the end", end)?,
        })
    }
}

/// Why a text is no code, or a code no run.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CodeError {
    /// It does not begin like one.
    #[error("a code begins with `{}`", Code::BEGINS)]
    NoCode,
    /// It is cut short, or something follows it.
    #[error("a code has 7 fields after `{}`, and this one has {found}", Code::BEGINS)]
    Fields {
        /// How many there are.
        found: usize,
    },
    /// A field that cannot be read.
    #[error("`{text}` is no {name}")]
    Field {
        /// What it should be.
        name: &'static str,
        /// What it is.
        text: String,
    },
    /// The model begins nowhere.
    #[error("the model begins nowhere")]
    NoBeginning,
    /// A step that is not there.
    #[error(
        "step {step} is number {place} of the enabled actions, counted from 0, and there are {enabled}"
    )]
    NoSuchStep {
        /// From 1.
        step: usize,
        /// As the code says.
        place: usize,
        /// As the model says.
        enabled: usize,
    },
    /// The steps lead elsewhere.
    #[error("the steps led to a state of digest {recorded} and now lead to {found}")]
    OtherEnd {
        /// What the code says.
        recorded: Digest,
        /// What the model says.
        found: Digest,
    },
    /// The model does not take what it offers.
    #[error("{0}")]
    NotTaken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str =
        "failproof:1:two-stages:cbf29ce484222325:violation:some-property:3:0.12.1:af63dc4c8601ec8c";

    #[test]
    fn a_code_is_read_as_it_was_written() {
        let code: Code = CODE.parse().unwrap();
        assert_eq!((code.steps.as_slice(), code.lasso), (&[0, 12, 1][..], Some(3)));
        assert_eq!(code.to_string(), CODE);
        let kept = CODE.replace("violation:some-property:3:0.12.1", "witness:-:-:");
        let code: Code = format!(" {kept}\n").parse().unwrap();
        assert_eq!((code.property.as_ref(), code.lasso, code.steps.len()), (None, None, 0));
        assert_eq!(code.to_string(), kept);
    }

    #[test]
    fn what_is_no_code_is_told_why() {
        for (text, why) in [
            ("failproof:2:x", "a code begins with `failproof:1:`"),
            (&CODE[..60], "a code has 7 fields after `failproof:1:`, and this one has 4"),
            (&CODE.replace("0.12.1", "0.x.1"), "`x` is no step"),
            (&CODE.replace("violation", "violated"), "`violated` is no kind"),
            (&CODE.replace("some-property", "-"), "`-` is no property"),
            (&CODE.replace(":3:", ":three:"), "`three` is no lasso"),
            (&CODE.replace("af63dc4c8601ec8c", "af63"), "`af63` is no digest of the end"),
        ] {
            assert_eq!(text.parse::<Code>().unwrap_err().to_string(), why, "{text}");
        }
    }
}

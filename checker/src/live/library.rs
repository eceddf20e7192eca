//! The scenarios that are served, and their models once they were asked for.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use failproof_model::failover::{Failover, ModelError};
use failproof_traces::{Code, Digest};

use super::answer::Refusal;
use super::ground::{Ground, Walked};
use crate::run::{WithModel, with_model};
use crate::scenario_file::{ScenarioFile, Surroundings, builtin, parse};

/// A scenario that was given when the server was started.
pub(crate) struct Entry {
    /// Its file, or its name if it is built in.
    pub(crate) origin: String,
    /// What the file says.
    pub(crate) file: ScenarioFile,
}

/// Everything that requests share.
pub(crate) struct Library<'a> {
    given: Option<Entry>,
    /// States that one request may look at.
    pub(super) limit: usize,
    /// Set once the process is told to end.
    pub(super) interrupted: &'a AtomicBool,
    opened: Mutex<BTreeMap<Option<String>, Arc<dyn Ground>>>,
}

impl<'a> Library<'a> {
    /// All built-in scenarios, and one that is served where an address names none. One request looks at no more than
    /// `limit` states.
    pub(crate) fn new(given: Option<Entry>, limit: usize, interrupted: &'a AtomicBool) -> Self {
        Library { given, limit, interrupted, opened: Mutex::default() }
    }

    /// Whether there is a scenario without a name.
    pub(super) fn has_given(&self) -> bool {
        self.given.is_some()
    }

    /// A scenario by its name; without one, the one that was given.
    pub(super) fn ground(&self, name: Option<&str>) -> Result<Arc<dyn Ground>, Refusal> {
        let key = name.map(str::to_owned);
        if let Some(ground) = self.opened().get(&key) {
            return Ok(Arc::clone(ground));
        }
        let ground = match name {
            Some(name) => open(&self.builtin(name)?)?,
            None => open(self.given.as_ref().ok_or_else(none_given)?)?,
        };
        Ok(Arc::clone(self.opened().entry(key).or_insert(ground)))
    }

    /// The scenario of a code, and the name by which addresses know it: the text has to be the very one that the code
    /// was made of.
    pub(super) fn of_code(&self, code: &Code) -> Result<Option<String>, Refusal> {
        let is_it = |text: &str| Digest::of(text.as_bytes()) == code.scenario_digest;
        let name = &code.scenario;
        let found = builtin().find(|(builtin, text)| builtin == name && is_it(text));
        if let Some((name, _)) = found {
            return Ok(Some(name.to_owned()));
        }
        if self.given.as_ref().is_some_and(|given| is_it(&given.file.text)) {
            return Ok(None);
        }
        Err(Refusal::bad(format!(
            "the code in the path is of a scenario `{name}` of digest {}, which is neither built in nor the one that \
             is served; start `failproof explore` with its file",
            code.scenario_digest
        )))
    }

    fn builtin(&self, name: &str) -> Result<Entry, Refusal> {
        let Some((name, text)) = builtin().find(|(builtin, _)| *builtin == name) else {
            return Err(Refusal::missing(format!(
                "there is no built-in scenario `{name}`; /scenarios lists what there is"
            )));
        };
        let file = parse(name, text, &Surroundings::real()).map_err(|_| {
            Refusal::internal(format!("the built-in scenario `{name}` cannot be read"))
        })?;
        Ok(Entry { origin: name.to_owned(), file })
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, BTreeMap<Option<String>, Arc<dyn Ground>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn none_given() -> Refusal {
    Refusal::bad("which scenario? Write `scenario=NAME`; /scenarios lists what there is".to_owned())
}

fn open(entry: &Entry) -> Result<Arc<dyn Ground>, Refusal> {
    let found: Result<_, ModelError> = with_model(&entry.file.scenario, Opening(&entry.file));
    found.map_err(|error| Refusal::bad(format!("{}: {error}", entry.origin)))
}

struct Opening<'a>(&'a ScenarioFile);

impl WithModel for Opening<'_> {
    type Output = Arc<dyn Ground>;

    fn with<const V: usize>(self, model: Failover<V>) -> Arc<dyn Ground> {
        Arc::new(Walked::new(self.0, model))
    }
}

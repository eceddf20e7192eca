//! The scripted prefix of a scenario: whether it can be taken, and the file without it.

use failproof_model::failover::{Failover, ModelError};
use toml_edit::{Document, DocumentMut};

use super::mistake::{Mistake, MistakeKind, Span, listed};
use super::names::similar;
use super::value::quoted;
use super::{MistakenFile, ScenarioFile};
use crate::run::{WithModel, with_model};

impl ScenarioFile {
    /// Takes the steps of the prefix; `file` is what messages call the text. What else the model
    /// has to say against the scenario is left to whoever runs it.
    ///
    /// # Errors
    /// A step is not enabled where it is to be taken: which, where it stands, and what is enabled.
    pub fn check_prefix(&self, file: &str) -> Result<(), MistakenFile> {
        if self.scenario.prefix.is_empty() {
            return Ok(());
        }
        let Err(ModelError::Prefix { step, action, enabled }) = with_model(&self.scenario, Taken)
        else {
            return Ok(());
        };
        Err(self.mistaken(file, *not_enabled(self.span_of_step(step), step, action, &enabled)))
    }

    /// Where a step of the prefix stands; steps count from 1.
    fn span_of_step(&self, step: usize) -> Span {
        let Ok(document) = Document::parse(self.text.as_str()) else { return 0..0 };
        let prefix = document.get("prefix").and_then(|prefix| prefix.as_array());
        let entry = prefix.and_then(|prefix| prefix.get(step - 1));
        entry.and_then(|entry| entry.span()).unwrap_or_default()
    }

    /// The text of the same scenario as it is before its prefix, for a run that begins there. What
    /// is expected of what follows the prefix is left out with it.
    ///
    /// # Errors
    /// The text is no TOML.
    pub fn without_prefix(&self, file: &str) -> Result<String, MistakenFile> {
        let parsed = self.text.parse::<DocumentMut>();
        let mut document =
            parsed.map_err(|error| self.mistaken(file, *Mistake::not_toml(&error)))?;
        document.remove("prefix");
        document.remove("expect");
        Ok(document.to_string())
    }

    fn mistaken(&self, file: &str, mistake: Mistake) -> MistakenFile {
        let (file, text) = (file.to_owned(), self.text.clone());
        MistakenFile { file, text, mistakes: vec![mistake] }
    }
}

/// The steps of the prefix are taken when the model is made: nothing is left to do.
struct Taken;

impl WithModel for Taken {
    type Output = ();

    fn with<const V: usize>(self, _: Failover<V>) {}
}

fn not_enabled(span: Span, step: usize, action: String, enabled: &[String]) -> Box<Mistake> {
    let names = || enabled.iter().map(String::as_str);
    let help = match enabled {
        [] => "nothing is enabled there: the prefix has to end before this step".to_owned(),
        [one] => format!("enabled there is only `{one}`"),
        _ => format!("enabled there are {}", listed(names())),
    };
    let suggestion = similar(&action, names()).map(quoted);
    let kind = MistakeKind::PrefixNotEnabled { step, action };
    Mistake::new(kind, span).help(help).suggest(suggestion)
}

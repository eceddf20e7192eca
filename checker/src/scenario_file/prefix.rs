//! The scripted prefix of a scenario: what is wrong with a step, and the file without it.

use toml_edit::DocumentMut;

use super::mistake::{Mistake, MistakeKind, Span, listed};
use super::names::similar;
use super::value::quoted;
use super::{MistakenFile, ScenarioFile};

impl ScenarioFile {
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

    pub(super) fn mistaken(&self, file: &str, mistake: Mistake) -> MistakenFile {
        let (file, text) = (file.to_owned(), self.text.clone());
        MistakenFile { file, text, mistakes: vec![mistake] }
    }
}

/// A step is not enabled where it is to be taken: what is.
pub(super) fn not_enabled(
    span: Span,
    step: usize,
    action: String,
    enabled: &[String],
) -> Box<Mistake> {
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

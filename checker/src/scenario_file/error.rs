//! How a scenario file that cannot be used is reported: the way rustc reports a program.

use std::fmt;
use std::io;
use std::path::PathBuf;

use annotate_snippets::{
    AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str,
};
use thiserror::Error;

use super::builtin;
use super::mistake::{Mistake, Span};
use super::names::similar;

/// More mistakes than this are counted and not shown.
const SHOWN_MAX: usize = 8;

/// Why a scenario file cannot be used. Its `Display` is one line; [`ScenarioFileError::render`]
/// shows the file.
#[derive(Debug, Error)]
pub enum ScenarioFileError {
    /// The file is missing, is a directory, may not be read, or is not UTF-8.
    #[error("cannot read the scenario file `{}`: {source}", path.display())]
    Unreadable {
        /// As it was given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file was read and is no scenario.
    #[error(transparent)]
    Mistaken(#[from] MistakenFile),
}

/// A text that is no scenario, with at least one mistake, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MistakenFile {
    /// What the text is called: a path, or the name of a built-in scenario.
    pub file: String,
    /// All of it.
    pub text: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

impl ScenarioFileError {
    /// The report for a person, of several lines and without a final line break; with ANSI colours
    /// if `styled`.
    pub fn render(&self, styled: bool) -> String {
        let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
        match self {
            ScenarioFileError::Unreadable { path, .. } => {
                let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                let names = builtin::builtin().map(|(name, _)| name);
                let help = match similar(&stem.unwrap_or_default(), names) {
                    Some(name) => format!("a built-in scenario has a similar name: `{name}`"),
                    None => "valid is the path of a TOML file in UTF-8".to_owned(),
                };
                let title = Level::ERROR.primary_title(self.to_string());
                renderer.render(&[title.element(Level::HELP.message(help))])
            }
            ScenarioFileError::Mistaken(file) => file.render(&renderer),
        }
    }
}

impl MistakenFile {
    fn render(&self, renderer: &Renderer) -> String {
        let shown = self.mistakes.iter().take(SHOWN_MAX);
        let mut reports: Vec<_> =
            shown.map(|mistake| renderer.render(&self.report(mistake))).collect();
        if self.mistakes.len() > SHOWN_MAX {
            reports.push(format!("and {} more mistakes", self.mistakes.len() - SHOWN_MAX));
        }
        reports.join("\n\n")
    }

    fn report<'a>(&'a self, mistake: &'a Mistake) -> Vec<Group<'a>> {
        let primary = AnnotationKind::Primary.span(self.within(&mistake.span));
        let related = mistake.related.iter().map(|(span, label)| {
            AnnotationKind::Context.span(self.within(span)).label(normalize_untrusted_str(label))
        });
        let label = (!mistake.label.is_empty()).then(|| normalize_untrusted_str(&mistake.label));
        let shown = Snippet::source(&self.text)
            .path(&self.file)
            .annotation(primary.label(label))
            .annotations(related);
        let mut group = Level::ERROR.primary_title(one_line(&mistake.kind)).element(shown);
        if let Some(help) = &mistake.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        let mut report = vec![group];
        if let Some(suggestion) = &mistake.suggestion {
            let patch = Patch::new(self.within(&mistake.span), suggestion);
            let title = Level::HELP.secondary_title("this one has a similar name");
            let snippet = Snippet::source(&self.text).path(&self.file);
            report.push(title.element(snippet.patch(patch)));
        }
        report
    }

    /// The span, cut to the text and to whole characters: no report fails over the place of a
    /// mistake.
    fn within(&self, span: &Span) -> Span {
        let boundary = |byte: &usize| self.text.is_char_boundary(*byte);
        let length = self.text.len();
        let start = (0..=span.start.min(length)).rev().find(boundary).unwrap_or(0);
        let end = (span.end.clamp(start, length)..=length).find(boundary).unwrap_or(length);
        start..end
    }

    /// The first mistake, without its place.
    pub fn message(&self) -> String {
        let Some(first) = self.mistakes.first() else { return "no scenario".to_owned() };
        let help = first.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}{help}", one_line(&first.kind))
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..self.within(&(byte..byte)).start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Display for MistakenFile {
    /// The first mistake, in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.mistakes.first() else {
            return write!(f, "{}: no scenario", self.file);
        };
        let (line, column) = self.line_and_column(first.span.start);
        write!(f, "{}:{line}:{column}: {}", self.file, self.message())
    }
}

impl std::error::Error for MistakenFile {}

/// The message with what would break its line escaped: names in a file can contain anything.
fn one_line(message: &impl fmt::Display) -> String {
    let escaped = |c: char| match c.is_control() {
        true => c.escape_default().to_string(),
        false => c.to_string(),
    };
    message.to_string().chars().map(escaped).collect()
}

//! The trace format, version 1: what is in it, how it is read and written.

use std::fmt;

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::digest::Digest;

/// What every trace says of itself under `format`.
pub const FORMAT: &str = "failproof-trace";

/// The version that this crate writes, and the only one that it reads.
///
/// A key may be added without a new version, as long as a reader that does not know it replays correctly without it:
/// readers skip what they do not know. Everything else makes a new version.
pub const VERSION: u64 = 1;

/// One run of one scenario.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trace {
    /// The tool and the version of it that recorded the run, such as `failproof 0.1.0`. For people; nothing reads it.
    pub tool: String,
    /// What the run shows.
    pub kind: Kind,
    /// Id of the property that the run violates or is a witness of, if it is about one. A violation always is.
    pub property: Option<String>,
    /// The run goes on for ever: after its last step it is where it was after this many, and takes the steps since then
    /// again and again. None if it need not go on.
    #[serde(default)]
    pub lasso: Option<usize>,
    /// The scenario, as the text of its TOML file.
    pub scenario: String,
    /// Digest of the state in which the run begins.
    pub init: Digest,
    /// The steps in order; none if the run ends where it begins.
    pub steps: Vec<Step>,
}

/// What a run shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Its last state or last step violates the property.
    Violation,
    /// Its last state or last step is the situation that the property speaks about, and does not violate it. Without a
    /// property: a run that somebody wanted to keep.
    Witness,
}

/// One action and where it led.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// The action, in the notation of its model.
    pub action: String,
    /// Digest of the state after it.
    pub digest: Digest,
}

impl Trace {
    /// Reads the text of a trace.
    ///
    /// # Errors
    /// The text is no JSON, ends early, is not a trace, has another version, lacks or mistypes a key, or is a violation
    /// of nothing.
    pub fn read(text: &str) -> Result<Self, TraceError> {
        let keys: Map<String, Value> = serde_json::from_str(text)?;
        match keys.get("format") {
            Some(Value::String(format)) if format == FORMAT => {}
            other => return Err(TraceError::Format { found: describe(other) }),
        }
        match keys.get("version") {
            Some(version) if version.as_u64() == Some(VERSION) => {}
            other => return Err(TraceError::Version { found: describe(other) }),
        }
        // Read again from the text, not from `keys`: only so an error knows its line.
        let trace: Trace = serde_json::from_str(text)?;
        match (trace.kind, &trace.property) {
            (Kind::Violation, None) => Err(TraceError::ViolationOfNothing),
            _ => Ok(trace),
        }
    }
}

fn describe(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| format!("`{value}`"))
}

/// The text of the trace, which [`Trace::read`] reads back: a key a line and a step a line, so that people and version
/// control see steps as rows.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &str| Value::from(text);
        let header = [
            ("format", text(FORMAT)),
            ("version", Value::from(VERSION)),
            ("tool", text(&self.tool)),
            ("kind", text(self.kind.name())),
            ("property", self.property.as_deref().map_or(Value::Null, text)),
        ];
        let lasso = self.lasso.map(|steps| ("lasso", Value::from(steps)));
        let begin = [("scenario", text(&self.scenario)), ("init", text(&self.init.to_string()))];
        writeln!(f, "{{")?;
        for (key, value) in header.into_iter().chain(lasso).chain(begin) {
            writeln!(f, "  \"{key}\": {value},")?;
        }
        write!(f, "  \"steps\": [")?;
        for (index, step) in self.steps.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let (action, digest) = (text(&step.action), step.digest);
            write!(f, "{comma}\n    {{\"action\": {action}, \"digest\": \"{digest}\"}}")?;
        }
        let end = if self.steps.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" };
        f.write_str(end)
    }
}

impl Kind {
    /// As a trace says it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Violation => "violation",
            Kind::Witness => "witness",
        }
    }
}

/// Why a text is no trace that can be replayed.
#[derive(Debug, Error)]
pub enum TraceError {
    /// The text ends before the trace does.
    #[error("the trace is cut short: the text ends at line {line}, column {column}")]
    CutShort {
        /// From 1; 0 in an empty text.
        line: usize,
        /// From 1; 0 at the beginning of a line.
        column: usize,
    },
    /// The text is not JSON; serde_json says where and why.
    #[error("not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// It is JSON, but a key is missing or has a value of the wrong type; serde_json says which and where.
    #[error("not a trace: {0}")]
    Content(#[source] serde_json::Error),
    /// It does not call itself a trace.
    #[error("not a trace: `format` is {found}; a trace has \"{FORMAT}\"")]
    Format {
        /// What stands there.
        found: String,
    },
    /// It calls itself a violation, and does not say of what.
    #[error(
        "`property` of the trace is missing or null; a trace of the kind `violation` names the one it violates"
    )]
    ViolationOfNothing,
    /// It is a trace of a version that this program does not know.
    #[error("`version` of the trace is {found}; this program reads version {VERSION}")]
    Version {
        /// What stands there.
        found: String,
    },
}

impl From<serde_json::Error> for TraceError {
    fn from(error: serde_json::Error) -> Self {
        match error.classify() {
            Category::Eof => TraceError::CutShort { line: error.line(), column: error.column() },
            Category::Data => TraceError::Content(error),
            Category::Syntax | Category::Io => TraceError::Syntax(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace() -> Trace {
        Trace {
            tool: "failproof 0.1.0".to_owned(),
            kind: Kind::Violation,
            property: Some("outcome-is-transparent".to_owned()),
            lasso: None,
            scenario: "name = \"lost \\ found\"\n".to_owned(),
            init: Digest::of(b"0"),
            steps: vec![
                Step { action: "Deploy 0".to_owned(), digest: Digest::of(b"1") },
                Step { action: "Finish 0".to_owned(), digest: Digest::of(b"2") },
            ],
        }
    }

    fn message(text: &str) -> String {
        Trace::read(text).map_or_else(|error| error.to_string(), |trace| trace.to_string())
    }

    /// The text is an interface: traces are committed and pasted.
    #[test]
    fn the_text_has_a_line_a_key_and_a_line_a_step() {
        let text = r#"{
  "format": "failproof-trace",
  "version": 1,
  "tool": "failproof 0.1.0",
  "kind": "violation",
  "property": "outcome-is-transparent",
  "scenario": "name = \"lost \\ found\"\n",
  "init": "af63ad4c86019caf",
  "steps": [
    {"action": "Deploy 0", "digest": "af63ac4c86019afc"},
    {"action": "Finish 0", "digest": "af63af4c8601a015"}
  ]
}
"#;
        assert_eq!(trace().to_string(), text);
    }

    #[test]
    fn what_was_written_is_read_back() {
        let bare = Trace { kind: Kind::Witness, property: None, steps: Vec::new(), ..trace() };
        let endless = Trace { lasso: Some(1), ..trace() };
        for trace in [trace(), bare, endless] {
            assert_eq!(Trace::read(&trace.to_string()).unwrap(), trace);
        }
    }

    #[test]
    fn where_a_run_repeats_itself_is_said_only_of_one_that_does() {
        let text = Trace { lasso: Some(1), ..trace() }.to_string();
        assert!(text.contains("is-transparent\",\n  \"lasso\": 1,\n  \"scenario\""), "{text}");
        assert!(!trace().to_string().contains("lasso"));
    }

    #[test]
    fn unknown_keys_are_skipped() {
        let text = trace().to_string().replace("\"tool\"", "\"later\": [1], \"tool\"");
        assert_eq!(Trace::read(&text).unwrap(), trace());
    }

    #[test]
    fn a_text_that_ends_early_is_cut_short_wherever_it_ends() {
        let text = trace().to_string();
        let whole = text.trim_end();
        for end in 0..whole.len() {
            let error = Trace::read(&whole[..end]).unwrap_err();
            assert!(matches!(error, TraceError::CutShort { .. }), "{end}: {error}");
        }
        assert_eq!(message("{\n"), "the trace is cut short: the text ends at line 2, column 0");
    }

    #[test]
    fn a_text_that_is_not_json_is_told_line_and_column() {
        let text = trace().to_string().replace("\"kind\":", "\"kind\"");
        assert_eq!(message(&text), "not JSON: expected `:` at line 5 column 10");
    }

    #[test]
    fn bottomless_nesting_is_refused() {
        let text = message(&"{\"format\":".repeat(100_000));
        assert!(text.starts_with("not JSON: recursion limit exceeded"), "{text}");
    }

    #[test]
    fn json_that_is_no_trace_is_told_what_one_has() {
        let expected = "not a trace: `format` is nothing; a trace has \"failproof-trace\"";
        assert_eq!(message("{}"), expected);
        for format in ["7", "\"other-trace\""] {
            let text = trace().to_string().replace("\"failproof-trace\"", format);
            let expected =
                format!("not a trace: `format` is `{format}`; a trace has \"failproof-trace\"");
            assert_eq!(message(&text), expected);
        }
        let array = message("[]");
        assert!(array.starts_with("not a trace: invalid type: sequence"), "{array}");
    }

    #[test]
    fn another_version_is_told_the_valid_one() {
        for (version, found) in [("2", "`2`"), ("\"1\"", "`\"1\"`"), ("-1", "`-1`")] {
            let text =
                trace().to_string().replace("version\": 1", &format!("version\": {version}"));
            let expected =
                format!("`version` of the trace is {found}; this program reads version 1");
            assert_eq!(message(&text), expected);
        }
        let text = trace().to_string().replace("  \"version\": 1,\n", "");
        assert_eq!(
            message(&text),
            "`version` of the trace is nothing; this program reads version 1"
        );
    }

    #[test]
    fn a_violation_says_of_what() {
        let text = Trace { property: None, ..trace() }.to_string();
        let expected = "`property` of the trace is missing or null; \
                        a trace of the kind `violation` names the one it violates";
        assert_eq!(message(&text), expected);
        assert_eq!(message(&text.replace("  \"property\": null,\n", "")), expected);
    }

    #[test]
    fn a_missing_or_mistyped_key_is_told_its_place() {
        let missing = message(&trace().to_string().replace("\"init\"", "\"unit\""));
        assert_eq!(missing, "not a trace: missing field `init` at line 13 column 1");
        let kind = message(&trace().to_string().replace("violation", "accident"));
        let expected = "not a trace: unknown variant `accident`, expected `violation` or `witness` \
                        at line 5 column 20";
        assert_eq!(kind, expected);
        let digest = message(&trace().to_string().replace("af63ad4c86019caf", "af63"));
        let expected = "not a trace: `af63` is not a digest; one has 16 lower-case hexadecimal digits \
                        at line 8 column 16";
        assert_eq!(digest, expected);
    }
}

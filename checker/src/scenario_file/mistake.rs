//! What can be wrong with a scenario file.

use std::ops::Range;

use failproof_model::failover::ModelError;
use failproof_model::job_graph::JobGraphError;
use thiserror::Error;

/// Bytes of a file, from and until.
pub type Span = Range<usize>;

/// One mistake in a scenario file, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub kind: MistakeKind,
    /// The bytes that are wrong.
    pub span: Span,
    /// What is said beside these bytes; may be empty.
    pub label: String,
    /// Other places that one has to look at to understand, and what is said beside them.
    pub related: Vec<(Span, String)>,
    /// What would be valid, if `kind` does not say it.
    pub help: Option<String>,
    /// What the bytes were most likely meant to be, ready to be put in their place.
    pub suggestion: Option<String>,
}

/// A result that a mistake stands in the way of.
pub(super) type Read<T> = Result<T, Box<Mistake>>;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum MistakeKind {
    #[error("this is not TOML: {message}")]
    NotToml { message: String },
    #[error("{table} has no key `{key}`")]
    UnknownKey { table: String, key: String },
    #[error("{table} does not say `{key}`")]
    MissingKey { table: String, key: &'static str },
    #[error("`{key}` is {found}; it has to be {expected}")]
    WrongType { key: String, found: &'static str, expected: &'static str },
    #[error("`{key}` is {value}; it has to be {valid}")]
    OutOfRange { key: String, value: i64, valid: String },
    #[error("{found} {what} are more than the {capacity} that the model can hold")]
    TooLarge { what: &'static str, found: usize, capacity: usize },
    #[error("there is no {what} called `{name}`")]
    UnknownName { what: &'static str, name: String },
    #[error("the {what} `{name}` is named twice")]
    NamedTwice { what: &'static str, name: String },
    #[error("`{name}` cannot be the {what}")]
    BadName { what: &'static str, name: String },
    #[error("the job has no vertices")]
    NoVertex,
    #[error("a job graph has no cycle, and this one has {cycle}")]
    Cycle { cycle: String },
    #[error("`{result_type}` does not combine with storage `{storage}`")]
    StorageOfType { result_type: &'static str, storage: &'static str },
    #[error(transparent)]
    Job(JobGraphError),
    #[error("restart-individual refuses a job with edges, and this one has {edges}")]
    IndividualWithEdges { edges: usize },
    #[error("`{knob}` is a knob of restart-pipelined-region, and the strategy is {strategy}")]
    KnobOfOtherStrategy { knob: &'static str, strategy: &'static str },
    #[error("a limit of {limit} for `{kind}` can never be reached: `total` allows {total} in all")]
    LimitAboveTotal { kind: &'static str, limit: u8, total: u8 },
    #[error("`{kind}` can never happen: where deployment is coarse no vertex waits for a slot")]
    NoSlotRequest { kind: &'static str },
    #[error("`{kind}` can never happen: where slot messages are coarse nothing is asked")]
    NothingAsked { kind: &'static str },
    #[error("`{kind}` can never happen: no edge has its partitions in a remote storage")]
    NothingRemote { kind: &'static str },
    #[error("`total` allows faults, but no kind of fault has a limit above 0: none can happen")]
    NoKindOfFault,
    #[error("`{vertex}` has {parallelism} subtasks and is placed on {found} TaskManagers")]
    PlacementLength { vertex: String, parallelism: usize, found: usize },
    #[error("`slots` is about {found} TaskManagers, and there are {task_managers}")]
    SlotsLength { task_managers: usize, found: usize },
    #[error("the mechanism `slots` is fine, but nothing says how many slots there are")]
    SlotsMissing,
    #[error("slots are only counted where the mechanism `slots` is fine")]
    SlotsNotFine,
    #[error(
        "where slots are counted a request times out by itself, so `slot-times-out` is no fault"
    )]
    SlotTimesOutByItself,
    #[error("there is no TaskManager {found}")]
    NoSuchTaskManager { found: i64 },
    #[error("step {step} of the prefix, `{action}`, is not enabled")]
    PrefixNotEnabled { step: usize, action: String },
    #[error("a co-location group of {members} shares nothing; it has at least 2 vertices")]
    SmallCoLocation { members: usize },
    #[error("`{one}` and `{other}` are co-located and in different pipelined regions")]
    CoLocatedApart { one: String, other: String },
    #[error(transparent)]
    Model(ModelError),
    #[error("`vacuous` cannot be expected of a property that the scenario is about")]
    VacuousExpected,
    #[error("`[expect.without]` is there, and nothing is broken on purpose")]
    NothingBroken,
    #[error("`[without]` changes nothing of the design")]
    WithoutChange,
}

impl Mistake {
    /// A mistake with nothing but its kind and its place.
    pub(super) fn new(kind: MistakeKind, span: Span) -> Box<Self> {
        let label = String::new();
        Box::new(Mistake { kind, span, label, related: Vec::new(), help: None, suggestion: None })
    }

    /// What the TOML parser says.
    pub(super) fn not_toml(error: &toml_edit::TomlError) -> Box<Self> {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        Mistake::new(MistakeKind::NotToml { message }, error.span().unwrap_or_default())
    }

    /// Says `label` beside the mistake.
    pub(super) fn label(mut self: Box<Self>, label: impl Into<String>) -> Box<Self> {
        self.label = label.into();
        self
    }

    /// Points to another place as well.
    pub(super) fn related(mut self: Box<Self>, span: Span, label: impl Into<String>) -> Box<Self> {
        self.related.push((span, label.into()));
        self
    }

    /// Says what would be valid.
    pub(super) fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }

    /// Says what was meant, where that can be guessed.
    pub(super) fn suggest(mut self: Box<Self>, suggestion: Option<String>) -> Box<Self> {
        self.suggestion = suggestion;
        self
    }
}

/// `a`, `b` and `c`, as a sentence lists them.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// Several mistakes of one file.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<Mistake>);

impl From<Box<Mistake>> for Mistakes {
    fn from(mistake: Box<Mistake>) -> Self {
        Mistakes(vec![*mistake])
    }
}

impl Mistakes {
    /// What was read; a mistake is noted, so that reading can go on elsewhere.
    pub(super) fn note<T>(&mut self, read: Result<T, impl Into<Mistakes>>) -> Option<T> {
        read.map_err(|mistakes| self.0.append(&mut mistakes.into().0)).ok()
    }

    /// `found`, unless there are mistakes.
    pub(super) fn none<T>(self, found: T) -> Result<T, Mistakes> {
        if self.0.is_empty() { Ok(found) } else { Err(self) }
    }

    /// All of them, in the order of the file.
    pub(super) fn sorted(mut self) -> Vec<Mistake> {
        self.0.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        self.0
    }
}

/// Reads every one of `parts`, and notes all mistakes.
pub(super) fn each<P, T>(
    parts: impl IntoIterator<Item = P>,
    mut read: impl FnMut(P) -> Read<T>,
) -> Result<Vec<T>, Mistakes> {
    let mut mistakes = Mistakes::default();
    let found = parts.into_iter().filter_map(|part| mistakes.note(read(part))).collect();
    mistakes.none(found)
}

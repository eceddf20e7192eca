//! Who is compared.

use std::fmt;

use clap::ValueEnum;
use failproof_checker::report::quantity::counted;

/// A way to search the whole of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// One that is built into this program.
    Built(Built),
    /// Spin, which is a program of its own.
    Spin,
}

/// What this program itself can search with, ours first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Built {
    /// Our explorer: breadth first, states packed into words.
    Failproof,
    /// Stateright, breadth first.
    StaterightBfs,
    /// Stateright, depth first.
    StaterightDfs,
}

/// A tool with so many threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contestant {
    pub(crate) tool: Tool,
    pub(crate) threads: usize,
}

impl Contestant {
    /// Spin takes part with one thread: with two it is slower, and what it occupies is shared and hard to tell.
    pub(crate) const SPIN: Contestant = Contestant { tool: Tool::Spin, threads: 1 };
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Tool::Built(Built::Failproof) => "failproof",
            Tool::Built(Built::StaterightBfs) => "Stateright BFS",
            Tool::Built(Built::StaterightDfs) => "Stateright DFS",
            Tool::Spin => "Spin",
        })
    }
}

impl fmt::Display for Contestant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {}", self.tool, counted(self.threads, "thread"))
    }
}

//! Styles of text on a terminal. What goes elsewhere is stripped of them by the stream.

use anstyle::{AnsiColor, Style};

use crate::assessment::Assessment;

/// Names of things.
pub const NAME: Style = Style::new().bold();
/// What is less important.
pub const DIM: Style = Style::new().dimmed();
/// As it should be.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Not as it should be.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Not known.
pub const OPEN: Style = AnsiColor::Yellow.on_default();

/// The style of a verdict.
pub const fn of(assessment: Assessment) -> Style {
    match assessment {
        Assessment::AsExpected => GOOD,
        Assessment::Unexpected => BAD,
        Assessment::Inconclusive | Assessment::Vacuous => OPEN,
        Assessment::NotAsked => Style::new(),
    }
}

//! The kill matrix: every seeded defect is put into every built-in scenario that takes it, and each property says
//! whether it sees that.
//!
//! A property *kills* a defect in a scenario if it is violated there with the defect and not without. A defect that
//! changes no step of a scenario is not tried there. What has too many states counts neither as killed nor as survived.

mod differs;
mod reasons;
mod render;
mod report;
mod run;
mod subject;

pub use differs::{Difference, Differences, differences};
pub use render::{COMMAND, render_markdown};
pub use report::{Fate, Kill, OfDefect, OfProperty, Report};
pub use run::{Asked, DEARER, End, MutateError, Trial, Tried, run, seeded};
pub use subject::{Mutant, Subject, SubjectError};

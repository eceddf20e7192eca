//! All small jobs, none picked: where a restart policy is safe, and where it is not.
//!
//! [`jobs`] are all that there are within bounds, up to the numbering of their vertices; each is explored to the end
//! under each policy. What comes of it is a boundary: the shortest rule that tells the unsafe ones from the others.

pub mod boundary;
pub mod features;
pub mod jobs;
pub mod outcome;
pub mod policy;
pub mod render;
pub mod report;
pub mod results;
pub mod run;
pub mod shape;
mod subject;

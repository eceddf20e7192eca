//! A scenario to walk through by hand, served as a page on loopback.
//!
//! The address of a page is its state: it names the scenario and the steps of the run, each by its place among the
//! actions that are enabled where it is taken. The server remembers nothing: it takes the steps again for each request.
//! What it keeps are models and the outcomes of runs without faults, which depend on nothing but the scenario.
//!
//! ```text
//! Request --address--> Query --library--> Ground (a model) --> answer: a page, JSON or a trace
//! ```

mod address;
mod answer;
mod choices;
mod ground;
mod guard;
mod library;
mod look;
mod nearest;
mod page;
mod path;
mod random;
mod routes;
mod server;

pub(crate) use library::{Entry, Library};
pub(crate) use server::{bind, serve};

//! Explores scenarios, judges properties, reports.

<<<<<<< HEAD
pub mod run;
=======
pub mod explore;
>>>>>>> d2e8fac (Explore a model breadth first, exactly, and judge what is seen)

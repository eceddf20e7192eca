//! What was found, for programs.

use serde::Serialize;

use super::compare::{OfStrategy, Price, compare, price};
use super::found::{Against, SameBooks, SameSets, Weakest};
use super::render::{failure, list, states};
use super::sets::{Family, TaskSet};

/// The weakest restart sets of a job.
#[derive(Debug, Serialize)]
pub struct Data {
    scenario: String,
    tasks: Vec<String>,
    states: usize,
    states_after: usize,
    price: Price,
    strategies: Vec<OfStrategy>,
    questions: Vec<Books>,
}

/// Questions with the same books.
#[derive(Debug, Serialize)]
struct Books {
    failure: String,
    books: String,
    answers: Vec<Answer>,
    weakest: Vec<Vec<String>>,
    against: Vec<Run>,
    states: Vec<States>,
}

/// What a strategy restarts.
#[derive(Debug, Serialize)]
struct Answer {
    strategy: String,
    restarts: Vec<String>,
}

/// States in which the same sets are enough.
#[derive(Debug, Serialize)]
struct States {
    states: usize,
    way: Vec<String>,
    weakest: Vec<Vec<String>>,
    against: Vec<Run>,
}

/// A run that shows that a set is not enough.
#[derive(Debug, Serialize)]
pub struct Run {
    restarts: Vec<String>,
    flaw: String,
    way: Vec<String>,
    after: Vec<String>,
}

/// Everything that was found.
pub fn data(found: &Weakest) -> Data {
    Data {
        scenario: found.scenario.clone(),
        tasks: found.tasks.clone(),
        states: found.states,
        states_after: found.states_after,
        price: price(found),
        strategies: compare(found),
        questions: found.books.iter().map(|books| of_books(found, books)).collect(),
    }
}

/// A run as data.
pub fn run(found: &Weakest, against: &Against) -> Run {
    Run {
        restarts: list(found, against.set),
        flaw: against.flaw.to_string(),
        way: against.way.clone(),
        after: against.after.clone(),
    }
}

/// A run in a file of its own.
#[derive(Debug)]
pub struct Counterexample {
    /// The name of the file: the number of the books, as they are shown, and the set.
    pub file: String,
    /// The run.
    pub run: Run,
}

/// Of all that is known of each question, and of each state: the runs that show which smaller sets are not enough.
pub fn counterexamples(found: &Weakest) -> Vec<Counterexample> {
    let of_books = |(index, same): (usize, &SameBooks)| {
        let of_state = same.states.iter().enumerate();
        let of_state = of_state.flat_map(|(state, it)| {
            it.against.iter().map(move |against| (format!("{}.{}", index + 1, state + 1), against))
        });
        let of_books = same.against.iter().map(|against| (format!("{}.books", index + 1), against));
        let runs = of_state.chain(of_books).map(|(number, against)| Counterexample {
            file: format!(
                "{}.{number}.{}.json",
                found.scenario,
                list(found, against.set).join("+")
            ),
            run: run(found, against),
        });
        runs.collect::<Vec<_>>()
    };
    found.books.iter().enumerate().flat_map(of_books).collect()
}

fn of_books(found: &Weakest, same: &SameBooks) -> Books {
    let answer = |(strategy, &set): (&String, &TaskSet)| Answer {
        strategy: strategy.clone(),
        restarts: list(found, set),
    };
    Books {
        failure: failure(found, &same.books),
        books: states(found, &same.books),
        answers: found.strategies.iter().zip(&same.answers).map(answer).collect(),
        weakest: sets(found, same.enough),
        against: same.against.iter().map(|it| run(found, it)).collect(),
        states: same.states.iter().map(|it| of_states(found, it)).collect(),
    }
}

fn of_states(found: &Weakest, same: &SameSets) -> States {
    States {
        states: same.times,
        way: same.way.clone(),
        weakest: sets(found, same.enough),
        against: same.against.iter().map(|it| run(found, it)).collect(),
    }
}

fn sets(found: &Weakest, enough: Family) -> Vec<Vec<String>> {
    enough.minimal().into_iter().map(|set| list(found, set)).collect()
}

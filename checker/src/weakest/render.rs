//! What was found, for people at a terminal.

use std::fmt::Write;

use failproof_model::execution_state::ExecutionState;
use failproof_model::strategy::Cause;

use super::compare::{OfStrategy, Price, compare, price};
use super::found::{Against, SameBooks, Weakest};
use super::script::Books;
use super::sets::{Family, TaskSet};
use crate::report::quantity::count;
use crate::report::style::{BAD, DIM, NAME};
use crate::report::table::{Cell, Table};
use crate::spelling::spelt;

/// All of it.
pub fn render(found: &Weakest) -> String {
    let mut text = extent(found);
    for (index, books) in found.books.iter().enumerate() {
        let _ = write!(text, "\n{}", of_books(found, index, books));
    }
    let _ = write!(text, "\n{}\n\n{}", price_text(&price(found)), strategies(&compare(found)));
    text
}

fn extent(found: &Weakest) -> String {
    let questions = found.books.iter().map(SameBooks::times).sum::<usize>();
    format!(
        "{NAME}{}{NAME:#}: {} tasks, one fault; {} questions with {} different books\n{DIM}{} states, and {} after \
         the answers{DIM:#}\n",
        found.scenario,
        found.tasks.len(),
        count(questions as u64),
        count(found.books.len() as u64),
        count(found.states as u64),
        count(found.states_after as u64),
    )
}

fn of_books(found: &Weakest, index: usize, same: &SameBooks) -> String {
    let mut text = format!(
        "{NAME}{}. {}{NAME:#} {DIM}{}{DIM:#}\n",
        index + 1,
        failure(found, &same.books),
        states(found, &same.books)
    );
    let mut table = Table::indented(3);
    for state in &same.states {
        let times = if state.times == 1 { "state" } else { "states" };
        table.push([
            format!("in {} {times}", count(state.times as u64)).into(),
            sets(found, state.enough).into(),
        ]);
        state.against.iter().for_each(|it| table.push(["".into(), against(found, it)]));
    }
    if same.states.len() > 1 {
        table.push(["by the books".into(), sets(found, same.enough).into()]);
        same.against.iter().for_each(|it| table.push(["".into(), against(found, it)]));
    }
    let _ = write!(text, "{table}");
    text
}

/// What has failed, and why.
pub fn failure(found: &Weakest, books: &Books) -> String {
    let task = &found.tasks[books.failed];
    match books.cause {
        Cause::Task => format!("{task} fails"),
        Cause::Partition(partition) => {
            format!("{task} cannot read {}", found.partitions[partition])
        }
    }
}

/// What the master knows of the tasks: those in the same state together.
pub fn states(found: &Weakest, books: &Books) -> String {
    let mut parts = Vec::new();
    for state in ExecutionState::ALL {
        let is_in = |&v: &usize| v != books.failed && books.states[v] == state;
        let tasks: TaskSet = (0..found.tasks.len()).filter(is_in).collect();
        if !tasks.is_empty() {
            parts.push(format!("{} {}", names(found, tasks), spelt(&state)));
        }
    }
    let tracked = (0..found.partitions.len()).filter(|p| books.tracked >> p & 1 == 1);
    let tracked: Vec<&str> = tracked.map(|p| found.partitions[p].as_str()).collect();
    if !tracked.is_empty() {
        parts.push(format!("tracked: {}", tracked.join(" ")));
    }
    if !books.waiting.is_empty() {
        parts.push(format!("about to restart: {}", names(found, books.waiting)));
    }
    parts.join("; ")
}

fn against(found: &Weakest, against: &Against) -> Cell {
    let Against { set, flaw, way, after } = against;
    let steps = way.len() + after.len();
    let last = after.last().or(way.last()).map(String::as_str).unwrap_or_default();
    Cell::from(format!("not {}: {flaw}, {steps} steps, the last {last}", names(found, *set)))
        .styled(DIM)
}

fn sets(found: &Weakest, enough: Family) -> String {
    let sets: Vec<String> = enough.minimal().into_iter().map(|set| names(found, set)).collect();
    match sets.is_empty() {
        true => format!("{BAD}no set is enough{BAD:#}"),
        false => sets.join(", or "),
    }
}

/// The names of the tasks of a set.
pub fn list(found: &Weakest, set: TaskSet) -> Vec<String> {
    set.tasks().map(|task| found.tasks[task].clone()).collect()
}

fn names(found: &Weakest, set: TaskSet) -> String {
    list(found, set).join(" ")
}

fn price_text(price: &Price) -> String {
    let Price { questions, without_answer, without_answer_by_books, tasks, tasks_by_books } =
        *price;
    let number = |n: usize| count(n as u64);
    let mut text = format!(
        "{} questions: at least {} tasks restart if the state is known, {} if the books are; not knowing costs {}",
        number(questions),
        number(tasks),
        number(tasks_by_books),
        number(tasks_by_books - tasks),
    );
    if without_answer > 0 {
        let _ = write!(text, "\nno set is enough in {}", number(without_answer));
    }
    if without_answer_by_books > 0 {
        let _ = write!(
            text,
            "\nno one set is enough for all states with the same books in {}",
            number(without_answer_by_books)
        );
    }
    text
}

fn strategies(compared: &[OfStrategy]) -> Table {
    let mut table = Table::headed([
        "strategy",
        "tasks",
        "weakest",
        "too many",
        "tasks too many",
        "too few",
        "wrong",
        "hangs",
        "fails again",
        "by the books: weakest",
        "too many",
        "tasks too many",
        "too few",
    ]);
    for it in compared {
        let (state, books) = (it.by_state, it.by_books);
        let numbers = [
            it.tasks,
            state.weakest,
            state.too_many,
            state.tasks_too_many,
            state.not_enough,
            it.wrong,
            it.hangs,
            it.fails,
            books.weakest,
            books.too_many,
            books.tasks_too_many,
            books.not_enough,
        ];
        let numbers = numbers.map(|n| Cell::number(count(n as u64)));
        table.push(std::iter::once(Cell::from(it.strategy.as_str())).chain(numbers));
    }
    table
}

//! How far each strategy is from the weakest sets.

use serde::Serialize;

use super::found::{SameBooks, Weakest};
use super::sets::{Family, TaskSet};

/// What it costs to restart no more than is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Price {
    /// Questions.
    pub questions: usize,
    /// Of these, those to which no set is enough in its state.
    pub without_answer: usize,
    /// Of the others, those to which no set is enough in all states with the same books.
    pub without_answer_by_books: usize,
    /// Tasks that restart at least, over all questions that have an answer either way, if the state is known.
    pub tasks: usize,
    /// The same, if only the books are.
    pub tasks_by_books: usize,
}

/// What a strategy restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfStrategy {
    /// Its name.
    pub strategy: String,
    /// Tasks that it restarts, over all questions.
    pub tasks: usize,
    /// Against the sets that are enough in the state.
    pub by_state: Distance,
    /// Against those that are enough in all states with the same books.
    pub by_books: Distance,
    /// Questions after which rows can be wrong.
    pub wrong: usize,
    /// Questions after which the job can come to where it cannot succeed.
    pub hangs: usize,
    /// Questions after which a task fails again, or one that was left behind does.
    pub fails: usize,
}

/// Questions, by how an answer stands to the sets that are enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Distance {
    /// It is one of the weakest.
    pub weakest: usize,
    /// It is enough, and has a smaller one in it.
    pub too_many: usize,
    /// Tasks that it has beyond the closest of those, over all such questions.
    pub tasks_too_many: usize,
    /// It is not enough.
    pub not_enough: usize,
}

/// The price of not knowing.
pub fn price(found: &Weakest) -> Price {
    let mut price = Price::default();
    for books in &found.books {
        for state in &books.states {
            price.questions += state.times;
            match (state.enough.least(), books.enough.least()) {
                (None, _) => price.without_answer += state.times,
                (Some(_), None) => price.without_answer_by_books += state.times,
                (Some(least), Some(by_books)) => {
                    price.tasks += state.times * least;
                    price.tasks_by_books += state.times * by_books;
                }
            }
        }
    }
    price
}

/// Each strategy, in their order.
pub fn compare(found: &Weakest) -> Vec<OfStrategy> {
    let strategies = found.strategies.iter().enumerate();
    strategies.map(|(index, name)| of_strategy(name, index, &found.books)).collect()
}

fn of_strategy(name: &str, index: usize, books: &[SameBooks]) -> OfStrategy {
    let mut it = OfStrategy { strategy: name.to_owned(), ..OfStrategy::default() };
    for books in books {
        let answer = books.answers[index];
        for state in &books.states {
            let (times, tally) = (state.times, state.tallies[index]);
            it.tasks += times * answer.len();
            it.by_state.add(state.enough, answer, times);
            it.by_books.add(books.enough, answer, times);
            it.wrong += tally.wrong;
            it.hangs += tally.hangs;
            it.fails += tally.fails;
        }
    }
    it
}

impl Price {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Price) -> Price {
        Price {
            questions: self.questions + other.questions,
            without_answer: self.without_answer + other.without_answer,
            without_answer_by_books: self.without_answer_by_books + other.without_answer_by_books,
            tasks: self.tasks + other.tasks,
            tasks_by_books: self.tasks_by_books + other.tasks_by_books,
        }
    }
}

impl OfStrategy {
    /// Takes in what the same strategy restarts in another job.
    pub fn add(&mut self, other: &OfStrategy) {
        self.strategy.clone_from(&other.strategy);
        self.tasks += other.tasks;
        self.by_state = self.by_state.plus(other.by_state);
        self.by_books = self.by_books.plus(other.by_books);
        self.wrong += other.wrong;
        self.hangs += other.hangs;
        self.fails += other.fails;
    }
}

impl Distance {
    fn plus(self, other: Distance) -> Distance {
        Distance {
            weakest: self.weakest + other.weakest,
            too_many: self.too_many + other.too_many,
            tasks_too_many: self.tasks_too_many + other.tasks_too_many,
            not_enough: self.not_enough + other.not_enough,
        }
    }

    fn add(&mut self, enough: Family, answer: TaskSet, times: usize) {
        if !enough.has(answer) {
            self.not_enough += times;
            return;
        }
        match beyond(enough, answer) {
            0 => self.weakest += times,
            tasks => {
                self.too_many += times;
                self.tasks_too_many += times * tasks;
            }
        }
    }
}

/// Tasks of a set that is enough which the closest weakest one in it has not.
pub fn beyond(enough: Family, set: TaskSet) -> usize {
    let inside = enough.minimal().into_iter().filter(|weakest| weakest.is_in(set));
    inside.map(|weakest| set.len() - weakest.len()).min().unwrap_or(0)
}

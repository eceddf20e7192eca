//! The questions that a strategy can be asked, and where each answer leads.

use std::collections::BTreeMap;

use failproof_model::action::Action;
use failproof_model::state::State;

use super::graph::Graph;
use super::script::{Books, Interview};
use super::sets::TaskSet;

/// A failure in one state. Two are one if the books are the same and every answer leads to the same state.
pub(super) struct Question {
    pub(super) books: Books,
    /// What the strategies that are compared answer.
    pub(super) answers: Vec<TaskSet>,
    /// The state before the step in which it is asked, and the step: the first that was found, by a shortest way.
    pub(super) before: u32,
    pub(super) step: Action,
    /// Every set that has the failed task, small ones first, and the number of the state that it leads to.
    pub(super) leads_to: Vec<(TaskSet, u32)>,
}

/// All questions, and the states to which answers lead, by their numbers.
pub(super) struct Questions<const V: usize> {
    pub(super) all: Vec<Question>,
    pub(super) after: Vec<State<V>>,
}

impl<const V: usize> Questions<V> {
    /// Those that are asked anywhere in `graph`, of a job of `tasks` tasks.
    pub(super) fn asked_in(graph: &Graph<'_, V>, interview: &Interview<V>, tasks: usize) -> Self {
        let mut questions = Questions { all: Vec::new(), after: Vec::new() };
        let (mut numbers, mut known) = (BTreeMap::new(), BTreeMap::new());
        for number in 0..graph.len() as u32 {
            let state = graph.state(number);
            for (action, target) in graph.steps(number) {
                for (place, asked) in
                    interview.asked(&state, action, &graph.state(target)).into_iter().enumerate()
                {
                    let answers = TaskSet::all_with(asked.books.failed, tasks).into_iter();
                    let leads_to: Vec<(TaskSet, u32)> = answers
                        .map(|set| {
                            let after = interview.answered(&state, action, place, set);
                            (set, questions.number_of(&mut numbers, after, tasks))
                        })
                        .collect();
                    let ends: Vec<u32> = leads_to.iter().map(|&(_, after)| after).collect();
                    if known.insert((asked.books.clone(), ends), ()).is_none() {
                        let (books, answers) = (asked.books, asked.answers);
                        let before = number;
                        questions.all.push(Question {
                            books,
                            answers,
                            before,
                            step: action,
                            leads_to,
                        });
                    }
                }
            }
        }
        questions
    }

    fn number_of(
        &mut self,
        numbers: &mut BTreeMap<Vec<u8>, u32>,
        state: State<V>,
        tasks: usize,
    ) -> u32 {
        let mut bytes = Vec::new();
        state.pack(tasks, &mut bytes);
        *numbers.entry(bytes).or_insert_with(|| {
            self.after.push(state);
            self.after.len() as u32 - 1
        })
    }
}

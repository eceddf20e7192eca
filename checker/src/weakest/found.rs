//! What was found of one job, as plain data.

use std::collections::BTreeMap;

use failproof_model::action::Action;

use super::aftermath::Aftermath;
use super::flaws::Flaws;
use super::graph::Graph;
use super::questions::Question;
use super::script::Books;
use super::sets::{Family, TaskSet};

/// The weakest restart sets of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakest {
    /// The name of its scenario.
    pub scenario: String,
    /// The tasks by their names.
    pub tasks: Vec<String>,
    /// The partitions by their names.
    pub partitions: Vec<String>,
    /// Distinct states of the job with its fault.
    pub states: usize,
    /// Distinct states after the answers.
    pub states_after: usize,
    /// The strategies that are compared, by their names.
    pub strategies: Vec<String>,
    /// The questions, by what the master knows.
    pub books: Vec<SameBooks>,
}

/// All states in which the same task fails for the same reason, and of which the master knows the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameBooks {
    /// What the master knows.
    pub books: Books,
    /// What each strategy answers.
    pub answers: Vec<TaskSet>,
    /// The sets that are enough in all the states.
    pub enough: Family,
    /// The states, together where the same sets are enough.
    pub states: Vec<SameSets>,
    /// Against every set that lacks one task of a weakest one: a run from one of the states.
    pub against: Vec<Against>,
}

/// States with the same books in which the same sets are enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameSets {
    /// How many states.
    pub times: usize,
    /// The sets that are enough.
    pub enough: Family,
    /// After how many of these questions the answer of each strategy goes wrong.
    pub tallies: Vec<Tally>,
    /// A shortest run to the failure in one of the states, with the step in which it is handled.
    pub way: Vec<String>,
    /// Against every set that lacks one task of a weakest one: a run from that state.
    pub against: Vec<Against>,
}

/// How often an answer is not enough, by what goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows can be wrong.
    pub wrong: usize,
    /// The job can come to where it cannot succeed.
    pub hangs: usize,
    /// Neither; but a task fails again, or one that was left behind does.
    pub fails: usize,
}

/// A run that shows that a set is not enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    /// The set.
    pub set: TaskSet,
    /// What goes wrong.
    pub flaw: Flaws,
    /// The run up to the failure, with the step in which it is handled.
    pub way: Vec<String>,
    /// The run from there on, when the set restarts.
    pub after: Vec<String>,
}

impl SameBooks {
    /// How many states there are.
    pub fn times(&self) -> usize {
        self.states.iter().map(|state| state.times).sum()
    }
}

impl Tally {
    fn add(&mut self, flaws: Flaws) {
        let (wrong, hangs) = (flaws.has(Flaws::WRONG), flaws.has(Flaws::HANGS));
        self.wrong += usize::from(wrong);
        self.hangs += usize::from(hangs);
        self.fails += usize::from(!wrong && !hangs && flaws != Flaws::NONE);
    }
}

/// What it takes to say what was found.
pub(super) struct Finder<'a, 'm, const V: usize> {
    pub(super) graph: &'a Graph<'m, V>,
    pub(super) aftermath: &'a Aftermath<'a, 'm, V>,
    pub(super) notation: &'a dyn Fn(Action) -> String,
}

impl<const V: usize> Finder<'_, '_, V> {
    /// Puts questions together that have the same books.
    pub(super) fn by_books(&self, questions: &[Question]) -> Vec<SameBooks> {
        let mut by_books: BTreeMap<&Books, Vec<&Question>> = BTreeMap::new();
        for question in questions {
            by_books.entry(&question.books).or_default().push(question);
        }
        by_books.into_values().map(|same| self.same_books(&same)).collect()
    }

    fn same_books(&self, questions: &[&Question]) -> SameBooks {
        let mut by_sets: BTreeMap<Family, Vec<&Question>> = BTreeMap::new();
        for &question in questions {
            by_sets.entry(self.enough(question)).or_default().push(question);
        }
        let enough = by_sets.keys().fold(Family::ALL, |all, enough| all.and(*enough));
        let against = smaller(enough).into_iter().filter_map(|set| {
            let mut shown = questions.iter().filter(|it| !self.enough(it).has(set));
            self.against(shown.next()?, set)
        });
        let Question { books, answers, .. } = questions[0];
        let mut states: Vec<SameSets> =
            by_sets.into_iter().map(|(enough, same)| self.same_sets(enough, &same)).collect();
        states.sort_by_key(|state| (state.way.len(), state.way.clone()));
        let (books, answers) = (books.clone(), answers.clone());
        SameBooks { books, answers, enough, states, against: against.collect() }
    }

    /// The first of the questions was found first: none has a shorter way to it.
    fn same_sets(&self, enough: Family, same: &[&Question]) -> SameSets {
        let against = smaller(enough).into_iter().filter_map(|set| self.against(same[0], set));
        let mut tallies = vec![Tally::default(); same[0].answers.len()];
        for question in same {
            let flaws = self.flaws_of_answers(question).into_iter();
            tallies.iter_mut().zip(flaws).for_each(|(tally, flaws)| tally.add(flaws));
        }
        let (times, way) = (same.len(), self.way(same[0]));
        SameSets { times, enough, tallies, way, against: against.collect() }
    }

    fn enough(&self, question: &Question) -> Family {
        let enough =
            |&&(set, after): &&(TaskSet, u32)| self.flaws(question, set, after) == Flaws::NONE;
        question.leads_to.iter().filter(enough).map(|&(set, _)| set).collect()
    }

    fn flaws_of_answers(&self, question: &Question) -> Vec<Flaws> {
        let flaws = |&answer: &TaskSet| {
            let after = question.leads_to.iter().find(|(set, _)| *set == answer);
            // One without the failed task, which never runs again.
            after.map_or(Flaws::HANGS, |&(set, after)| self.flaws(question, set, after))
        };
        question.answers.iter().map(flaws).collect()
    }

    fn flaws(&self, question: &Question, set: TaskSet, after: u32) -> Flaws {
        self.aftermath.flaws(after).and(Flaws::against(question.books.begun(set)))
    }

    fn against(&self, question: &Question, set: TaskSet) -> Option<Against> {
        let (_, after) = question.leads_to.iter().find(|(answer, _)| *answer == set)?;
        let flaws = Flaws::against(question.books.begun(set));
        let (run, flaw) = self.aftermath.run_to(*after, flaws)?;
        let after = run.into_iter().map(self.notation).collect();
        Some(Against { set, flaw, way: self.way(question), after })
    }

    fn way(&self, question: &Question) -> Vec<String> {
        let way = self.graph.way_to(question.before).into_iter().chain([question.step]);
        way.map(self.notation).collect()
    }
}

/// The sets that lack one task of a weakest one, which is not the failed one: that is in every set.
fn smaller(enough: Family) -> Vec<TaskSet> {
    let minimal = enough.minimal();
    let without =
        |&set: &TaskSet| set.tasks().map(move |task| set.without(task)).collect::<Vec<_>>();
    let mut smaller: Vec<TaskSet> = minimal.iter().flat_map(without).collect();
    smaller.sort_by_key(|set| (set.len(), *set));
    smaller.dedup();
    smaller
}

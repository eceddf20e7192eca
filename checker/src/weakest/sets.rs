//! Sets of tasks, and families of such sets, as words.

use std::fmt;

/// Most execution vertices of a job: a family has a bit for each of their sets.
pub const TASKS_MAX: usize = 6;

/// Some of the tasks of a job: bit `v` is execution vertex `v`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskSet(u8);

impl TaskSet {
    /// The set of one task.
    pub fn of(task: usize) -> TaskSet {
        TaskSet(1 << task)
    }

    /// Every set out of `tasks` tasks that has `member`, small ones first.
    pub fn all_with(member: usize, tasks: usize) -> Vec<TaskSet> {
        let all = (0..1_u8 << tasks).map(TaskSet).filter(|set| set.has(member));
        let mut all: Vec<TaskSet> = all.collect();
        all.sort_by_key(|set| (set.len(), set.0));
        all
    }

    /// How many tasks it has.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether it has this task.
    pub fn has(self, task: usize) -> bool {
        self.0 >> task & 1 == 1
    }

    /// Whether all its tasks are in `other`.
    pub fn is_in(self, other: TaskSet) -> bool {
        self.0 & !other.0 == 0
    }

    /// The same without a task.
    #[must_use]
    pub fn without(self, task: usize) -> TaskSet {
        TaskSet(self.0 & !(1 << task))
    }

    /// Its tasks, ascending.
    pub fn tasks(self) -> impl Iterator<Item = usize> {
        (0..TASKS_MAX).filter(move |&task| self.has(task))
    }
}

impl FromIterator<usize> for TaskSet {
    fn from_iter<I: IntoIterator<Item = usize>>(tasks: I) -> Self {
        TaskSet(tasks.into_iter().fold(0, |bits, task| bits | 1 << task))
    }
}

/// Some of the sets of tasks of a job.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Family(u64);

impl Family {
    /// All sets.
    pub const ALL: Family = Family(u64::MAX);

    /// Whether this set is one of them.
    pub fn has(self, set: TaskSet) -> bool {
        self.0 >> set.0 & 1 == 1
    }

    /// The sets that are in both.
    #[must_use]
    pub fn and(self, other: Family) -> Family {
        Family(self.0 & other.0)
    }

    /// Those that have no smaller one of the family in them, small ones first.
    ///
    /// That the family grows upwards is not supposed: a set can be enough and a larger one not.
    pub fn minimal(self) -> Vec<TaskSet> {
        let mut minimal: Vec<TaskSet> = Vec::new();
        for set in self.sets() {
            if !minimal.iter().any(|smaller| smaller.is_in(set)) {
                minimal.push(set);
            }
        }
        minimal
    }

    /// How many tasks its smallest sets have; none, if there is no set.
    pub fn least(self) -> Option<usize> {
        self.sets().first().map(|set| set.len())
    }

    /// All, small ones first.
    fn sets(self) -> Vec<TaskSet> {
        let mut sets: Vec<TaskSet> =
            (0..u64::BITS as u8).map(TaskSet).filter(|&set| self.has(set)).collect();
        sets.sort_by_key(|set| (set.len(), set.0));
        sets
    }
}

impl FromIterator<TaskSet> for Family {
    fn from_iter<I: IntoIterator<Item = TaskSet>>(sets: I) -> Self {
        Family(sets.into_iter().fold(0, |bits, set| bits | 1 << set.0))
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.sets()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(tasks: &[usize]) -> TaskSet {
        tasks.iter().copied().collect()
    }

    #[test]
    fn small_sets_come_first_and_all_have_the_member() {
        let all = TaskSet::all_with(1, 3);
        assert_eq!(all, [set(&[1]), set(&[0, 1]), set(&[1, 2]), set(&[0, 1, 2])]);
        assert_eq!(TaskSet::all_with(5, TASKS_MAX).len(), 32);
    }

    #[test]
    fn a_minimal_set_has_no_other_one_in_it_whatever_lies_between() {
        let family: Family =
            [set(&[0]), set(&[0, 1, 2]), set(&[1, 2]), set(&[1, 2, 3])].into_iter().collect();
        assert_eq!(family.minimal(), [set(&[0]), set(&[1, 2])]);
        assert_eq!((family.least(), Family::from_iter([]).least()), (Some(1), None));
    }
}

//! Region failover of a batch job, in the small: the model by which checkers are compared.
//!
//! Stages of tasks, every edge all-to-all. A producer draws its output when it is deployed; consumers read it producer
//! by producer. When a producer runs again, its consumers have to, or two consumers of one stage see different data.

mod consistency;
mod packing;

use stateright::Model;

pub use consistency::Consistency;

const TASKS_MAX: usize = 6;
const SUBTASKS_MAX: usize = 2;

const EXECUTORS_MAX: usize = 2;

/// Bits of an attempt.
const ATTEMPT_BITS: usize = 3;

/// The parameters of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many stages read one another.
    pub stages: usize,
    /// Tasks of each stage.
    pub subtasks: usize,
    /// Machines that tasks run on.
    pub executors: usize,
    /// Bit k: the edge from stage k to stage k + 1 is pipelined.
    pub pipelined: u8,
    /// Most executors that die in one run.
    pub crashes: u8,
    /// Most tasks that fail in one run.
    pub task_failures: u8,
    /// Most outputs that vanish in one run.
    pub partition_losses: u8,
    /// Whether a restart takes the consumers along; not doing so is the seeded bug.
    pub restart_consumers: bool,
}

/// 40,835 states.
pub const TINY: Size = size([2, 2, 2, 0, 1, 0, 0, 1]);
/// 176,691 states.
pub const A: Size = size([2, 2, 2, 0, 1, 1, 0, 1]);
/// 287,893 states, of which some violate [`Consistency`].
pub const A_WITH_THE_BUG: Size = size([2, 2, 2, 0, 1, 1, 0, 0]);
/// 1,319,118 states.
pub const B: Size = size([2, 2, 2, 1, 1, 1, 1, 1]);
/// 7,876,133 states.
pub const L: Size = size([3, 2, 2, 0, 1, 1, 0, 1]);

/// In the order in which the sizes are usually written.
const fn size(
    [stages, subtasks, executors, pipelined, crashes, task_failures, partition_losses, down]: [u8;
        8],
) -> Size {
    Size {
        stages: stages as usize,
        subtasks: subtasks as usize,
        executors: executors as usize,
        pipelined,
        crashes,
        task_failures,
        partition_losses,
        restart_consumers: down == 1,
    }
}

/// The model of one size, and what it fixes of tasks and stages.
#[derive(Clone, Debug)]
pub struct RegionFailover {
    size: Size,
    /// The tasks of each stage.
    stages: [TaskSet; TASKS_MAX],
    first: TaskSet,
    last: TaskSet,
    /// The tasks that read their input while it is produced.
    pipelined: TaskSet,
    /// What nobody reads.
    unreadable: ReadSet,
    /// The tasks that each task reads, and the number of the first of them.
    producers: [TaskSet; TASKS_MAX],
    first_producer: [u8; TASKS_MAX],
    /// The tasks that restart with each task, whatever is lost.
    regions: [TaskSet; TASKS_MAX],
    /// The tasks that restart as one that they read does.
    taken_along: [TaskSet; TASKS_MAX],
    /// Where the counts of faults stand in a packed state.
    faults: [u32; 4],
}

/// Bit t: task t.
type TaskSet = u8;

/// Bit 8 j + t: task t and the producer that is number j of those that it reads.
type ReadSet = u16;

/// All that these tasks can read.
#[inline]
const fn reads_of(tasks: TaskSet) -> ReadSet {
    ReadSet::from_le_bytes([tasks; SUBTASKS_MAX])
}

/// The tasks of a set, the first one first.
#[inline]
fn each(mut set: TaskSet) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let task = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (task < TASKS_MAX).then_some(task)
    })
}

/// Where every task is, and what it has drawn and read. A task of which nothing is said here waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    done: bool,
    /// Bit e: executor e is up.
    up: u8,
    crashes: u8,
    task_failures: u8,
    partition_losses: u8,
    running: TaskSet,
    /// Output on its executor.
    finished: TaskSet,
    failed: TaskSet,
    /// Finished, output gone.
    lost: TaskSet,
    /// Of those that run or have finished: on executor 1.
    elsewhere: TaskSet,
    /// Of those that run or have finished: the output is a 1.
    output: TaskSet,
    /// What was read,
    read: ReadSet,
    /// and of that, what is a 1.
    ones: ReadSet,
    /// How often each task has restarted, in `ATTEMPT_BITS` each.
    attempts: u32,
}

/// One step; tasks, executors and producers (within their stage) by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The job ends.
    Commit,
    /// An executor dies.
    Crash(u8),
    /// An executor comes back.
    Recover(u8),
    /// A running task fails.
    FailTask(u8),
    /// The output of a finished task vanishes.
    LosePartition(u8),
    /// A failed task restarts, with all that must restart with it.
    Restart(u8),
    /// A task is deployed.
    Deploy {
        /// The task.
        task: u8,
        /// Where it runs.
        executor: u8,
        /// What it will produce.
        output: u8,
    },
    /// A task reads a producer's output.
    Read(u8, u8),
    /// A task finds a producer's output gone.
    MissRead(u8, u8),
    /// A task finishes.
    Finish(u8),
}

impl RegionFailover {
    /// The model of that size.
    ///
    /// # Panics
    ///
    /// If it is larger than three stages of two subtasks on two executors.
    pub fn new(size: Size) -> Self {
        assert!(size.stages * size.subtasks <= TASKS_MAX && size.subtasks <= SUBTASKS_MAX);
        assert!(size.executors <= EXECUTORS_MAX);
        let none = [0; TASKS_MAX];
        let mut model = RegionFailover {
            size,
            stages: none,
            first: 0,
            last: 0,
            pipelined: 0,
            unreadable: 0,
            producers: none,
            first_producer: none,
            regions: none,
            taken_along: none,
            faults: packing::faults(&size),
        };
        for stage in 0..size.stages {
            model.stages[stage] = ((1 << size.subtasks) - 1) << (stage * size.subtasks);
        }
        (model.first, model.last) = (model.stages[0], model.stages[size.stages - 1]);
        model.unreadable = reads_of(model.first);
        for j in size.subtasks..SUBTASKS_MAX {
            model.unreadable |= 0xff << (8 * j);
        }
        for stage in 0..size.stages {
            each(model.stages[stage]).for_each(|task| model.connect(task, stage));
        }
        model
    }

    /// Notes what a task of this stage has to do with other ones.
    fn connect(&mut self, task: usize, stage: usize) {
        self.regions[task] = self.region(task, stage);
        if stage > 0 {
            self.producers[task] = self.stages[stage - 1];
            self.first_producer[task] = ((stage - 1) * self.size.subtasks) as u8;
            self.pipelined |= u8::from(self.reads_pipelined(stage)) << task;
        }
        if self.size.restart_consumers && stage + 1 < self.size.stages {
            for consumer in each(self.stages[stage + 1]) {
                self.taken_along[task] |= self.region(consumer, stage + 1);
            }
        }
    }

    /// Whether a stage reads its input while that is produced.
    fn reads_pipelined(&self, stage: usize) -> bool {
        stage > 0 && self.size.pipelined >> (stage - 1) & 1 == 1
    }

    fn region(&self, task: usize, stage: usize) -> TaskSet {
        let (mut first, mut last) = (stage, stage);
        while self.reads_pipelined(first) {
            first -= 1;
        }
        while last + 1 < self.size.stages && self.reads_pipelined(last + 1) {
            last += 1;
        }
        if first == last {
            return 1 << task;
        }
        self.stages[first..=last].iter().fold(0, |set, stage| set | stage)
    }

    /// What restarts when `task` does.
    fn closure(&self, state: &State, task: usize) -> TaskSet {
        let mut set = self.regions[task];
        loop {
            let before = set;
            for member in each(before) {
                let producers = each(self.producers[member] & state.lost);
                set |= self.taken_along[member];
                set |= producers.fold(0, |set, producer| set | self.regions[producer]);
            }
            if set == before {
                return set;
            }
        }
    }

    /// The tasks of which everything that they read is in `available`.
    #[inline]
    fn supplied(&self, available: TaskSet) -> TaskSet {
        let (mut supplied, mut producers) = (0, 0);
        for stage in &self.stages[..self.size.stages] {
            if producers & !available == 0 {
                supplied |= stage;
            }
            producers = *stage;
        }
        supplied
    }

    #[inline]
    fn push_deployments(&self, state: &State, actions: &mut Vec<Action>) {
        let produced = state.finished | state.lost;
        let mut ready = self.supplied(produced);
        if self.pipelined != 0 {
            ready |= self.supplied(produced | state.running) & self.pipelined;
        }
        let ready = ready & !state.started();
        for t in each(ready) {
            let outputs = if self.last >> t & 1 == 1 { 1 } else { 2 };
            for executor in each(state.up) {
                for output in 0..outputs {
                    let (task, executor) = (t as u8, executor as u8);
                    actions.push(Action::Deploy { task, executor, output });
                }
            }
        }
    }

    #[inline]
    fn push_reads(&self, state: &State, actions: &mut Vec<Action>) {
        let unread = !(state.read | self.unreadable) & reads_of(state.running);
        for (j, tasks) in unread.to_le_bytes().into_iter().enumerate() {
            for t in each(tasks) {
                let running = if self.pipelined >> t & 1 == 1 { state.running } else { 0 };
                let producer = usize::from(self.first_producer[t]) + j;
                if (state.finished | running) >> producer & 1 == 1 {
                    actions.push(Action::Read(t as u8, j as u8));
                } else if state.lost >> producer & 1 == 1 {
                    actions.push(Action::MissRead(t as u8, j as u8));
                }
            }
        }
    }

    /// The running tasks that have read everything, and whose producers will not write any more.
    #[inline]
    fn can_finish(&self, state: &State) -> TaskSet {
        let [first, second] = (state.read | self.unreadable).to_le_bytes();
        let through = state.running & first & second;
        if through & self.pipelined == 0 {
            return through;
        }
        through & (!self.pipelined | self.supplied(state.finished | state.lost))
    }
}

impl State {
    /// All tasks that do not wait.
    #[inline]
    fn started(&self) -> TaskSet {
        self.running | self.finished | self.failed | self.lost
    }

    /// Has these tasks forget what they will produce, and where.
    #[inline]
    fn forget_output(&mut self, tasks: TaskSet) {
        self.elsewhere &= !tasks;
        self.output &= !tasks;
    }

    #[inline]
    fn forget_reads(&mut self, tasks: TaskSet) {
        self.read &= !reads_of(tasks);
        self.ones &= !reads_of(tasks);
    }

    /// Some running tasks fail.
    #[inline]
    fn fail(&mut self, tasks: TaskSet) {
        self.running &= !tasks;
        self.failed |= tasks;
        self.forget_output(tasks);
        self.forget_reads(tasks);
    }

    /// The output of some finished tasks vanishes.
    #[inline]
    fn lose(&mut self, tasks: TaskSet) {
        self.finished &= !tasks;
        self.lost |= tasks;
        self.forget_output(tasks);
    }

    #[inline]
    fn crash(&mut self, executor: u8, last: TaskSet) {
        self.up &= !(1 << executor);
        self.crashes += 1;
        let there = if executor == 0 { !self.elsewhere } else { self.elsewhere };
        self.fail(self.running & there);
        self.lose(self.finished & there & !last);
    }

    #[inline]
    fn restart(&mut self, tasks: TaskSet) {
        let tasks = tasks & self.started();
        self.running &= !tasks;
        self.finished &= !tasks;
        self.failed &= !tasks;
        self.lost &= !tasks;
        self.forget_output(tasks);
        self.forget_reads(tasks);
        for t in each(tasks) {
            let at = ATTEMPT_BITS * t;
            assert!(!self.attempts >> at & 7 != 0, "a state has no room for so many attempts");
            self.attempts += 1 << at;
        }
    }
}

impl Model for RegionFailover {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            done: false,
            up: (1 << self.size.executors) - 1,
            crashes: 0,
            task_failures: 0,
            partition_losses: 0,
            running: 0,
            finished: 0,
            failed: 0,
            lost: 0,
            elsewhere: 0,
            output: 0,
            read: 0,
            ones: 0,
            attempts: 0,
        }]
    }

    #[inline]
    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.done {
            return;
        }
        if state.finished & self.last == self.last {
            actions.push(Action::Commit);
        }
        for executor in 0..self.size.executors {
            if state.up >> executor & 1 == 0 {
                actions.push(Action::Recover(executor as u8));
            } else if state.crashes < self.size.crashes {
                actions.push(Action::Crash(executor as u8));
            }
        }
        actions.extend(each(state.failed).map(|t| Action::Restart(t as u8)));
        self.push_deployments(state, actions);
        if state.task_failures < self.size.task_failures {
            actions.extend(each(state.running).map(|t| Action::FailTask(t as u8)));
        }
        self.push_reads(state, actions);
        actions.extend(each(self.can_finish(state)).map(|t| Action::Finish(t as u8)));
        if state.partition_losses < self.size.partition_losses {
            let outputs = state.finished & !self.last;
            actions.extend(each(outputs).map(|t| Action::LosePartition(t as u8)));
        }
    }

    #[inline(always)]
    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = *last;
        match action {
            Action::Commit => state.done = true,
            Action::Crash(executor) => state.crash(executor, self.last),
            Action::Recover(executor) => state.up |= 1 << executor,
            Action::FailTask(t) => {
                state.task_failures += 1;
                state.fail(1 << t);
            }
            Action::LosePartition(t) => {
                state.partition_losses += 1;
                state.lose(1 << t);
            }
            Action::Restart(t) => state.restart(self.closure(last, t.into())),
            Action::Deploy { task, executor, output } => {
                state.running |= 1 << task;
                state.elsewhere |= executor << task;
                state.output |= output << task;
            }
            Action::Read(t, j) => {
                let producer = self.first_producer[usize::from(t)] + j;
                let read = 8 * j + t;
                state.read |= 1 << read;
                state.ones |= ReadSet::from(state.output >> producer & 1) << read;
            }
            Action::MissRead(t, _) => state.fail(1 << t),
            Action::Finish(t) => {
                state.running &= !(1 << t);
                state.finished |= 1 << t;
            }
        }
        Some(state)
    }
}

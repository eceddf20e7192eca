//! Region failover of a batch job, in the small: the model by which checkers are compared.
//!
//! Stages of tasks, every edge all-to-all. A producer draws its output when it is deployed; consumers read it producer
//! by producer. When a producer runs again, its consumers have to, or two consumers of one stage see different data.

mod packing;

use stateright::Model;

use crate::{Judge, Marks};

const TASKS_MAX: usize = 6;
const SUBTASKS_MAX: usize = 2;

/// Nothing read yet.
const NONE: u8 = 2;

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

/// The model of one size.
#[derive(Clone, Debug)]
pub struct RegionFailover {
    size: Size,
    /// The tasks that restart with each task.
    regions: [TaskSet; TASKS_MAX],
}

/// Bit t: task t.
type TaskSet = u8;

/// Where every task is, and what it has drawn and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct State {
    done: bool,
    /// Bit e: executor e is up.
    up: u8,
    crashes: u8,
    task_failures: u8,
    partition_losses: u8,
    tasks: [Task; TASKS_MAX],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Task {
    status: Status,
    attempt: u8,
    executor: u8,
    output: u8,
    read: [u8; SUBTASKS_MAX],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Status {
    Waiting,
    Running,
    /// Finished, output on its executor.
    Finished,
    Failed,
    /// Finished, output gone.
    Lost,
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
    pub fn new(size: Size) -> Self {
        let mut model = RegionFailover { size, regions: [0; TASKS_MAX] };
        for task in 0..model.tasks() {
            model.regions[task] = model.region(task);
        }
        model
    }

    fn tasks(&self) -> usize {
        self.size.stages * self.size.subtasks
    }

    fn stage(&self, task: usize) -> usize {
        task / self.size.subtasks
    }

    fn is_last(&self, stage: usize) -> bool {
        stage + 1 == self.size.stages
    }

    fn tasks_of(&self, stage: usize) -> std::ops::Range<usize> {
        stage * self.size.subtasks..(stage + 1) * self.size.subtasks
    }

    /// The tasks that a task of this stage reads.
    fn producers(&self, stage: usize) -> std::ops::Range<usize> {
        if stage == 0 { 0..0 } else { self.tasks_of(stage - 1) }
    }

    /// Whether a stage reads its input while that is produced.
    fn reads_pipelined(&self, stage: usize) -> bool {
        stage > 0 && self.size.pipelined >> (stage - 1) & 1 == 1
    }

    fn region(&self, task: usize) -> TaskSet {
        let (mut first, mut last) = (self.stage(task), self.stage(task));
        while self.reads_pipelined(first) {
            first -= 1;
        }
        while !self.is_last(last) && self.reads_pipelined(last + 1) {
            last += 1;
        }
        if first == last {
            return 1 << task;
        }
        (first..=last).flat_map(|stage| self.tasks_of(stage)).fold(0, |set, task| set | 1 << task)
    }

    /// What restarts when `task` does.
    fn closure(&self, state: &State, task: usize) -> TaskSet {
        let mut set = self.regions[task];
        loop {
            let before = set;
            for member in (0..self.tasks()).filter(|&member| before >> member & 1 == 1) {
                let stage = self.stage(member);
                let lost = |&u: &usize| state.tasks[u].status == Status::Lost;
                for producer in self.producers(stage).filter(lost) {
                    set |= self.regions[producer];
                }
                if self.size.restart_consumers && !self.is_last(stage) {
                    self.tasks_of(stage + 1).for_each(|consumer| set |= self.regions[consumer]);
                }
            }
            if set == before {
                return set;
            }
        }
    }

    fn push_task_actions(&self, state: &State, t: usize, actions: &mut Vec<Action>) {
        let stage = self.stage(t);
        match state.tasks[t].status {
            Status::Waiting => self.push_deployments(state, t, actions),
            Status::Running => {
                if state.task_failures < self.size.task_failures {
                    actions.push(Action::FailTask(t as u8));
                }
                self.push_reads(state, t, actions);
                if self.can_finish(state, t) {
                    actions.push(Action::Finish(t as u8));
                }
            }
            Status::Finished => {
                let may_lose = state.partition_losses < self.size.partition_losses;
                if may_lose && !self.is_last(stage) {
                    actions.push(Action::LosePartition(t as u8));
                }
            }
            Status::Failed => actions.push(Action::Restart(t as u8)),
            Status::Lost => {}
        }
    }

    fn push_deployments(&self, state: &State, task: usize, actions: &mut Vec<Action>) {
        let stage = self.stage(task);
        let pipelined = self.reads_pipelined(stage);
        let ready = self.producers(stage).all(|u| match state.tasks[u].status {
            Status::Finished | Status::Lost => true,
            Status::Running => pipelined,
            Status::Waiting | Status::Failed => false,
        });
        if !ready {
            return;
        }
        let draws = if self.is_last(stage) { 0..=0 } else { 0..=1 };
        for executor in (0..self.size.executors).filter(|&e| state.up >> e & 1 == 1) {
            let (task, executor) = (task as u8, executor as u8);
            actions.extend(draws.clone().map(|output| Action::Deploy { task, executor, output }));
        }
    }

    fn push_reads(&self, state: &State, task: usize, actions: &mut Vec<Action>) {
        let stage = self.stage(task);
        for (j, u) in self.producers(stage).enumerate() {
            if state.tasks[task].read[j] != NONE {
                continue;
            }
            match state.tasks[u].status {
                Status::Finished => actions.push(Action::Read(task as u8, j as u8)),
                Status::Running if self.reads_pipelined(stage) => {
                    actions.push(Action::Read(task as u8, j as u8));
                }
                Status::Lost => actions.push(Action::MissRead(task as u8, j as u8)),
                _ => {}
            }
        }
    }

    fn can_finish(&self, state: &State, task: usize) -> bool {
        let stage = self.stage(task);
        let pipelined = self.reads_pipelined(stage);
        self.producers(stage).enumerate().all(|(j, u)| {
            state.tasks[task].read[j] != NONE && (!pipelined || state.tasks[u].has_finished())
        })
    }

    fn crash(&self, state: &mut State, executor: u8) {
        state.up &= !(1 << executor);
        state.crashes += 1;
        for t in 0..self.tasks() {
            let task = &mut state.tasks[t];
            if task.executor != executor {
                continue;
            }
            match task.status {
                Status::Running => task.fail(),
                Status::Finished if !self.is_last(self.stage(t)) => task.lose(),
                _ => {}
            }
        }
    }

    fn restart(&self, state: &mut State, task: usize) {
        let set = self.closure(state, task);
        for (t, task) in state.tasks.iter_mut().enumerate() {
            if set >> t & 1 == 1 && task.status != Status::Waiting {
                *task = Task { attempt: task.attempt.wrapping_add(1), ..Task::WAITING };
            }
        }
    }
}

impl Task {
    const WAITING: Task = Task {
        status: Status::Waiting,
        attempt: 0,
        executor: 0,
        output: 0,
        read: [NONE; SUBTASKS_MAX],
    };

    fn has_finished(&self) -> bool {
        matches!(self.status, Status::Finished | Status::Lost)
    }

    fn fail(&mut self) {
        *self = Task { status: Status::Failed, attempt: self.attempt, ..Task::WAITING };
    }

    fn lose(&mut self) {
        (self.status, self.executor, self.output) = (Status::Lost, 0, 0);
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
            tasks: [Task::WAITING; TASKS_MAX],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if state.done {
            return;
        }
        let mut sinks = self.tasks_of(self.size.stages - 1);
        if sinks.all(|t| state.tasks[t].status == Status::Finished) {
            actions.push(Action::Commit);
        }
        for executor in 0..self.size.executors {
            if state.up >> executor & 1 == 0 {
                actions.push(Action::Recover(executor as u8));
            } else if state.crashes < self.size.crashes {
                actions.push(Action::Crash(executor as u8));
            }
        }
        for task in 0..self.tasks() {
            self.push_task_actions(state, task, actions);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = *last;
        match action {
            Action::Commit => state.done = true,
            Action::Crash(executor) => self.crash(&mut state, executor),
            Action::Recover(executor) => state.up |= 1 << executor,
            Action::FailTask(t) => {
                state.task_failures += 1;
                state.tasks[usize::from(t)].fail();
            }
            Action::LosePartition(t) => {
                state.partition_losses += 1;
                state.tasks[usize::from(t)].lose();
            }
            Action::Restart(t) => self.restart(&mut state, t.into()),
            Action::Deploy { task, executor, output } => {
                let task = &mut state.tasks[usize::from(task)];
                (task.status, task.executor, task.output) = (Status::Running, executor, output);
            }
            Action::Read(t, j) => {
                let (t, j) = (usize::from(t), usize::from(j));
                let producer = self.producers(self.stage(t)).start + j;
                state.tasks[t].read[j] = state.tasks[producer].output;
            }
            Action::MissRead(t, _) => state.tasks[usize::from(t)].fail(),
            Action::Finish(t) => state.tasks[usize::from(t)].status = Status::Finished,
        }
        Some(state)
    }
}

/// Property 0: two tasks of one stage that have both finished have read the same. Triggered by two that have.
#[derive(Clone, Copy, Debug)]
pub struct Consistency;

impl Judge<RegionFailover> for Consistency {
    fn properties(&self) -> usize {
        1
    }

    fn on_state(&self, model: &RegionFailover, state: &State) -> Marks {
        let mut marks = Marks::NONE;
        for stage in 1..model.size.stages {
            let finished = || {
                let tasks = model.tasks_of(stage).map(|t| &state.tasks[t]);
                tasks.filter(|task| task.has_finished())
            };
            let differ = finished().any(|a| finished().any(|b| a.read != b.read));
            marks = marks.with(0, finished().count() > 1, differ);
        }
        marks
    }

    fn rules(&self) -> usize {
        10
    }

    fn rule(&self, action: &Action) -> usize {
        match action {
            Action::Commit => 0,
            Action::Crash(_) => 1,
            Action::Recover(_) => 2,
            Action::FailTask(_) => 3,
            Action::LosePartition(_) => 4,
            Action::Restart(_) => 5,
            Action::Deploy { .. } => 6,
            Action::Read(..) => 7,
            Action::MissRead(..) => 8,
            Action::Finish(_) => 9,
        }
    }
}

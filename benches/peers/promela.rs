//! The common model in Promela, the language of Spin: one process that repeats one indivisible step an action.
//!
//! A task t has `st` (its status), `att` (its attempt), `loc` (its executor), `out` (what it has drawn; not of the last
//! stage, whose output nobody reads) and, for each producer j, `rd_j` (what it has read from it). `r` and `n` belong to
//! a restart, and are 0 between steps.

use std::ops::Range;

use failproof_explorer::reference_models::region_failover::Size;

const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const FINISHED: u8 = 2;
const FAILED: u8 = 3;
const LOST: u8 = 4;

/// What is read before anything is.
const NONE: u8 = 2;

/// The model of that size, judged by one assertion after every step that can make it false.
pub(crate) fn promela(size: &Size) -> String {
    let model = Promela(size);
    let mut lines = vec![model.heading()];
    lines.extend(model.declarations());
    lines.push(format!("#define INV ({})", model.invariant()));
    lines.extend(["init {".to_owned(), model.beginning(), "  do".to_owned(), model.commit()]);
    lines.extend((0..size.executors).flat_map(|executor| model.executor_steps(executor)));
    lines.extend((0..model.tasks()).flat_map(|task| model.task_steps(task)));
    lines.extend(["  od".to_owned(), "}".to_owned()]);
    lines.join("\n") + "\n"
}

struct Promela<'s>(&'s Size);

/// One action: never possible any more when the job has ended.
fn step(guard: &str, effect: &str) -> String {
    format!("  :: d_step {{ !done && {guard} -> {effect} assert(INV) }}")
}

/// `effect`, where `condition` is true.
fn only_if(condition: &str, effect: &str) -> String {
    format!("if :: {condition} -> {effect} :: else -> skip fi;")
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts.collect::<Vec<_>>().join(separator)
}

/// Bit t: task t.
fn set(tasks: impl IntoIterator<Item = usize>) -> u32 {
    tasks.into_iter().fold(0, |set, task| set | 1 << task)
}

impl Promela<'_> {
    fn tasks(&self) -> usize {
        self.0.stages * self.0.subtasks
    }

    fn stage(&self, task: usize) -> usize {
        task / self.0.subtasks
    }

    fn is_last(&self, stage: usize) -> bool {
        stage + 1 == self.0.stages
    }

    fn tasks_of(&self, stage: usize) -> Range<usize> {
        stage * self.0.subtasks..(stage + 1) * self.0.subtasks
    }

    /// The producers of a task, with their numbers within their stage.
    fn producers(&self, task: usize) -> impl Iterator<Item = (usize, usize)> + Clone {
        let stage = self.stage(task);
        let producers = if stage == 0 { 0..0 } else { self.tasks_of(stage - 1) };
        producers.enumerate()
    }

    /// Whether the edge out of that stage is pipelined.
    fn is_pipelined(&self, stage: usize) -> bool {
        !self.is_last(stage) && self.0.pipelined >> stage & 1 == 1
    }

    /// Whether a task reads its input while that is produced.
    fn reads_pipelined(&self, task: usize) -> bool {
        let stage = self.stage(task);
        stage > 0 && self.is_pipelined(stage - 1)
    }

    /// What a condition on a producer `u` of a task goes on with, if it may also be running.
    fn or_running(&self, task: usize, u: usize) -> String {
        if self.reads_pipelined(task) { format!("||st{u}=={RUNNING}") } else { String::new() }
    }

    /// The tasks that restart with a task: itself, or all of the stages that are joined by pipelined edges.
    fn region(&self, task: usize) -> u32 {
        let (mut first, mut last) = (self.stage(task), self.stage(task));
        while first > 0 && self.is_pipelined(first - 1) {
            first -= 1;
        }
        while self.is_pipelined(last) {
            last += 1;
        }
        if first == last { set([task]) } else { set((first..=last).flat_map(|k| self.tasks_of(k))) }
    }

    fn heading(&self) -> String {
        let Size { stages, subtasks, executors, pipelined, crashes, .. } = self.0;
        let Size { task_failures, partition_losses, restart_consumers, .. } = self.0;
        let down = u8::from(*restart_consumers);
        format!(
            "/* region failover: {stages} {subtasks} {executors} {pipelined} {crashes} {task_failures} \
             {partition_losses} {down} */"
        )
    }

    fn declarations(&self) -> Vec<String> {
        let mut lines = vec!["bool done;".to_owned()];
        lines.extend((0..self.0.executors).map(|e| format!("bool up{e};")));
        lines.push("byte f, tf, pl;".to_owned());
        for t in 0..self.tasks() {
            lines.push(format!("byte st{t}, att{t}, loc{t};"));
            if !self.is_last(self.stage(t)) {
                lines.push(format!("byte out{t};"));
            }
            if self.stage(t) > 0 {
                let read = joined(self.producers(t).map(|(j, _)| format!("rd{t}_{j}")), ", ");
                lines.push(format!("byte {read};"));
            }
        }
        lines.push("byte r, n;".to_owned());
        lines
    }

    /// Any two tasks of one stage that have both finished have read the same.
    fn invariant(&self) -> String {
        let finished = |t| format!("(st{t}=={FINISHED}||st{t}=={LOST})");
        let agree = |(a, b)| {
            let same = self.producers(a).map(|(j, _)| format!("rd{a}_{j}==rd{b}_{j}"));
            format!("(!({}&&{})||({}))", finished(a), finished(b), joined(same, "&&"))
        };
        let pairs = (1..self.0.stages).flat_map(|stage| {
            let tasks = self.tasks_of(stage);
            tasks.clone().flat_map(move |a| (a + 1..tasks.end).map(move |b| (a, b)))
        });
        joined(pairs.map(agree), " && ")
    }

    fn beginning(&self) -> String {
        let up = joined((0..self.0.executors).map(|e| format!("up{e} = 1;")), " ");
        let read: String = (0..self.tasks()).map(|t| self.forget_reads(t)).collect();
        format!("  d_step {{ {up} {read} }}")
    }

    fn forget_reads(&self, t: usize) -> String {
        self.producers(t).map(|(j, _)| format!(" rd{t}_{j} = {NONE};")).collect()
    }

    fn forget_output(&self, t: usize) -> String {
        if self.is_last(self.stage(t)) { String::new() } else { format!(" out{t} = 0;") }
    }

    fn fail(&self, t: usize) -> String {
        let rest = self.forget_output(t) + &self.forget_reads(t);
        format!("st{t} = {FAILED}; loc{t} = 0;{rest}")
    }

    fn lose(&self, t: usize) -> String {
        format!("st{t} = {LOST}; loc{t} = 0;{}", self.forget_output(t))
    }

    /// Makes nothing false, so nothing is asserted after it.
    fn commit(&self) -> String {
        let sinks = self.tasks_of(self.0.stages - 1).map(|t| format!("st{t}=={FINISHED}"));
        format!("  :: d_step {{ !done && {} -> done = 1 }}", joined(sinks, " && "))
    }

    fn executor_steps(&self, e: usize) -> [String; 2] {
        let stricken = |t| {
            let running = format!("loc{t}=={e} && st{t}=={RUNNING} -> {}", self.fail(t));
            if self.is_last(self.stage(t)) {
                return format!("if :: {running} :: else -> skip fi;");
            }
            let finished = format!("loc{t}=={e} && st{t}=={FINISHED} -> {}", self.lose(t));
            format!("if :: {running} :: {finished} :: else -> skip fi;")
        };
        let tasks = joined((0..self.tasks()).map(stricken), " ");
        [
            step(&format!("up{e} && f<{}", self.0.crashes), &format!("up{e} = 0; f++; {tasks}")),
            step(&format!("!up{e}"), &format!("up{e} = 1;")),
        ]
    }

    fn task_steps(&self, t: usize) -> Vec<String> {
        let mut steps = vec![step(
            &format!("st{t}=={RUNNING} && tf<{}", self.0.task_failures),
            &format!("tf++; {}", self.fail(t)),
        )];
        if !self.is_last(self.stage(t)) {
            let guard = format!("st{t}=={FINISHED} && pl<{}", self.0.partition_losses);
            steps.push(step(&guard, &format!("pl++; {}", self.lose(t))));
        }
        steps.push(step(&format!("st{t}=={FAILED}"), &self.restart(t)));
        steps.extend(self.deployments(t));
        steps.extend(self.reads(t));
        steps.push(step(&self.can_finish(t), &format!("st{t} = {FINISHED};")));
        steps
    }

    /// The least set that holds the region of a task, of every lost producer of its members, and, unless that is the
    /// seeded bug, of every consumer of its members.
    fn restart(&self, task: usize) -> String {
        let mut effect = format!("r = {}; n = 0; do :: r != n -> n = r;", self.region(task));
        for u in (0..self.tasks()).filter(|&u| !self.is_last(self.stage(u))) {
            let consumers = set(self.tasks_of(self.stage(u) + 1));
            let condition = format!("(n & {consumers}) && st{u}=={LOST}");
            effect += &format!(" {}", only_if(&condition, &format!("r = r | {}", self.region(u))));
        }
        if self.0.restart_consumers {
            for stage in 0..self.0.stages - 1 {
                let members = set(self.tasks_of(stage));
                let regions = self.tasks_of(stage + 1).fold(0, |set, t| set | self.region(t));
                let restart = only_if(&format!("(n & {members})"), &format!("r = r | {regions}"));
                effect += &format!(" {restart}");
            }
        }
        effect += " :: else -> break od;";
        for t in 0..self.tasks() {
            let forget = self.forget_output(t) + &self.forget_reads(t);
            let condition = format!("(r & {}) && st{t}!={WAITING}", set([t]));
            let reset = format!("st{t} = {WAITING}; att{t}++; loc{t} = 0;{forget}");
            effect += &format!(" {}", only_if(&condition, &reset));
        }
        effect + " r = 0; n = 0;"
    }

    fn deployments(&self, t: usize) -> Vec<String> {
        let ready = |(_, u)| format!("(st{u}=={FINISHED}||st{u}=={LOST}{})", self.or_running(t, u));
        let ready = match self.stage(t) {
            0 => "1".to_owned(),
            _ => joined(self.producers(t).map(ready), " && "),
        };
        let draws = match self.is_last(self.stage(t)) {
            true => vec![String::new()],
            false => vec![format!(" out{t} = 0;"), format!(" out{t} = 1;")],
        };
        let on = |e| {
            let guard = format!("st{t}=={WAITING} && up{e} && {ready}");
            let deploy =
                move |draw| step(&guard, &format!("st{t} = {RUNNING}; loc{t} = {e};{draw}"));
            draws.iter().map(deploy)
        };
        (0..self.0.executors).flat_map(on).collect()
    }

    fn reads(&self, t: usize) -> Vec<String> {
        let read = |(j, u)| {
            let unread = format!("st{t}=={RUNNING} && rd{t}_{j}=={NONE}");
            [
                step(
                    &format!("{unread} && (st{u}=={FINISHED}{})", self.or_running(t, u)),
                    &format!("rd{t}_{j} = out{u};"),
                ),
                step(&format!("{unread} && st{u}=={LOST}"), &self.fail(t)),
            ]
        };
        self.producers(t).flat_map(read).collect()
    }

    fn can_finish(&self, t: usize) -> String {
        let mut guard = format!("st{t}=={RUNNING}");
        for (j, u) in self.producers(t) {
            guard += &format!(" && rd{t}_{j}!={NONE}");
            if self.reads_pipelined(t) {
                guard += &format!(" && (st{u}=={FINISHED}||st{u}=={LOST})");
            }
        }
        guard
    }
}

#[cfg(test)]
mod tests {
    use failproof_explorer::reference_models::region_failover::{B, L, TINY};

    use super::promela;

    #[test]
    fn two_stages_that_read_finished_output() {
        insta::assert_snapshot!(promela(&TINY));
    }

    #[test]
    fn two_stages_that_read_output_while_it_is_produced() {
        insta::assert_snapshot!(promela(&B));
    }

    #[test]
    fn three_stages() {
        insta::assert_snapshot!(promela(&L));
    }
}

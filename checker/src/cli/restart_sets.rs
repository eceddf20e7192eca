//! What each strategy would restart for each failure of a job.

use std::fmt::Write;

use failproof_model::design::{PRESETS, Preset};
use failproof_model::execution_state::ExecutionState;
use failproof_model::job_graph::JobGraph;
use failproof_model::regions::Regions;
use failproof_model::strategy::{
    Cause, FailoverStrategy, Failure, VertexSet, View, failover_strategy,
};
use failproof_model::topology::{PartitionId, Topology, VertexId, first_subtasks};

use super::task_manager_loss::{Loss, Rounds};
use crate::plan::{TASK_MANAGERS, placement};
use crate::report::style::{DIM, NAME};
use crate::report::table::{Cell, Table};

/// As wide as a table can be and still be read.
const COLUMNS: usize = 100;

/// More regions in a row that are alike are not told one by one.
const ALIKE_MAX: usize = 8;

/// The regions and restart sets of a job, by every preset that takes the job.
pub(super) fn describe(job: &JobGraph) -> String {
    let expanded = Expanded::new(job);
    let mut names = Table::indented(2);
    for (index, vertex) in job.vertices.iter().enumerate() {
        let subtasks = Cell::from(format!("x{}", vertex.parallelism)).styled(DIM);
        names.push([short(index).into(), subtasks, vertex.name.as_str().into()]);
    }
    let mut text =
        format!("{NAME}Regions{NAME:#}, since Flink 1.12\n{names}{}\n", expanded.regions());
    let _ = writeln!(
        text,
        "{NAME}What would restart{NAME:#}, when everything else has finished and all data is there\n{}\n{}",
        expanded.table(),
        assumed_of_losses()
    );
    for preset in &expanded.refusing {
        let _ = writeln!(text, "{preset} refuses the job");
    }
    text
}

/// What the rows about a TaskManager take for granted.
fn assumed_of_losses() -> String {
    format!(
        "{DIM}TM: TaskManager; it is lost while all subtasks of the vertex run and have read their inputs. \
         Subtask\nk of every vertex is on TM k modulo {TASK_MANAGERS}. Its tasks fail first; \"then\" \
         others miss what it stored.{DIM:#}"
    )
}

/// The table of all failures, as wide as it may be.
fn show(failures: Vec<(String, Vec<Answer>)>) -> Table {
    const HEADING: [&str; 3] = ["failure", "restarts", "by"];
    let whats = failures.iter().map(|(what, _)| what.as_str());
    let answers = failures.iter().flat_map(|(_, answers)| answers);
    let restarts = answers.flat_map(|it| &it.restarts).map(String::as_str);
    let used = widest(whats.chain([HEADING[0]])) + widest(restarts.chain([HEADING[1]])) + 4;
    let by = COLUMNS.saturating_sub(used);
    let mut table = Table::headed(HEADING);
    for (mut what, answers) in failures {
        for Answer { restarts, presets } in answers {
            let presets = wrapped(&presets, by);
            for line in 0..restarts.len().max(presets.len()) {
                let cell = |lines: &[String]| lines.get(line).cloned().unwrap_or_default().into();
                let what = std::mem::take(&mut what);
                table.push([what.into(), cell(&restarts), cell(&presets)]);
            }
        }
    }
    table
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(|text| text.chars().count()).max().unwrap_or(0)
}

/// Names with commas between them, in lines of at most so many columns.
fn wrapped(names: &[&str], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 < names.len() { "," } else { "" };
        match lines.last_mut() {
            Some(line) if line.len() + 1 + name.len() + comma.len() <= columns => {
                line.push_str(&format!(" {name}{comma}"));
            }
            _ => lines.push(format!("{name}{comma}")),
        }
    }
    lines
}

/// A job vertex in few letters.
fn short(vertex: usize) -> String {
    format!("v{}", vertex + 1)
}

struct Expanded<'a> {
    job: &'a JobGraph,
    topology: Topology,
    first: Vec<usize>,
    strategies: Vec<Known>,
    refusing: Vec<&'static str>,
}

/// A preset that takes the job.
struct Known {
    preset: &'static Preset,
    strategy: Box<dyn FailoverStrategy>,
}

/// What presets do about a failure.
struct Answer {
    /// A line a restart set.
    restarts: Vec<String>,
    presets: Vec<&'static str>,
}

impl<'a> Expanded<'a> {
    fn new(job: &'a JobGraph) -> Self {
        let topology = Topology::of(job);
        let (mut strategies, mut refusing) = (Vec::new(), Vec::new());
        for preset in PRESETS {
            match failover_strategy(preset.design.strategy, &topology) {
                Ok(strategy) => strategies.push(Known { preset, strategy }),
                Err(_) => refusing.push(preset.name),
            }
        }
        Expanded { job, first: first_subtasks(job), topology, strategies, refusing }
    }

    /// A line a region; many in a row that differ in the numbers of their subtasks alone share one.
    fn regions(&self) -> String {
        let regions = Regions::of(&self.topology, true).members;
        let shapes: Vec<_> = regions.iter().map(|members| self.shape(members)).collect();
        let (mut table, mut number) = (Table::indented(2), 1);
        let mut push = |heading: String, names: String| {
            table.push([Cell::from(heading).styled(DIM), names.into()]);
        };
        for alike in shapes.chunk_by(|one, other| one == other) {
            let last = number + alike.len() - 1;
            if alike.len() > ALIKE_MAX {
                push(format!("regions {number} to {last}"), format!("each {}", alike[0]));
            } else {
                for index in number..=last {
                    let set = regions[index - 1].iter().copied().collect();
                    push(format!("region {index}"), self.names(&set));
                }
            }
            number = last + 1;
        }
        table.to_string()
    }

    /// `v1[1 of 400] v2`: how many subtasks of which vertices a region has.
    fn shape(&self, members: &[VertexId]) -> String {
        let vertex_of = |&member: &VertexId| self.first.partition_point(|&it| it <= member) - 1;
        let of_vertex = members.chunk_by(|one, other| vertex_of(one) == vertex_of(other));
        let names = of_vertex.map(|subtasks| {
            let vertex = vertex_of(&subtasks[0]);
            match self.job.vertices[vertex].parallelism {
                all if all == subtasks.len() => short(vertex),
                all => format!("{}[{} of {all}]", short(vertex), subtasks.len()),
            }
        });
        names.collect::<Vec<_>>().join(" ")
    }

    fn table(&self) -> Table {
        let failures = self.failures().into_iter().map(|(what, vertex, cause)| {
            let view = Late { failed: vertex };
            let restarts = |known: &Known| {
                let failure = Failure { vertex, cause, view: &view };
                vec![self.names(&known.strategy.tasks_to_restart(&failure))]
            };
            (what, self.answers(restarts))
        });
        let losses = self.first.iter().take(self.job.vertices.len()).enumerate();
        let losses = losses.map(|(vertex, &first)| {
            let what = format!("{}[0] loses its TM", short(vertex));
            (what, self.answers(|known| self.rounds(known, vertex, first)))
        });
        show(failures.chain(losses).collect())
    }

    /// The restart sets that follow when the TaskManager of the first subtask of a vertex is lost, a line each.
    fn rounds(&self, known: &Known, vertex: usize, first: VertexId) -> Vec<String> {
        let placement = placement(self.job);
        let mut lost = VertexSet::with_capacity(placement.len());
        lost.extend((0..placement.len()).filter(|&v| placement[v] == placement[first]));
        let running = first..first + self.job.vertices[vertex].parallelism;
        let (design, strategy) = (known.preset.design, known.strategy.as_ref());
        let Rounds { sets, endless } =
            Loss::new(self.job, &self.topology, design, strategy, running).rounds(&lost);
        let mut lines: Vec<String> = sets.iter().map(|set| self.names(set)).collect();
        lines.iter_mut().skip(1).for_each(|line| line.insert_str(0, "then "));
        lines.dedup();
        if let (true, Some(last)) = (endless, lines.last_mut()) {
            last.push_str(", for ever");
        }
        lines
    }

    /// A task of each vertex fails; for each exchange, the first consumer misses the first partition that it reads.
    fn failures(&self) -> Vec<(String, VertexId, Cause)> {
        let tasks = self.first.iter().take(self.job.vertices.len()).enumerate();
        let tasks = tasks
            .map(|(vertex, &first)| (format!("{}[0] throws", short(vertex)), first, Cause::Task));
        let edges = self.job.edges.iter().enumerate().filter_map(|(data_set, edge)| {
            let consumer = self.first[edge.to];
            let partition = self.first_input(consumer, data_set)?;
            let (from, to) = (short(edge.from), short(edge.to));
            Some((format!("{to}[0] misses data of {from}"), consumer, Cause::Partition(partition)))
        });
        tasks.chain(edges).collect()
    }

    fn first_input(&self, consumer: VertexId, data_set: usize) -> Option<PartitionId> {
        let groups = self.topology.consumed_groups[consumer].iter();
        let mut groups = groups.map(|&group| &self.topology.groups[group]);
        groups.find(|group| group.data_set == data_set)?.partitions.first().copied()
    }

    /// Every answer to a failure, a line a restart set, with the presets that give it.
    fn answers(&self, answer: impl Fn(&Known) -> Vec<String>) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::new();
        for known in &self.strategies {
            let restarts = answer(known);
            match answers.iter_mut().find(|other| other.restarts == restarts) {
                Some(other) => other.presets.push(known.preset.name),
                None => answers.push(Answer { restarts, presets: vec![known.preset.name] }),
            }
        }
        answers
    }

    /// `v1[0] v2-v4 v5[2 of 4]`.
    fn names(&self, restarted: &VertexSet) -> String {
        let (mut names, mut whole) = (Vec::new(), Vec::new());
        for (index, (vertex, first)) in self.job.vertices.iter().zip(&self.first).enumerate() {
            let subtasks: Vec<_> =
                (0..vertex.parallelism).filter(|k| restarted.contains(first + k)).collect();
            if subtasks.len() == vertex.parallelism {
                whole.push(index);
                continue;
            }
            names.extend(range(&std::mem::take(&mut whole)));
            match subtasks.as_slice() {
                [] => {}
                [one] => names.push(format!("{}[{one}]", short(index))),
                some => names.push(format!(
                    "{}[{} of {}]",
                    short(index),
                    some.len(),
                    vertex.parallelism
                )),
            }
        }
        names.extend(range(&whole));
        names.join(" ")
    }
}

/// Consecutive vertices: many of them as from and to.
fn range(vertices: &[usize]) -> Option<String> {
    match vertices {
        [] => None,
        [one] => Some(short(*one)),
        [one, other] => Some(format!("{} {}", short(*one), short(*other))),
        [first, .., last] => Some(format!("{}-{}", short(*first), short(*last))),
    }
}

/// Late in the life of a job: everything but the failed task has finished, and all data is there.
struct Late {
    failed: VertexId,
}

impl View for Late {
    fn state(&self, vertex: VertexId) -> ExecutionState {
        if vertex == self.failed { ExecutionState::Running } else { ExecutionState::Finished }
    }

    fn is_tracked(&self, _: PartitionId) -> bool {
        true
    }

    fn waits_for_restart(&self, _: VertexId) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use failproof_model::design::preset;

    use super::*;
    use crate::plan::{Options, import};

    #[test]
    fn tables_of_recorded_plans_can_be_read_and_tell_every_loss() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/flink-plans");
        let plans: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
        assert!(plans.len() > 20, "{plans:?}");
        for path in plans {
            let text = fs::read_to_string(&path).unwrap();
            let options = Options::new(preset("flink-2").unwrap());
            let job = import(&path.display().to_string(), &text, &options).unwrap().job;
            let text = anstream::adapter::strip_str(&describe(&job)).to_string();
            let table = &text[text.find("What would restart").unwrap()..];
            let wide = table.lines().find(|line| line.chars().count() > COLUMNS);
            assert_eq!(wide, None, "{path:?}");
            let losses = table.lines().filter(|line| line.contains("loses its TM"));
            assert_eq!(losses.count(), job.vertices.len(), "{path:?}");
        }
    }

    /// The lines about regions of the plan of exchanges, with that parallelism everywhere.
    fn regions_of(plan: &str, parallelism: usize) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/flink-plans").join(plan);
        let options = Options::new(preset("flink-2").unwrap());
        let mut job = import(plan, &fs::read_to_string(path).unwrap(), &options).unwrap().job;
        job.vertices.iter_mut().for_each(|vertex| vertex.parallelism = parallelism);
        let text = Expanded::new(&job).regions();
        let text = anstream::adapter::strip_str(&text).to_string();
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn many_regions_that_are_alike_share_a_line() {
        let blocking = "exchanges-batch.2.3.0.rest-jarplan.json";
        let few = regions_of(blocking, 8);
        assert_eq!((few.len(), few[8].as_str()), (64, "region 9 v2[0]"));
        let many = regions_of(blocking, 400);
        assert_eq!(many.len(), 8);
        assert_eq!(many[1], "regions 401 to 800 each v2[1 of 400]");
        let pipelined = regions_of("exchanges-batch-pipelined.2.3.0.rest-jarplan.json", 400);
        assert_eq!(pipelined, ["region 1 v1-v8"]);
    }

    #[test]
    fn names_are_wrapped_between_them() {
        assert_eq!(wrapped(&["flink-1.3", "flink-2", "own"], 18), ["flink-1.3,", "flink-2, own"]);
        assert_eq!(wrapped(&["flink-1.3", "flink-2", "own"], 19), ["flink-1.3, flink-2,", "own"]);
        assert_eq!(wrapped(&["flink-1.3"], 1), ["flink-1.3"]);
    }
}

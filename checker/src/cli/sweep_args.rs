//! The bounds of a sweep, as flags.

use failproof_model::job_graph::{Operator, Partitioner, ResultPartitionType};
use serde::de::DeserializeOwned;

use crate::spelling::spelt;
use crate::sweep::jobs::Bounds;
use crate::sweep::shape::VERTICES_MAX;

/// Within which bounds all jobs are swept.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Bounds (lists, with commas)")]
pub(super) struct BoundArgs {
    /// How many job vertices, each 1 to 5.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,2,3", value_parser = vertices)]
    vertices: Vec<usize>,
    /// How many subtasks of each vertex.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,2", value_parser = parallelism)]
    parallelism: Vec<usize>,
    /// What a vertex that has inputs does to its rows.
    #[arg(
        long,
        value_name = "O",
        value_delimiter = ',',
        default_value = "per-row,limit",
        value_parser = spelled::<Operator>,
    )]
    operators: Vec<Operator>,
    /// What a source does to its rows.
    #[arg(
        long,
        value_name = "O",
        value_delimiter = ',',
        default_value = "per-row",
        value_parser = spelled::<Operator>,
    )]
    source_operators: Vec<Operator>,
    /// How the rows of an edge choose their consumer.
    #[arg(
        long,
        value_name = "P",
        value_delimiter = ',',
        default_value = "FORWARD,HASH,REBALANCE",
        value_parser = spelled::<Partitioner>,
    )]
    partitioners: Vec<Partitioner>,
    /// When the data of an edge can be read.
    #[arg(
        long,
        value_name = "T",
        value_delimiter = ',',
        default_value = "blocking,pipelined",
        value_parser = spelled::<ResultPartitionType>,
    )]
    types: Vec<ResultPartitionType>,
}

impl BoundArgs {
    /// As a sweep takes them; what is said twice counts once.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            vertices: once(&self.vertices),
            parallelism: once(&self.parallelism),
            operators: once(&self.operators),
            source_operators: once(&self.source_operators),
            partitioners: once(&self.partitioners),
            types: once(&self.types),
        }
    }

    /// The flags that say these bounds.
    pub(super) fn flags(&self) -> String {
        let mut flags = String::new();
        let Bounds { vertices, parallelism, operators, source_operators, partitioners, types } =
            self.bounds();
        let numbers = |list: &[usize]| list.iter().map(usize::to_string).collect::<Vec<_>>();
        for (flag, values) in [
            ("vertices", numbers(&vertices)),
            ("parallelism", numbers(&parallelism)),
            ("operators", operators.iter().map(spelt).collect()),
            ("source-operators", source_operators.iter().map(spelt).collect()),
            ("partitioners", partitioners.iter().map(spelt).collect()),
            ("types", types.iter().map(spelt).collect()),
        ] {
            flags.push_str(&format!(" --{flag} {}", values.join(",")));
        }
        flags
    }
}

fn once<T: Copy + PartialEq>(list: &[T]) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for &it in list {
        if !once.contains(&it) {
            once.push(it);
        }
    }
    once
}

fn vertices(text: &str) -> Result<usize, String> {
    let valid = || format!("valid is a number from 1 to {VERTICES_MAX}");
    let number: usize = text.parse().map_err(|_| valid())?;
    (1..=VERTICES_MAX).contains(&number).then_some(number).ok_or_else(valid)
}

fn parallelism(text: &str) -> Result<usize, String> {
    const MAX: usize = 4;
    let valid = || format!("valid is a number from 1 to {MAX}");
    let number: usize = text.parse().map_err(|_| valid())?;
    (1..=MAX).contains(&number).then_some(number).ok_or_else(valid)
}

/// A value as scenario files spell it.
fn spelled<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// One of several equal parts of the jobs: every n-th.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which part, from 1.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl Shard {
    /// Whether the job of that number is in this part.
    pub(super) fn has(self, index: usize) -> bool {
        index % self.of == self.part - 1
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(part, of)| Some(Shard { part: part.parse().ok()?, of: of.parse().ok()? }));
        let valid = "valid is a part and how many there are, such as 2/8";
        numbers.filter(|it| 1 <= it.part && it.part <= it.of).ok_or_else(|| valid.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_in_one_shard() {
        for index in 0..20 {
            let parts = (1..=8).filter(|&part| Shard { part, of: 8 }.has(index));
            assert_eq!(parts.count(), 1);
        }
        assert_eq!("2/8".parse(), Ok(Shard { part: 2, of: 8 }));
        for wrong in ["0/8", "9/8", "8", "a/b", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}

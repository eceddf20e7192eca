//! The recorded lines: one topology each, with what Flink answered about it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use failproof_model::job_graph::{Determinism, ResultPartitionType};
use failproof_model::topology::{
    DataSet, PartitionGroup, PartitionId, ResultPartition, Topology, VertexId,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A data set and a partition of it, both by index.
pub(crate) type PartitionOfDataSet = (usize, usize);

/// What every recorded line says of its topology.
#[derive(Deserialize)]
pub(crate) struct RecordedTopology {
    vertices: usize,
    data_sets: Vec<RecordedDataSet>,
    pub(crate) regions: Vec<Vec<VertexId>>,
}

#[derive(Deserialize)]
struct RecordedDataSet {
    #[serde(rename = "type")]
    result_type: String,
    producers: Vec<VertexId>,
    groups: Vec<(Vec<usize>, Vec<VertexId>)>,
}

impl RecordedTopology {
    pub(crate) fn topology(&self) -> Topology {
        let (mut data_sets, mut partitions, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for (data_set, recorded) in self.data_sets.iter().enumerate() {
            let first = partitions.len();
            data_sets.push(DataSet {
                result_type: result_type(&recorded.result_type),
                partitioner: Determinism::Determinate,
            });
            partitions.extend(
                recorded.producers.iter().map(|&producer| ResultPartition { data_set, producer }),
            );
            groups.extend(recorded.groups.iter().map(|(read, consumers)| PartitionGroup {
                data_set,
                partitions: read.iter().map(|k| first + k).collect(),
                consumers: consumers.clone(),
            }));
        }
        Topology::new(self.vertices, data_sets, partitions, groups, Vec::new())
    }

    pub(crate) fn partition(&self, (data_set, index): PartitionOfDataSet) -> PartitionId {
        self.data_sets[..data_set].iter().map(|d| d.producers.len()).sum::<usize>() + index
    }
}

/// Scenarios write the types in lower case, Flink records them in upper case.
fn result_type(name: &str) -> ResultPartitionType {
    serde_json::from_value(name.to_lowercase().into()).unwrap()
}

/// The lines of a file in `tests/data`.
pub(crate) fn lines<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let lines = BufReader::new(File::open(path).unwrap()).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

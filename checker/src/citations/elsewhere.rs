//! What stands for a section of the facts besides rules.

/// Sections, and where what they say is kept.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    ("1.1", "`FailoverStrategy`: a function of the topology and the books, asked once a failure"),
    ("1.2", "the strategy `restart-pipelined-region`; compared with 3,000 answers of Flink 2.3.0"),
    ("1.3", "the presets: the knobs of each release"),
    ("1.4", "`ResultPartitionType`: its columns are methods, and every rule asks them"),
    ("1.5", "`Regions`; of an adaptive job, what is known while vertices do not exist"),
    ("1.6", "the strategy `restart-all`"),
    ("1.8", "the storage of an exchange: who loses what with a TaskManager"),
    ("3.6", "the knobs `restart-attempts` and `restart-backoff`"),
    ("4.1", "two fields of a state: `tracked` is what is believed, `stored` what is true"),
    ("4.4", "`PartitionRelease`; compared with 700 answers of Flink 2.3.0"),
    ("4.8", "a job that has ended keeps what it has shown and nothing else"),
    ("7", "the catalogue of historic defects"),
    ("8.1", "`Partitioner`: how rows choose their consumer, and what is drawn anew"),
    ("8.2", "not modelled: the DataSet API is gone"),
    ("8.3", "`Operator` and `SplitAssignment`: what is a draw of the attempt that makes it"),
    ("8.4", "`Determinism`, declared and real"),
    ("9.1", "the import of plans"),
    ("9.5", "the import of plans"),
    ("9.6", "the import of plans, where a plan leaves the type of an exchange open"),
    ("10.1", "tests of the model, table by table"),
    ("10.2", "tests of the model, table by table"),
    ("10.3", "tests of the model, where they are about what is modelled"),
    ("13", "not modelled: a step may take any time, so what is configured in seconds is left out"),
];

//! What Flink writes for a partitioner and for the type of an exchange.

use failproof_model::job_graph::{Partitioner, ResultPartitionType};

/// A `ship_strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShipStrategy {
    pub(super) partitioner: Partitioner,
    /// Round robin as DataSet programs do it, from a start that is the same in every attempt
    /// (section 8.2).
    pub(super) fixed_start: bool,
}

/// What a plan says of the type of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    /// This type.
    Of(ResultPartitionType),
    /// Nothing: it is decided when the job graph is made.
    Undefined,
}

/// What stands for a partitioner, in words.
pub(super) const SHIP_STRATEGIES: &str = "FORWARD, HASH or HASH[fields], REBALANCE, RESCALE, \
     SHUFFLE, BROADCAST, GLOBAL or CUSTOM; of a DataSet program Forward, Hash Partition, \
     Range Partition, Redistribute, Rebalance, Broadcast or Custom Partition, each also with \
     `on [fields]`";

/// What stands for the type of an exchange in a job plan, in words.
pub(super) const EXCHANGES: &str = "blocking, blocking_persistent, pipelined, pipelined_bounded, \
     pipelined_approximate, hybrid_full or hybrid_selective";

/// What stands for the type of an exchange in a stream graph, in words.
pub(super) const STREAM_EXCHANGES: &str =
    "UNDEFINED, PIPELINED, BATCH, HYBRID_FULL or HYBRID_SELECTIVE";

impl ShipStrategy {
    /// Reads a `ship_strategy` (sections 8.1, 8.2 and 9.1).
    pub(super) fn parse(text: &str) -> Option<ShipStrategy> {
        use Partitioner as P;
        let partitioner = match without_fields(text) {
            "FORWARD" | "Forward" => P::Forward,
            "HASH" | "Hash Partition" => P::Hash,
            "REBALANCE" | "Rebalance" | "Redistribute" => P::Rebalance,
            "RESCALE" => P::Rescale,
            "SHUFFLE" => P::Shuffle,
            "BROADCAST" | "Broadcast" => P::Broadcast,
            "GLOBAL" => P::Global,
            "CUSTOM" | "Custom Partition" => P::Custom,
            "Range Partition" => P::Range,
            _ => return None,
        };
        let fixed_start = matches!(without_fields(text), "Rebalance" | "Redistribute");
        Some(ShipStrategy { partitioner, fixed_start })
    }
}

/// `HASH[a, b]` and `Hash Partition on [0, 1]` without the fields.
fn without_fields(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('[') {
        Some((name, fields)) if fields.ends_with(']') => {
            let name = name.trim_end();
            name.strip_suffix(" on").unwrap_or(name)
        }
        _ => text,
    }
}

/// Reads the `exchange` of a job plan: a type, in lower case.
pub(super) fn exchange(text: &str) -> Option<Exchange> {
    ResultPartitionType::ALL.into_iter().find(|&it| name_of(it) == text).map(Exchange::Of)
}

/// Reads the `exchange` of a stream graph: a `StreamExchangeMode`, in upper case.
pub(super) fn stream_exchange(text: &str) -> Option<Exchange> {
    use ResultPartitionType as T;
    match text {
        "UNDEFINED" => Some(Exchange::Undefined),
        "PIPELINED" => Some(Exchange::Of(T::PipelinedBounded)),
        "BATCH" => Some(Exchange::Of(T::Blocking)),
        "HYBRID_FULL" => Some(Exchange::Of(T::HybridFull)),
        "HYBRID_SELECTIVE" => Some(Exchange::Of(T::HybridSelective)),
        _ => None,
    }
}

/// What Flink calls a type in a job plan.
fn name_of(result_type: ResultPartitionType) -> &'static str {
    use ResultPartitionType as T;
    match result_type {
        T::Blocking => "blocking",
        T::BlockingPersistent => "blocking_persistent",
        T::Pipelined => "pipelined",
        T::PipelinedBounded => "pipelined_bounded",
        T::PipelinedApproximate => "pipelined_approximate",
        T::HybridFull => "hybrid_full",
        T::HybridSelective => "hybrid_selective",
    }
}

/// What Flink calls a partitioner in a plan; the words of this project for what Flink has no name
/// of its own.
pub(super) fn partitioner_name(partitioner: Partitioner) -> &'static str {
    use Partitioner as P;
    match partitioner {
        P::Forward => "FORWARD",
        P::Hash => "HASH",
        P::Broadcast => "BROADCAST",
        P::Global => "GLOBAL",
        P::Rescale => "RESCALE",
        P::Rebalance => "REBALANCE",
        P::Shuffle => "SHUFFLE",
        P::Custom => "CUSTOM",
        P::CustomRandom => "CUSTOM_RANDOM",
        P::CustomMisdeclared => "CUSTOM_MISDECLARED",
        P::Range => "RANGE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partitioner(text: &str) -> Option<Partitioner> {
        ShipStrategy::parse(text).map(|it| it.partitioner)
    }

    #[test]
    fn every_valid_ship_strategy_is_read() {
        use Partitioner as P;
        for (text, expected) in [
            ("FORWARD", P::Forward),
            ("Forward", P::Forward),
            ("HASH", P::Hash),
            ("HASH[a, b]", P::Hash),
            ("Hash Partition", P::Hash),
            ("Hash Partition on [0]", P::Hash),
            ("Hash Partition on [0:ASC, 1:DESC]", P::Hash),
            ("Range Partition on [2:ASC]", P::Range),
            ("Redistribute", P::Rebalance),
            ("Rebalance", P::Rebalance),
            ("REBALANCE", P::Rebalance),
            ("RESCALE", P::Rescale),
            ("SHUFFLE", P::Shuffle),
            ("Broadcast", P::Broadcast),
            ("BROADCAST", P::Broadcast),
            ("GLOBAL", P::Global),
            ("CUSTOM", P::Custom),
            ("Custom Partition on [1]", P::Custom),
        ] {
            assert_eq!(partitioner(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_ship_strategies_are_not_read() {
        for text in ["", "hash", "HASHED", "HASH[a", "[a]", "on [a]", "Merge", "RANGE"] {
            assert_eq!(partitioner(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_round_robin_of_data_sets_has_a_fixed_start() {
        let fixed = |text| ShipStrategy::parse(text).unwrap().fixed_start;
        assert!(fixed("Rebalance") && fixed("Redistribute"));
        assert!(!fixed("REBALANCE") && !fixed("Hash Partition"));
    }

    #[test]
    fn every_type_has_the_name_that_the_words_list() {
        for result_type in ResultPartitionType::ALL {
            let name = name_of(result_type);
            assert_eq!(exchange(name), Some(Exchange::Of(result_type)));
            assert!(EXCHANGES.contains(name), "{name}");
            assert_eq!(serde_json::to_value(result_type).unwrap(), name);
        }
        assert_eq!(exchange("BLOCKING"), None);
        assert_eq!(stream_exchange("blocking"), None);
    }
}

//! What an operator does to its rows, as far as its name makes it certain.

use failproof_model::job_graph::{Operator, Partitioner};

use super::name::without_planner_number;

/// Words of names of operators that make one row of every key.
const AGGREGATES: &[&str] =
    &["aggregate", "aggregation", "reduce", "count", "counter", "sum", "wordcount"];

/// Words that make such a name mean something else: a part of the rows of a key, or a row for every
/// row.
const NOT_AGGREGATES: &[&str] = &["local", "over", "window", "incremental", "partial"];

/// What a vertex does that runs `operators` on rows that reach it through `inputs`: one row a key
/// where it has one input, by key, and one of its operators is named after an aggregate; what
/// arrives first where it is the planner's `Limit`; else every row by itself.
pub(super) fn class(operators: &[String], inputs: &[Partitioner]) -> Operator {
    if operators.iter().any(|it| is_limit(it)) {
        return Operator::Limit;
    }
    let by_key = inputs == [Partitioner::Hash];
    if by_key && operators.iter().any(|it| is_aggregate(it)) {
        return Operator::PerKey;
    }
    Operator::PerRow
}

/// `[3]:Limit(offset=[0], fetch=[10], ..)`: whichever rows come first.
fn is_limit(operator: &str) -> bool {
    bare_name(operator) == "Limit" && operator.contains("fetch=[")
}

fn is_aggregate(operator: &str) -> bool {
    let words = words(bare_name(operator));
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    any(AGGREGATES) && !any(NOT_AGGREGATES)
}

/// The name without the planner's number and without arguments.
fn bare_name(operator: &str) -> &str {
    let operator = without_planner_number(operator);
    operator.split('(').next().unwrap_or(operator).trim()
}

/// The words of a name in lower case, also of one in camel case.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_lower_case = false;
    for character in name.chars() {
        let begins = character.is_uppercase() && after_lower_case;
        if begins || !character.is_alphabetic() {
            words.push(std::mem::take(&mut word));
        }
        if character.is_alphabetic() {
            word.extend(character.to_lowercase());
        }
        after_lower_case = character.is_lowercase();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(inputs: &[Partitioner], operators: &[&str]) -> Operator {
        class(&operators.iter().map(|&it| it.to_owned()).collect::<Vec<_>>(), inputs)
    }

    #[test]
    fn an_aggregate_behind_hash_makes_a_row_of_every_key() {
        for name in [
            "counter",
            "Keyed Aggregation",
            "Keyed Reduce",
            "[5]:HashAggregate(isMerge=[true], groupBy=[over])",
            "SortAggregate(select=[local])",
            "sum_per_user",
            "WordCount",
        ] {
            assert_eq!(behind(&[Partitioner::Hash], &["map", name]), Operator::PerKey, "{name}");
        }
    }

    #[test]
    fn what_is_not_certain_is_taken_row_by_row() {
        let hash = &[Partitioner::Hash];
        for name in [
            "sink: Writer",
            "[3]:LocalHashAggregate(groupBy=[a])",
            "OverAggregate(orderBy=[a])",
            "consumer",
            "discount",
            "Account",
            "map(count)",
        ] {
            assert_eq!(behind(hash, &[name]), Operator::PerRow, "{name}");
        }
        assert_eq!(behind(&[], &["counter"]), Operator::PerRow);
        assert_eq!(behind(&[Partitioner::Rebalance], &["counter"]), Operator::PerRow);
        assert_eq!(behind(&[Partitioner::Hash; 2], &["counter"]), Operator::PerRow);
    }

    #[test]
    fn the_limit_of_the_planner_keeps_what_comes_first() {
        let limit = "[7]:Limit(offset=[0], fetch=[10], global=[true])";
        assert_eq!(behind(&[Partitioner::Global], &["map", limit]), Operator::Limit);
        assert_eq!(behind(&[Partitioner::Global], &["Limit"]), Operator::PerRow);
        assert_eq!(behind(&[Partitioner::Global], &["SortLimit(fetch=[1])"]), Operator::PerRow);
    }
}

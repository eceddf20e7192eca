//! Short readable names out of Flink's descriptions.

use std::collections::{HashMap, HashSet};

/// Longest name of an operator that is left as it is, and of a vertex, in characters.
const OPERATOR_MAX: usize = 28;
const VERTEX_MAX: usize = 60;

/// Longest text out of a plan that an error shows, in characters.
const SHOWN_MAX: usize = 100;

/// What stands for what was cut off.
const ELLIPSIS: &str = "..";

/// The operators that a description of a job vertex tells, in order.
///
/// Flink draws a chain as a tree, a line an operator, or writes it as `a -> b`; it escapes the text
/// for HTML.
pub(super) fn operators_of_html(description: &str) -> Vec<String> {
    description
        .split("<br/>")
        .flat_map(|line| operators_of(&html_escape::decode_html_entities(line)))
        .collect()
}

/// The operators of one line of a description, which is not escaped.
pub(super) fn operators_of(line: &str) -> Vec<String> {
    split_chain(without_branches(line)).map(readable).filter(|it| !it.is_empty()).collect()
}

/// A line without the tree that is drawn before it.
fn without_branches(line: &str) -> &str {
    let mut rest = line;
    while let Some(deeper) = ["   ", ":  "].iter().find_map(|indent| rest.strip_prefix(indent)) {
        rest = deeper;
    }
    ["+- ", ":- "].iter().find_map(|branch| rest.strip_prefix(branch)).unwrap_or(rest)
}

/// Splits at `->` that stands outside of all brackets.
fn split_chain(line: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let mut cuts = Vec::new();
    for (at, character) in line.char_indices() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '-' if depth == 0 && line[at..].starts_with("-> ") => cuts.push(at),
            _ => {}
        }
    }
    let starts = [0].into_iter().chain(cuts.clone().into_iter().map(|at| at + "->".len()));
    let ends: Vec<_> = cuts.into_iter().chain([line.len()]).collect();
    starts.zip(ends).map(|(start, end)| &line[start..end])
}

/// One line, trimmed, of printable characters.
pub(super) fn readable(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(printable).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a vertex that runs these operators: all of them if that is short enough, else the
/// ends of the chain.
pub(super) fn vertex_name(operators: &[String], id: &str) -> String {
    let names: Vec<_> = operators.iter().map(|it| operator_name(it)).collect();
    let whole = names.join(" -> ");
    match names.as_slice() {
        [] => format!("vertex {}", shortened(&readable(id), OPERATOR_MAX)),
        [_] => whole,
        _ if whole.chars().count() <= VERTEX_MAX => whole,
        [first, last] => format!("{first} -> {last}"),
        [first, .., last] => format!("{first} -> {ELLIPSIS} -> {last}"),
    }
}

/// `[5]:HashAggregate(isMerge=[true], ..)` becomes `HashAggregate[5]`, as Flink itself names it;
/// other long names lose their arguments, then their end.
fn operator_name(description: &str) -> String {
    if let Some((number, rest)) = planner_number(description) {
        return format!("{}[{number}]", shortened(without_arguments(rest), OPERATOR_MAX));
    }
    if description.chars().count() <= OPERATOR_MAX {
        return description.to_owned();
    }
    shortened(without_arguments(description), OPERATOR_MAX)
}

/// A description without the number that the SQL planner puts before it.
pub(super) fn without_planner_number(description: &str) -> &str {
    planner_number(description).map_or(description, |(_, rest)| rest)
}

/// The number that the SQL planner puts before an operator, and the rest.
fn planner_number(description: &str) -> Option<(&str, &str)> {
    let (number, rest) = description.strip_prefix('[')?.split_once("]:")?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (digits && number.len() <= OPERATOR_MAX && !rest.is_empty()).then_some((number, rest))
}

/// What stands before the first bracket, if anything does.
fn without_arguments(description: &str) -> &str {
    match description.split_once('(').map(|(name, _)| name.trim_end()) {
        Some(name) if !name.is_empty() => name,
        _ => description,
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - ELLIPSIS.len()).collect();
    format!("{}{ELLIPSIS}", kept.trim_end())
}

/// A text out of a plan, fit for a line of an error.
pub(super) fn shown(text: &str) -> String {
    shortened(&readable(text), SHOWN_MAX)
}

/// The names, with a number after each that stood before.
pub(super) fn unique(names: Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut last_number = HashMap::new();
    let mut distinct = |name: String| {
        if taken.insert(name.clone()) {
            return name;
        }
        let number = last_number.entry(name.clone()).or_insert(1_usize);
        loop {
            *number += 1;
            let numbered = format!("{name} #{number}");
            if taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    names.into_iter().map(&mut distinct).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(description: &str) -> String {
        vertex_name(&operators_of_html(description), "1f")
    }

    #[test]
    fn a_chain_drawn_as_a_tree_is_joined() {
        assert_eq!(name("counter<br/>+- sink: Writer<br/>"), "counter -> sink: Writer");
        assert_eq!(
            name("Source: s<br/>:- a<br/>:  +- b<br/>+- c<br/>"),
            "Source: s -> a -> b -> c"
        );
        assert_eq!(operators_of_html("a<br/>   +- b").len(), 2);
    }

    #[test]
    fn a_chain_written_in_a_line_is_split() {
        assert_eq!(operators_of("a -> b(x -> y) -> c"), ["a", "b(x -> y)", "c"]);
        assert_eq!(operators_of_html("a<br/> -> b"), ["a", "b"]);
    }

    #[test]
    fn html_is_unescaped_after_lines_are_split() {
        assert_eq!(name("a &lt;br/&gt; &amp; b&#92;c &quot;d&quot;"), "a <br/> & b\\c \"d\"");
    }

    #[test]
    fn operators_of_the_sql_planner_keep_their_number_and_lose_their_arguments() {
        assert_eq!(
            name("[5]:HashAggregate(isMerge=[true])<br/>+- s[6]: Writer"),
            "HashAggregate[5] -> s[6]: Writer"
        );
        assert_eq!(name("[5]:"), "[5]:");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(name("Window(TumblingEventTimeWindows(5000), SumFunction)"), "Window");
        assert_eq!(name("Map(f)"), "Map(f)");
        assert_eq!(name(&"ä".repeat(99)), format!("{}..", "ä".repeat(26)));
        let long = ["first operator of the chain", "in between", "last operator of the chain"];
        assert_eq!(
            name(&long.join("<br/>+- ")),
            "first operator of the chain -> .. -> last operator of the chain"
        );
    }

    #[test]
    fn what_has_no_description_is_called_by_its_id() {
        assert_eq!(name(""), "vertex 1f");
        assert_eq!(name("<br/> <br/>"), "vertex 1f");
    }

    #[test]
    fn control_characters_become_blanks() {
        assert_eq!(name("a\n\tb\u{1b}[31m"), "a b [31m");
    }

    #[test]
    fn equal_names_are_numbered_around_those_that_look_numbered() {
        let names = ["a", "a", "a #2", "a", "b"].map(str::to_owned).to_vec();
        assert_eq!(unique(names), ["a", "a #2", "a #2 #2", "a #3", "b"]);
    }
}

//! What a sweep has found so far, as lines of a file: whoever is interrupted goes on from there, and the files of
//! shards put together are the file of all.

use super::outcome::{Answer, Outcome};

/// Writes outcomes as lines of comma-separated values, without a head line.
///
/// # Errors
/// None that can happen in memory.
pub fn lines(outcomes: &[Outcome]) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    outcomes.iter().try_for_each(|outcome| writer.serialize(outcome))?;
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What of a file are whole lines. A last one without an end was being written when the process died.
pub fn whole(text: &str) -> &str {
    text.rfind('\n').map_or("", |end| &text[..=end])
}

/// Reads what [`lines`] has written, but for what is not known: that is tried again. What is no
/// [`whole`] line is left out.
///
/// # Errors
/// A line is no outcome.
pub fn read(text: &str) -> Result<Vec<Outcome>, csv::Error> {
    let text = whole(text).as_bytes();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let outcomes: Vec<Outcome> = reader.deserialize().collect::<Result<_, _>>()?;
    Ok(outcomes.into_iter().filter(|outcome| outcome.answer != Answer::Unknown).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::policy::Policy;

    fn two() -> Vec<Outcome> {
        let of = |policy, answer| Outcome { job: "A1 A>B:HASH".into(), policy, answer, states: 7 };
        vec![of(Policy::Never, Answer::Hangs), of(Policy::Always, Answer::Safe)]
    }

    #[test]
    fn what_is_written_is_read() {
        let text = lines(&two()).unwrap();
        assert_eq!(read(&text).unwrap(), two());
        assert_eq!(read(&format!("{text}{text}")).unwrap().len(), 4);
    }

    #[test]
    fn half_a_line_and_what_is_unknown_are_left_out() {
        let text = lines(&two()).unwrap();
        assert_eq!(read(&text[..text.len() - 3]).unwrap(), two()[..1]);
        let unknown = Outcome { answer: Answer::Unknown, ..two().remove(0) };
        assert_eq!(read(&lines(&[unknown]).unwrap()).unwrap(), []);
    }

    #[test]
    fn what_is_no_outcome_is_refused() {
        assert!(read("A1,never,perhaps,7\n").is_err());
    }
}

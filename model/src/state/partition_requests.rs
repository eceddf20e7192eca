//! What consumers that did not find a partition have asked the master, where a scenario has them ask.

use super::VERTICES_MAX;
use super::packing::{put_bytes, take_bytes};

/// Of each vertex at most one question: which partitions are there is found out one by one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct PartitionRequests {
    /// Four bits of the input, two of how often it was asked for, and two of the answer; 0: nothing was asked.
    pub(super) questions: [u8; VERTICES_MAX],
}

/// A task has asked for the producer of one of its inputs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Question {
    /// The input.
    pub input: usize,
    /// How often it has asked, 1 to 3.
    pub asked: u8,
    /// What is under way to it; none once it has arrived, and the task tries again.
    pub answer: Option<Answer>,
}

/// What a consumer is to do, as the state of its producer has it (section 4.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The producer is SCHEDULED, at work or FINISHED, or nobody answered in time.
    TryAgain,
    /// The producer has ended without success, or its attempt is not the current one.
    Cancel,
    /// The producer is CREATED, which cannot be.
    Fail,
}

impl PartitionRequests {
    /// What the attempt of a vertex has asked.
    pub fn question(&self, vertex: usize) -> Option<Question> {
        let code = self.questions[vertex];
        let answer = match code & 3 {
            0 => None,
            1 => Some(Answer::TryAgain),
            2 => Some(Answer::Cancel),
            _ => Some(Answer::Fail),
        };
        let (input, asked) = (usize::from(code >> 4), code >> 2 & 3);
        (asked > 0).then_some(Question { input, asked, answer })
    }

    pub(crate) fn put(&mut self, vertex: usize, question: Option<Question>) {
        self.questions[vertex] = question.map_or(0, |Question { input, asked, answer }| {
            let answer = match answer {
                None => 0,
                Some(Answer::TryAgain) => 1,
                Some(Answer::Cancel) => 2,
                Some(Answer::Fail) => 3,
            };
            (input as u8) << 4 | asked << 2 | answer
        });
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put_bytes(out, &self.questions);
    }

    pub(super) fn unpack(from: &mut &[u8]) -> Option<PartitionRequests> {
        let mut requests = PartitionRequests::default();
        take_bytes(from, &mut requests.questions)?;
        Some(requests)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> PartitionRequests {
        let mut requests = PartitionRequests::default();
        requests.put(1, Some(Question { input: 15, asked: 1, answer: None }));
        requests.put(2, Some(Question { input: 0, asked: 2, answer: Some(Answer::Cancel) }));
        requests
    }

    #[test]
    fn a_question_is_what_was_put() {
        for answer in [None, Some(Answer::TryAgain), Some(Answer::Cancel), Some(Answer::Fail)] {
            let question = Some(Question { input: 7, asked: 3, answer });
            let mut requests = some();
            requests.put(3, question);
            assert_eq!((requests.question(3), requests.question(0)), (question, None));
            requests.put(3, None);
            assert_eq!(requests, some());
        }
    }

    /// Digests of traces are made of these bytes.
    #[test]
    fn what_was_packed_is_unpacked_and_nothing_else() {
        let mut bytes = Vec::new();
        some().pack(&mut bytes);
        assert_eq!(bytes, [3, 0, 0b1111_0100, 0b0000_1010]);
        assert_eq!(PartitionRequests::unpack(&mut &bytes[..]), Some(some()));
        assert_eq!(PartitionRequests::unpack(&mut &bytes[..3]), None);
        bytes[0] = VERTICES_MAX as u8 + 1;
        assert_eq!(PartitionRequests::unpack(&mut &bytes[..]), None, "there are not so many");
    }
}

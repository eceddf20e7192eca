//! What is sent back.

/// An answer to a request.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// By the numbers of HTTP.
    pub(super) status: u16,
    /// The type of the text.
    pub(super) media_type: &'static str,
    /// More headers.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn page(text: String) -> Answer {
        Answer::of("text/html; charset=utf-8", text)
    }

    pub(super) fn json(value: &impl serde::Serialize) -> Result<Answer, Refusal> {
        let text = serde_json::to_string(value).map_err(Refusal::internal)?;
        Ok(Answer::of("application/json", text))
    }

    /// A file to be kept under that name.
    pub(super) fn download(name: &str, text: String) -> Answer {
        let disposition = format!("attachment; filename=\"{name}\"");
        let headers = vec![("Content-Disposition", disposition)];
        Answer { headers, ..Answer::of("application/json", text) }
    }

    /// The page is elsewhere.
    pub(super) fn see(address: String) -> Answer {
        let text = format!("see {address}\n");
        let headers = vec![("Location", address)];
        Answer { status: 302, headers, ..Answer::of("text/plain; charset=utf-8", text) }
    }

    fn of(media_type: &'static str, text: String) -> Answer {
        Answer { status: 200, media_type, headers: Vec::new(), text }
    }
}

/// Why there is no answer, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// By the numbers of HTTP.
    pub(super) status: u16,
    pub(super) sentence: String,
}

impl Refusal {
    /// What was asked for does not make sense.
    pub(super) fn bad(sentence: String) -> Refusal {
        Refusal { status: 400, sentence }
    }

    /// What was asked for is not there.
    pub(super) fn missing(sentence: String) -> Refusal {
        Refusal { status: 404, sentence }
    }

    /// Something that cannot be, is.
    pub(super) fn internal(error: impl std::fmt::Display) -> Refusal {
        Refusal { status: 500, sentence: format!("internal error: {error}") }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Answer {
        let Refusal { status, sentence } = refusal;
        let allow = ("Allow", "GET".to_owned());
        let headers = if status == 405 { vec![allow] } else { Vec::new() };
        Answer { status, headers, ..Answer::of("text/plain; charset=utf-8", sentence + "\n") }
    }
}

//! A run as data: record and replay.
//!
//! A trace is a versioned JSON text that holds a scenario, the actions of one run of it, and a digest of
//! every state that the run passes. States are not stored: a replay derives them again and compares the
//! digests, so a trace says on any machine whether the model still does what it did when it was recorded.
//!
//! Nothing here knows what a state or an action means. A model brings its notation of actions
//! (`format_action`, different for any two that are enabled in one state), and the caller the encoding of states.
//!
//! ```text
//! explorer --actions--> record --> Trace --Display--> text --read--> Trace --> replay --> states | Divergence
//! ```

mod code;
mod digest;
mod record;
mod replay;
mod trace;

pub use code::{Code, CodeError};
pub use digest::{Digest, DigestError};
pub use record::{About, RecordError, record};
pub use replay::{Divergence, Reason, Replayed, replay};
pub use trace::{FORMAT, Kind, Step, Trace, TraceError, VERSION};

//! Checkpoints: a log of finished levels, from which a run that was killed goes on.
//!
//! The records of a level are appended when it is finished, and the last of them ends it. A process that dies while it
//! writes leaves a level without an end, which is dropped: the run goes on from the level before. Whatever else does
//! not add up is refused.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What a log begins with; the last character is the version of its format.
const MAGIC: &[u8; 8] = b"explore2";

/// Bytes before each record: its length and what it is about, and the checksums of these and of the record.
const HEAD: usize = 8 + 4 + 4 + 4;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// States of the level, in their order.
    States = 1,
    /// Steps out of states of the level before, in their order.
    Steps = 2,
    /// What was counted so far: the end of the level.
    Counts = 3,
}

impl About {
    fn of(number: u32) -> Option<About> {
        [About::States, About::Steps, About::Counts].into_iter().find(|it| *it as u32 == number)
    }
}

/// Where a record is.
#[derive(Clone, Copy, Debug)]
struct Entry {
    about: About,
    at: u64,
    bytes: usize,
}

/// A log of finished levels, of one run in one configuration.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    file: File,
    records: Vec<Entry>,
    end: u64,
}

/// Why there is no going on from a checkpoint.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum CheckpointError {
    #[error("cannot read or write the checkpoint `{path}`: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("another process is writing the checkpoint `{path}`; wait for it, or take another one")]
    InUse { path: PathBuf },
    #[error(
        "`{path}` is no checkpoint, or one of another version: it begins with {found:?}; \
         valid is {MAGIC:?}"
    )]
    NoCheckpoint { path: PathBuf, found: Vec<u8> },
    #[error(
        "the checkpoint `{path}` is of another run: it says `{found}`, this run is `{expected}`; \
         remove it to begin anew"
    )]
    Foreign { path: PathBuf, found: String, expected: String },
    #[error(
        "the checkpoint `{path}` is damaged: record {record} at byte {at} does not have its \
         checksum; remove it to begin anew"
    )]
    Damaged { path: PathBuf, record: usize, at: u64 },
}

impl Checkpoint {
    /// Opens the log at `path`, or begins one. `identity` names the run: whatever decides which states there are and in
    /// which order, the version of the model included.
    ///
    /// # Errors
    /// When the file cannot be read or written, is in use, is no log, is damaged, or is of another run.
    pub fn open(path: &Path, identity: &str) -> Result<Checkpoint, CheckpointError> {
        let io = |source| CheckpointError::Io { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(io)?;
        // Where there are no locks, nobody is kept out.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(CheckpointError::InUse { path: path.to_owned() });
        }
        let mut log = Checkpoint { path: path.to_owned(), file, records: Vec::new(), end: 0 };
        let bytes = log.file.metadata().map_err(io)?.len();
        let header = header(identity);
        // A process that died while it wrote the header has left a part of it.
        if bytes < header.len() as u64 && log.begins(&header[..bytes as usize]).map_err(io)? {
            log.file.set_len(0).map_err(io)?;
            log.append_raw(&header).map_err(io)?;
            return Ok(log);
        }
        log.read_header(identity)?;
        log.read_records(bytes)?;
        log.file.set_len(log.end).map_err(io)?;
        Ok(log)
    }

    /// Number of finished levels in it.
    pub fn levels(&self) -> usize {
        self.records.iter().filter(|record| record.about == About::Counts).count()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the checkpoint at `path`: its run is complete.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn remove(path: &Path) -> Result<(), CheckpointError> {
        std::fs::remove_file(path)
            .map_err(|source| CheckpointError::Io { path: path.to_owned(), source })
    }

    /// Appends a record.
    pub(super) fn append(&mut self, about: About, record: &[u8]) -> io::Result<()> {
        let bytes = record.len();
        self.append_raw(&head(about, record))?;
        let at = self.end;
        self.append_raw(record)?;
        self.records.push(Entry { about, at, bytes });
        Ok(())
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// A record, and what it is about.
    pub(super) fn record(&mut self, number: usize) -> io::Result<(About, Vec<u8>)> {
        let Entry { about, at, bytes } = self.records[number];
        let mut record = vec![0; bytes];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut record)?;
        Ok((about, record))
    }

    fn append_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Whether the file begins with these bytes.
    fn begins(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let mut found = vec![0; bytes.len()];
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_exact(&mut found)?;
        Ok(found == bytes)
    }

    fn read_header(&mut self, identity: &str) -> Result<(), CheckpointError> {
        let path = self.path.clone();
        let io = |source| CheckpointError::Io { path: path.clone(), source };
        self.file.seek(SeekFrom::Start(0)).map_err(io)?;
        let mut found = Vec::new();
        let head = (MAGIC.len() + 4) as u64;
        (&self.file).take(head).read_to_end(&mut found).map_err(io)?;
        let Some((magic, len)) = found.split_first_chunk::<8>().filter(|(it, _)| *it == MAGIC)
        else {
            found.truncate(MAGIC.len());
            return Err(CheckpointError::NoCheckpoint { path, found });
        };
        let _ = magic;
        let len = len.try_into().map_or(0, u32::from_le_bytes);
        let mut text = Vec::new();
        (&self.file).take(len.into()).read_to_end(&mut text).map_err(io)?;
        if text != identity.as_bytes() {
            let (found, expected) =
                (String::from_utf8_lossy(&text).into_owned(), identity.to_owned());
            return Err(CheckpointError::Foreign { path, found, expected });
        }
        self.end = head + u64::from(len);
        Ok(())
    }

    /// Finds the records of all finished levels, and drops what was written of the next one.
    fn read_records(&mut self, bytes: u64) -> Result<(), CheckpointError> {
        let path = self.path.clone();
        let io = |source| CheckpointError::Io { path: path.clone(), source };
        self.file.seek(SeekFrom::Start(self.end)).map_err(io)?;
        let mut reader = BufReader::new(&self.file);
        let (mut records, mut finished, mut end) = (Vec::new(), 0, self.end);
        while bytes - end >= HEAD as u64 {
            let mut found = [0; HEAD];
            reader.read_exact(&mut found).map_err(io)?;
            let (at, record) = (end + HEAD as u64, records.len() + 1);
            let damaged = || CheckpointError::Damaged { path: path.clone(), record, at };
            let (about, len, checksum) = read_head(&found).ok_or_else(damaged)?;
            if len > bytes - at {
                break;
            }
            let mut record = vec![0; len as usize];
            reader.read_exact(&mut record).map_err(io)?;
            if crc32fast::hash(&record) != checksum {
                return Err(damaged());
            }
            end = at + len;
            records.push(Entry { about, at, bytes: record.len() });
            if about == About::Counts {
                (finished, self.end) = (records.len(), end);
            }
        }
        records.truncate(finished);
        self.records = records;
        Ok(())
    }
}

/// What stands before a record.
fn head(about: About, record: &[u8]) -> Vec<u8> {
    let mut head = (record.len() as u64).to_le_bytes().to_vec();
    head.extend((about as u32).to_le_bytes());
    head.extend(crc32fast::hash(&head).to_le_bytes());
    head.extend(crc32fast::hash(record).to_le_bytes());
    head
}

/// What the record behind this head is about, its length and its checksum; none if the head is not what was written.
fn read_head(head: &[u8; HEAD]) -> Option<(About, u64, u32)> {
    let mut fields = Reader(head);
    let (len, about) = (fields.u64().ok()?, fields.u32().ok()?);
    let (of_head, of_record) = (fields.u32().ok()?, fields.u32().ok()?);
    let about = About::of(about).filter(|_| crc32fast::hash(&head[..12]) == of_head)?;
    Some((about, len, of_record))
}

fn header(identity: &str) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend((identity.len() as u32).to_le_bytes());
    header.extend(identity.as_bytes());
    header
}

/// Numbers and byte strings, one behind the other.
#[derive(Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    /// Writes what `fill` adds, behind its length.
    pub(super) fn bytes<T>(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> T) -> T {
        let at = self.0.len();
        self.u32(0);
        let filled = fill(&mut self.0);
        let len = (self.0.len() - at - 4) as u32;
        self.0[at..at + 4].copy_from_slice(&len.to_le_bytes());
        filled
    }
}

/// Reads what a [`Writer`] has written.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn u64(&mut self) -> io::Result<u64> {
        let (value, rest) = self.0.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*value))
    }

    pub(super) fn u32(&mut self) -> io::Result<u32> {
        let (value, rest) = self.0.split_first_chunk().ok_or(io::ErrorKind::InvalidData)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*value))
    }

    pub(super) fn bytes(&mut self) -> io::Result<&'a [u8]> {
        let len = self.u32()? as usize;
        let (bytes, rest) = self.0.split_at_checked(len).ok_or(io::ErrorKind::InvalidData)?;
        self.0 = rest;
        Ok(bytes)
    }
}

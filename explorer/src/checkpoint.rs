//! Checkpoints: a log of finished levels, from which a run that was killed goes on.
//!
//! A record is appended when a level is finished, so a process that dies while it writes leaves an incomplete last
//! record, which is dropped: the run goes on from the level before. Whatever else does not add up is refused.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What a log begins with; the last character is the version of its format.
const MAGIC: &[u8; 8] = b"explore1";

/// Bytes before each record: its length, and the checksums of its length and of the record.
const HEAD: usize = 8 + 4 + 4;

/// A log of finished levels, of one run in one configuration.
#[derive(Debug)]
pub struct Checkpoint {
    path: PathBuf,
    file: File,
    /// Where each record begins and how long it is.
    records: Vec<(u64, usize)>,
    end: u64,
}

/// Why there is no going on from a checkpoint.
#[derive(Debug, Error)]
#[allow(missing_docs, reason = "the message of a variant says what its fields are")]
pub enum CheckpointError {
    #[error("cannot read or write the checkpoint `{path}`: {source}")]
    Io { path: PathBuf, source: io::Error },
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
    /// When the file cannot be read or written, is no log, is damaged, or is of another run.
    pub fn open(path: &Path, identity: &str) -> Result<Checkpoint, CheckpointError> {
        let io = |source| CheckpointError::Io { path: path.to_owned(), source };
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(io)?;
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
        self.records.len()
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

    /// Appends the record of a finished level.
    pub(super) fn append(&mut self, record: &[u8]) -> io::Result<()> {
        let len = (record.len() as u64).to_le_bytes();
        let checksums = [crc32fast::hash(&len), crc32fast::hash(record)];
        let mut head = len.to_vec();
        head.extend(checksums.into_iter().flat_map(u32::to_le_bytes));
        self.append_raw(&head)?;
        let at = self.end;
        self.append_raw(record)?;
        self.records.push((at, record.len()));
        Ok(())
    }

    /// The record of a level.
    pub(super) fn record(&mut self, level: usize) -> io::Result<Vec<u8>> {
        let (at, bytes) = self.records[level];
        let mut record = vec![0; bytes];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut record)?;
        Ok(record)
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

    /// Finds all records, and drops an incomplete last one.
    fn read_records(&mut self, bytes: u64) -> Result<(), CheckpointError> {
        let path = self.path.clone();
        let io = |source| CheckpointError::Io { path: path.clone(), source };
        self.file.seek(SeekFrom::Start(self.end)).map_err(io)?;
        let mut reader = BufReader::new(&self.file);
        while bytes - self.end >= HEAD as u64 {
            let (mut len, mut checksums) = ([0; 8], [[0; 4]; 2]);
            reader.read_exact(&mut len).map_err(io)?;
            for checksum in &mut checksums {
                reader.read_exact(checksum).map_err(io)?;
            }
            let [of_len, of_record] = checksums.map(u32::from_le_bytes);
            let at = self.end + HEAD as u64;
            let number = self.records.len() + 1;
            let damaged = || CheckpointError::Damaged { path: path.clone(), record: number, at };
            if crc32fast::hash(&len) != of_len {
                return Err(damaged());
            }
            let len = u64::from_le_bytes(len);
            if len > bytes - at {
                break;
            }
            let mut record = vec![0; len as usize];
            reader.read_exact(&mut record).map_err(io)?;
            if crc32fast::hash(&record) != of_record {
                return Err(damaged());
            }
            self.records.push((at, record.len()));
            self.end = at + len;
        }
        Ok(())
    }
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

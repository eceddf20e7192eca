//! The states that wait to be expanded, level by level, in blocks that can wait on a disk.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::limits::Stopped;
use super::memory::Memory;
use super::store::Rows;

/// States in a block.
const BLOCK: usize = 1 << 12;

/// States of two neighbouring levels, in the order of their numbers.
pub(super) struct Frontier<R> {
    /// What is left of the level that is expanded.
    now: Level<R>,
    /// The level that is found.
    next: Level<R>,
    /// Bytes of the blocks that are being expanded.
    open: usize,
    /// Bytes claimed.
    bytes: usize,
    spilled: u64,
    /// An emptied block, for its buffers.
    spare: Option<R>,
}

struct Level<R> {
    blocks: VecDeque<Block<R>>,
    disk: Option<Disk>,
}

/// A file without a name, which vanishes with the process.
struct Disk {
    file: File,
    end: u64,
}

/// Some states in a row.
pub(super) struct Block<R> {
    pub(super) first: u32,
    pub(super) len: usize,
    rows: Place<R>,
}

enum Place<R> {
    Memory(R),
    Disk { at: u64, bytes: usize },
}

impl<R: Rows> Block<R> {
    /// What is kept of its states. A block is in memory while it is expanded.
    pub(super) fn rows(&self) -> &R {
        match &self.rows {
            Place::Memory(rows) => rows,
            Place::Disk { .. } => unreachable!("a block is fetched before it is expanded"),
        }
    }

    fn bytes(&self) -> usize {
        match &self.rows {
            Place::Memory(rows) => rows.bytes(),
            Place::Disk { .. } => 0,
        }
    }
}

impl<R: Rows> Frontier<R> {
    pub(super) fn new() -> Self {
        let (now, next) = (Level::new(), Level::new());
        Frontier { now, next, open: 0, bytes: 0, spilled: 0, spare: None }
    }

    /// Adds the state `number`, entry `at` of `rows`, to the next level.
    #[inline]
    pub(super) fn push(&mut self, number: u32, rows: &mut R, at: usize) {
        if self.next.blocks.back().is_none_or(|block| block.len == BLOCK) {
            let rows = Place::Memory(self.spare.take().unwrap_or_default());
            self.next.blocks.push_back(Block { first: number, len: 0, rows });
        }
        if let Some(Block { len, rows: Place::Memory(held), .. }) = self.next.blocks.back_mut() {
            held.take(rows, at);
            *len += 1;
        }
    }

    /// Goes on to the next level; false if it is empty.
    pub(super) fn advance(&mut self) -> bool {
        debug_assert!(self.now.blocks.is_empty());
        self.now = std::mem::replace(&mut self.next, Level::new());
        !self.now.blocks.is_empty()
    }

    /// The next block to expand.
    pub(super) fn pop(&mut self) -> io::Result<Option<Block<R>>> {
        let block = self.now.pop()?;
        self.open += block.as_ref().map_or(0, Block::bytes);
        Ok(block)
    }

    /// Takes back the buffers of an expanded block.
    pub(super) fn recycle(&mut self, block: Block<R>) {
        self.open = self.open.saturating_sub(block.bytes());
        if let Place::Memory(mut rows) = block.rows {
            rows.clear();
            self.spare = Some(rows);
        }
    }

    /// What is left, the level that is found last.
    pub(super) fn rest(&mut self) -> io::Result<Option<Block<R>>> {
        if self.now.blocks.is_empty() {
            self.advance();
        }
        self.pop()
    }

    /// Calls `each` with the number of every state of the level that is found, and where it stands.
    pub(super) fn for_each_found(
        &mut self,
        mut each: impl FnMut(u32, &R, usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let Level { blocks, disk } = &mut self.next;
        for Block { first, len, rows } in blocks {
            let fetched;
            let rows = match (rows, disk.as_mut()) {
                (Place::Memory(rows), _) => rows,
                (Place::Disk { at, bytes }, Some(disk)) => {
                    fetched = load(&disk.read(*at, *bytes)?)?;
                    &fetched
                }
                (Place::Disk { .. }, None) => return Err(io::ErrorKind::NotFound.into()),
            };
            (0..*len).try_for_each(|at| each(*first + at as u32, rows, at))?;
        }
        Ok(())
    }

    /// Forgets the level that is found: another one is read.
    pub(super) fn drop_next(&mut self) {
        self.next = Level::new();
    }

    /// Claims what the blocks have grown by.
    pub(super) fn claim(&mut self, memory: &mut Memory) -> Result<(), Stopped> {
        let spare = self.spare.as_ref().map_or(0, Rows::bytes);
        let bytes = self.now.bytes() + self.next.bytes() + self.open + spare;
        memory.adjust(&mut self.bytes, bytes)
    }

    /// Writes blocks to a disk until about `wanted` bytes are free: those that wait longest first. The block that is
    /// being filled stays. Gives the bytes that were freed, which is 0 where states have no form as bytes.
    pub(super) fn spill(&mut self, wanted: usize) -> io::Result<usize> {
        let filled = self.next.blocks.len().saturating_sub(1);
        let mut freed = self.next.spill(filled, wanted, &mut self.spilled)?;
        if freed < wanted {
            let all = self.now.blocks.len();
            freed += self.now.spill(all, wanted - freed, &mut self.spilled)?;
        }
        Ok(freed)
    }

    /// Bytes that were written to a disk.
    pub(super) fn spilled(&self) -> u64 {
        self.spilled
    }
}

impl<R: Rows> Level<R> {
    fn new() -> Self {
        Level { blocks: VecDeque::new(), disk: None }
    }

    fn bytes(&self) -> usize {
        self.blocks.iter().map(Block::bytes).sum()
    }

    fn pop(&mut self) -> io::Result<Option<Block<R>>> {
        let Some(mut block) = self.blocks.pop_front() else { return Ok(None) };
        if let (Place::Disk { at, bytes }, Some(disk)) = (&block.rows, &mut self.disk) {
            block.rows = Place::Memory(load(&disk.read(*at, *bytes)?)?);
        }
        Ok(Some(block))
    }

    fn spill(&mut self, first: usize, wanted: usize, spilled: &mut u64) -> io::Result<usize> {
        let mut freed = 0;
        for block in self.blocks.iter_mut().take(first).rev() {
            if freed >= wanted {
                break;
            }
            let bytes = block.bytes();
            let Place::Memory(rows) = &block.rows else { continue };
            let Some(saved) = rows.save() else { break };
            let disk = match &mut self.disk {
                Some(disk) => disk,
                none => none.insert(Disk { file: tempfile::tempfile()?, end: 0 }),
            };
            block.rows = disk.put(&saved)?;
            *spilled += saved.len() as u64;
            freed += bytes;
        }
        Ok(freed)
    }
}

fn load<R: Rows>(saved: &[u8]) -> io::Result<R> {
    R::load(saved).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

impl Disk {
    fn put<R>(&mut self, saved: &[u8]) -> io::Result<Place<R>> {
        let (at, bytes) = (self.end, saved.len());
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(saved)?;
        self.end += bytes as u64;
        Ok(Place::Disk { at, bytes })
    }

    fn read(&mut self, at: u64, bytes: usize) -> io::Result<Vec<u8>> {
        let mut saved = vec![0; bytes];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut saved)?;
        Ok(saved)
    }
}

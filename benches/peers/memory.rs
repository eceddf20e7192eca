//! The most memory that a process has occupied.

use std::fs;

/// The peak so far of a process, by its id or `self`. None where the system does not tell (it does on Linux), or when
/// the process has ended.
pub(crate) fn peak_bytes(process: &str) -> Option<u64> {
    read_peak(&fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

/// From the text of `/proc/PID/status`, which counts in KiB whatever it calls them.
fn read_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_bytes() {
        let status = "Name:\tpan\nVmPeak:\t  900 kB\nVmHWM:\t    741300 kB\nVmRSS:\t 12 kB\n";
        assert_eq!(read_peak(status), Some(741_300 * 1024));
        assert_eq!(read_peak("Name:\tpan\nState:\tZ (zombie)\n"), None);
    }

    #[test]
    fn nothing_is_known_of_a_process_that_is_not_there() {
        assert_eq!(peak_bytes("no process"), None);
    }
}

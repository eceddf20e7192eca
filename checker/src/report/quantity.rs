//! How numbers are written for people.

use std::time::Duration;

/// `1,234,567`.
pub fn count(n: impl TryInto<u64>) -> String {
    let digits = n.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 state`, `2 states`, `1,234 states`.
pub fn counted(n: usize, noun: &str) -> String {
    let plural = match noun.strip_suffix("ex") {
        Some(stem) => format!("{stem}ices"),
        None => format!("{noun}s"),
    };
    format!("{} {}", count(n as u64), if n == 1 { noun } else { &plural })
}

/// `0.42 s`, `12.3 s`, `5 min 3 s`.
pub fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.2} s", duration.as_secs_f64()),
        10..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// `12.3 MiB`.
pub fn bytes(bytes: usize) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib < 1024.0 { format!("{mib:.1} MiB") } else { format!("{:.1} GiB", mib / 1024.0) }
}

/// `1,234 states/s`; a time that is too short to be measured gives none.
pub fn rate(states: usize, duration: Duration) -> Option<String> {
    let rate = states as f64 / duration.as_secs_f64();
    rate.is_finite().then(|| format!("{} states/s", count(rate as u64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0_u64, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(counted(1, "execution vertex"), "1 execution vertex");
        assert_eq!(counted(4, "execution vertex"), "4 execution vertices");
        assert_eq!(counted(1200, "state"), "1,200 states");
    }

    #[test]
    fn times_have_the_precision_that_matters() {
        let shown = [419, 12_345, 303_000, 7_260_000].map(|ms| time(Duration::from_millis(ms)));
        assert_eq!(shown, ["0.42 s", "12.3 s", "5 min 3 s", "2 h 1 min"]);
    }

    #[test]
    fn sizes_and_rates() {
        assert_eq!(bytes(12_900_000), "12.3 MiB");
        assert_eq!(bytes(5 << 30), "5.0 GiB");
        assert_eq!(rate(1000, Duration::from_millis(500)).as_deref(), Some("2,000 states/s"));
        assert_eq!(rate(1000, Duration::ZERO), None);
    }
}

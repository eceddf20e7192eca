//! Random numbers that are the same on every machine and in every release.

/// What the state of a generator grows by with every number: the golden ratio, made odd.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64, after Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators": made to be split into
/// many generators, of which each walk has one.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// The generator number `index` of those that `seed` stands for. It depends on nothing else.
    pub fn split(seed: u64, index: u64) -> Self {
        let mut parent = SplitMix64(seed.wrapping_add(GAMMA.wrapping_mul(index)));
        SplitMix64(parent.next())
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GAMMA);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, which is not 0. Some are more likely than others by less than `end` in 2^64.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the reference implementation prints them for this seed.
    #[test]
    fn numbers_are_those_of_the_published_generator() {
        let mut random = SplitMix64(1_234_567);
        let numbers: Vec<u64> = (0..5).map(|_| random.next()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(numbers, published);
    }

    #[test]
    fn numbers_below_an_end_are_even_and_stay_below_it() {
        let (mut random, mut counts) = (SplitMix64(1), [0_u32; 7]);
        for _ in 0..70_000 {
            counts[random.below(7)] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn generators_of_one_seed_have_nothing_in_common() {
        let numbers = |seed, index| {
            let mut random = SplitMix64::split(seed, index);
            (0..100).map(move |_| random.next())
        };
        let split = (0..10).flat_map(|seed| (0..10).flat_map(move |index| numbers(seed, index)));
        let distinct: std::collections::BTreeSet<u64> = split.collect();
        assert_eq!(distinct.len(), 10_000);
    }
}

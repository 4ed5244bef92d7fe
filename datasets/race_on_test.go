//go:build race

package datasets

// raceEnabled is set if sync.Pool drops items at random, so that allocations cannot be counted.
const raceEnabled = true

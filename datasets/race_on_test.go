//go:build race

package datasets

// raceEnabled tells that sync.Pool forgets at random, so that allocations cannot be counted.
const raceEnabled = true

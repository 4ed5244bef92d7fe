package opstest

import "time"

// SetPatience changes how long one call of the op may take, and returns what it was.
func SetPatience(d time.Duration) (was time.Duration) {
	was, patience = patience, d
	return was
}

package train_test

import "testing"

// The same on HTRU2.
func TestKillHTRU2(t *testing.T) {
	testKill(t, "htru2")
}

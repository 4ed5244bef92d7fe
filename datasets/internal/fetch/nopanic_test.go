package fetch

import (
	"context"
	"testing"
)

// Nil and zero values give an error, never a panic.
func TestNoPanics(t *testing.T) {
	var (
		none   *Client
		nobody context.Context
	)
	for _, f := range []File{{}, {Name: ".."}, {Name: "x"}, {Name: "x", URL: "nowhere://x"}, {Name: "x", URL: "\x00", MaxBytes: -1 << 60}} {
		if path, err := none.Get(nobody, t.TempDir(), f); err == nil {
			t.Errorf("%+v: fetched to %s", f, path)
		}
	}
}

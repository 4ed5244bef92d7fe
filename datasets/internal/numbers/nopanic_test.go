package numbers

import (
	"strings"
	"testing"
)

// Nil arguments give an error, never a panic.
func TestNoPanics(t *testing.T) {
	row := func([]float64) error { return nil }
	for i, err := range []error{
		Read("", row), Read(t.TempDir(), nil), ReadFrom("x", nil, row), ReadFrom("x", strings.NewReader("1\n"), nil),
	} {
		if err == nil {
			t.Errorf("call %d: no error", i)
		}
	}
}

package archive

import "testing"

// Nil and empty arguments give an error, never a panic.
func TestNoPanics(t *testing.T) {
	for _, to := range []func(string) string{nil, func(name string) string { return name }} {
		if _, err := Unzip("", "", to); err == nil {
			t.Error("no error")
		}
	}
}

package main

import "testing"

// Numbers are as people write them.
func TestText(t *testing.T) {
	for x, want := range map[float64]string{
		0.00002677123: "0.00002677", -0.00045: "-0.00045", 0.5: "0.5000", 0: "0.0000", 12345.6: "12346", 123456789012: "123500000000", 1e-12: "1e-12", 1e20: "1e+20",
	} {
		if got := (values{"loss": x}).text("loss"); got != want {
			t.Errorf("%g: %q, want %q", x, got, want)
		}
	}
	if got := (values{}).text("loss"); got != "undefined" {
		t.Error(got)
	}
}

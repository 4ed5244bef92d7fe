//go:build !purego

package kernel

import "testing"

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		ask  string
		want variant
	}{{"", neon}, {"neon", neon}, {"purego", purego}, {"avx2", neon}} {
		if got := choose(c.ask, neon); got != c.want {
			t.Errorf("choose(%q) = %v, want %v", c.ask, got, c.want)
		}
	}
}

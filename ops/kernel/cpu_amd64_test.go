//go:build !purego

package kernel

import "testing"

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		ask        string
		best, want variant
	}{
		{"", avx512, avx512}, {"", purego, purego},
		{"avx2", avx512, avx2}, {"purego", avx512, purego}, {"avx512", avx512, avx512},
		{"avx512", avx2, avx2}, // lacking
		{"sse2", avx2, avx2},   // unknown
	} {
		if got := choose(c.ask, c.best); got != c.want {
			t.Errorf("choose(%q, %v) = %v, want %v", c.ask, c.best, got, c.want)
		}
	}
}

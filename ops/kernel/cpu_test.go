package kernel

import (
	"os"
	"testing"
)

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

// TestCPU: a run that asks for a variant tests that variant.
func TestCPU(t *testing.T) {
	if ask := os.Getenv("SELFNORM_CPU"); ask != "" && ask != CPU() {
		t.Errorf("SELFNORM_CPU=%s, but the kernels are %s", ask, CPU())
	}
}

// eachVariant runs f as a subtest with every variant that the CPU has.
func eachVariant(t *testing.T, name string, f func(t *testing.T)) {
	withVariants(func() { t.Run(name+"/"+cpu.String(), f) })
}

// withVariants calls f with every variant that the CPU has.
func withVariants(f func()) {
	defer func(v variant) { cpu = v }(cpu)
	for cpu = fastest(); cpu >= purego; cpu-- {
		f()
	}
}

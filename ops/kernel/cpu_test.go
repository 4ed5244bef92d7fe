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

// TestCPU: the kernels in use are the fastest of the CPU, or those that the environment asks for if it has them.
func TestCPU(t *testing.T) {
	want := fastest().String()
	for v := purego; v <= fastest(); v++ {
		if os.Getenv("SELFNORM_CPU") == v.String() {
			want = v.String()
		}
	}
	if CPU() != want {
		t.Errorf("the kernels are %s, want %s", CPU(), want)
	}
	if assembly := vectorized[float32]() != nil; assembly != (want != "purego") {
		t.Errorf("%s has assembly: %v", want, assembly)
	}
}

// eachVariant calls f with every variant that the CPU has, and names the first one with which it fails.
func eachVariant(t *testing.T, name string, f func(t *testing.T)) {
	withVariants(func() {
		failed := t.Failed()
		defer func() {
			if !failed && t.Failed() {
				t.Logf("this was %s with the kernels %v", name, cpu)
			}
		}()
		f(t)
	})
}

// withVariants calls f with every variant that the CPU has.
func withVariants(f func()) {
	defer func(v variant) { cpu = v }(cpu)
	for cpu = fastest(); cpu >= purego; cpu-- {
		f()
	}
}

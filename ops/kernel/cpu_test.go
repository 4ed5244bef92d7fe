package kernel

import (
	"os"
	"testing"
)

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

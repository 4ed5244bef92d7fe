package kernel

import (
	"fmt"
	"os"
)

// variant is a family of implementations of the kernels, fastest last. The other variants of a processor follow purego; they are in the file named
// after it.
type variant int

// purego is the variant without assembly.
const purego variant = 0

func (v variant) String() string { return variants[v] }

// cpu is the variant in use. Only tests change it.
var cpu = choose(os.Getenv("SELFNORM_CPU"), fastest())

// CPU returns the name of the kernels in use: "avx512", "avx2", "neon" or "purego". They are the fastest that the CPU supports, unless the
// environment variable SELFNORM_CPU names others.
func CPU() string { return cpu.String() }

// choose returns the variant named by ask if the CPU, whose best variant is best, supports it. Otherwise it prints a message to standard
// error and returns best, as the Go runtime does for GODEBUG=cpu.x=on.
func choose(ask string, best variant) variant {
	for v := purego; v <= best; v++ {
		if ask == v.String() {
			return v
		}
	}
	if ask != "" {
		fmt.Fprintf(os.Stderr, "SELFNORM_CPU: cannot use %q here, using %q\n", ask, best)
	}
	return best
}

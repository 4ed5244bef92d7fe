//go:build !amd64 || purego

package kernel

var (
	engines32 = [avx512 + 1]*engine[float32]{purego: pureEngine[float32]()}
	engines64 = [avx512 + 1]*engine[float64]{purego: pureEngine[float64]()}
)

// widest is the width of the widest tile.
const widest = 4

//go:build (!amd64 && !arm64) || purego

package kernel

var (
	engines32 = [len(variants)]*engine[float32]{purego: pureEngine[float32]()}
	engines64 = [len(variants)]*engine[float64]{purego: pureEngine[float64]()}
)

// widest is the width of the widest tile.
const widest = 4

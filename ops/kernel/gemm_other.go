//go:build !amd64 || purego

package kernel

var (
	engines32 = [...]*engine[float32]{pureEngine[float32]()}
	engines64 = [...]*engine[float64]{pureEngine[float64]()}
)

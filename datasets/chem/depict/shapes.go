package depict

import (
	"math"
	"math/cmplx"
)

// polygon is a regular one with sides of length 1, counter-clockwise.
func polygon(n int) []complex128 {
	radius := 1 / (2 * math.Sin(math.Pi/float64(n)))
	at := make([]complex128, n)
	for k := range at {
		at[k] = cmplx.Rect(radius, 2*math.Pi*float64(k)/float64(n))
	}
	return at
}

func center(at []complex128) (sum complex128) {
	for _, z := range at {
		sum += z
	}
	return sum / complex(float64(max(1, len(at))), 0)
}

func unit(z complex128) complex128 {
	if a := cmplx.Abs(z); a > 1e-9 {
		return z / complex(a, 0)
	}
	return 1
}

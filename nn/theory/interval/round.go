package interval

import "math"

// up returns the least float64 above x, and x itself if it is +Inf or NaN. If x is a result rounded to nearest, the exact one is
// at most up(x): overflow to -Inf becomes the most negative float64, underflow to 0 the smallest positive one.
func up(x float64) float64 {
	switch {
	case x == 0:
		return math.SmallestNonzeroFloat64
	case x > math.MaxFloat64 || x != x:
		return x
	case x > 0:
		return math.Float64frombits(math.Float64bits(x) + 1)
	}
	return math.Float64frombits(math.Float64bits(x) - 1)
}

// down returns the greatest float64 below x, and x itself if it is -Inf or NaN: the mirror image of up.
func down(x float64) float64 { return -up(-x) }

// outward encloses an exact result whose ends were rounded to nearest as lo and hi.
func outward(lo, hi float64) Interval { return Interval{down(lo), up(hi)} }

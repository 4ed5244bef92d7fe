package search

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
)

// maxRepeats is how many consecutive draws may repeat known points before a range counts as exhausted.
const maxRepeats = 1000

// Sample draws n distinct points at random. The same seed gives the same points, and a larger n continues the sequence of a smaller one, so
// that you can extend a search. It returns an error if the space has fewer than n points, if n exceeds 16,777,216, and for all axes that
// Grid rejects, except ranges.
func (s Space) Sample(n int, seed uint64) ([]Point, error) {
	if err := s.check(); err != nil {
		return nil, errors.Wrap(err, "search: sample")
	}
	if n < 0 || n > maxGrid || float64(n) > s.size() {
		return nil, errors.Errorf("search: sample of %d points from a space of %g", n, s.size())
	}
	r := rand.New(rand.NewPCG(seed, 0x5a3b1e))
	points := make([]Point, 0, n)
	seen := map[string]bool{}
	for repeats := 0; len(points) < n; repeats++ {
		if repeats > maxRepeats && math.IsInf(s.size(), 1) {
			return nil, errors.Errorf("search: sample of %d points: the ranges hold hardly more than %d", n, len(points))
		}
		point := make(Point, len(s))
		for i, a := range s {
			point[i] = Param{a.Name, a.draw(r)}
		}
		if key := point.key(); !seen[key] {
			seen[key] = true
			points, repeats = append(points, point), 0
		}
	}
	return points, nil
}

func (a Axis) draw(r *rand.Rand) any {
	if a.Values != nil {
		return a.Values[r.IntN(len(a.Values))]
	}
	u := r.Float64()
	x := a.Lo + u*(a.Hi-a.Lo)
	if a.Log {
		x = math.Exp(math.Log(a.Lo) + u*(math.Log(a.Hi)-math.Log(a.Lo)))
	}
	return min(max(x, a.Lo), a.Hi)
}

package members

import (
	"math"

	"github.com/pkg/errors"
)

// floor is added to probabilities before their logarithms are taken: a forest whose trees agree is not infinitely sure.
const floor = 1e-3

// logs returns the logarithms of probabilities, with floor added.
func logs(p []float64) []float64 {
	out := make([]float64, len(p))
	for i, v := range p {
		out[i] = math.Log(v + floor)
	}
	return out
}

// Pool combines the probabilities of several kinds of members, each row-major with the same number of classes: the probabilities are proportional to the
// product of (p + 0.001)^weight over the kinds, a logarithmic opinion pool. Weights whose sum is not 1 also sharpen or soften the result. It returns an error
// if the parts do not fit together.
func Pool(kinds [][]float64, weights []float64, classes int) ([]float64, error) {
	if err := check(kinds, weights, classes); err != nil {
		return nil, err
	}
	out := make([]float64, len(kinds[0]))
	all := make([][]float64, len(kinds))
	for k, p := range kinds {
		all[k] = logs(p)
	}
	for lo := 0; lo < len(out); lo += classes {
		poolRow(out[lo:lo+classes], all, weights, lo)
	}
	return out, nil
}

// poolRow combines the logarithms of a row, which begins at lo.
func poolRow(out []float64, all [][]float64, weights []float64, lo int) {
	most, sum := math.Inf(-1), 0.0
	for j := range out {
		out[j] = 0
		for k, x := range all {
			out[j] += weights[k] * x[lo+j]
		}
		most = math.Max(most, out[j])
	}
	for j, z := range out {
		out[j] = math.Exp(z - most)
		sum += out[j]
	}
	for j := range out {
		out[j] /= sum
	}
}

// maxWeight is beyond any weight that is chosen.
const maxWeight = 100

func check(kinds [][]float64, weights []float64, classes int) error {
	if len(kinds) == 0 || len(kinds) != len(weights) || classes < 2 {
		return errors.Errorf("members: %d kinds with %d weights and %d classes", len(kinds), len(weights), classes)
	}
	for k, p := range kinds {
		if len(p) != len(kinds[0]) || len(p)%classes != 0 {
			return errors.Errorf("members: %d probabilities of kind %d, %d of the first, for %d classes", len(p), k+1, len(kinds[0]), classes)
		}
		if w := weights[k]; !(w >= 0 && w <= maxWeight) {
			return errors.Errorf("members: the weight %v, want a number from 0 to %d", w, maxWeight)
		}
	}
	return nil
}

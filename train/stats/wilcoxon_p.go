package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// normal approximates the sum of the positive ranks. Under the hypothesis each rank r counts with probability 1/2, so the
// sum has mean sum r/2 and variance sum r^2/4. Both include the corrections for ties and for Pratt's zeros.
func (w Wilcoxon) normal(plus float64, ranks []float64) (z, p float64) {
	var mean, variance float64
	for _, r := range ranks {
		mean += r / 2
		variance += r * r / 4
	}
	z = plus - mean
	if !w.NoCorrection {
		switch {
		case w.Alternative == Greater, w.Alternative == TwoSided && z > 0:
			z -= 0.5
		case w.Alternative == Less, w.Alternative == TwoSided && z < 0:
			z += 0.5
		}
	}
	z /= math.Sqrt(variance)
	return z, w.pValue(distuv.UnitNormal.Survival(-z), distuv.UnitNormal.Survival(z))
}

// exact returns the fraction of the sign patterns that are at least as extreme. Ranks are multiples of 1/2, so doubled ranks serve as
// indices. Up to 53 ranks all probabilities are multiples of 2^-53, and sums are exact in float64.
func (w Wilcoxon) exact(plus float64, ranks []float64) float64 {
	total := 0
	for _, r := range ranks {
		total += int(2 * r)
	}
	share := make([]float64, total+1) // share[s]: probability that the doubled ranks sum to s
	share[0] = 1
	reached := 0
	for _, r := range ranks {
		step := int(2 * r)
		reached += step
		for s := reached; s >= 0; s-- {
			share[s] /= 2
			if s >= step {
				share[s] += share[s-step] / 2
			}
		}
	}
	at := int(2 * plus)
	var below, above float64
	for s, p := range share {
		if s <= at {
			below += p
		}
		if s >= at {
			above += p
		}
	}
	return w.pValue(below, above)
}

// pValue joins the probabilities of a sum at most and at least as large as the one observed.
func (w Wilcoxon) pValue(below, above float64) float64 {
	switch w.Alternative {
	case Greater:
		return above
	case Less:
		return below
	}
	return min(1, 2*min(below, above))
}

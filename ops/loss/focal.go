package loss

import (
	"math"

	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// Focal is the focal loss on logits, which gives less weight to elements that are classified well (Lin et al. 2017,
// Eq. 5): the weighted mean over the elements of
//
//	a (1 - p)^gamma BCE(z, y)
//
// For y = 1, p is the sigmoid of z and a is alpha. For y = 0, p is 1 minus that sigmoid and a is 1 - alpha. In between, p and a are linear
// in y. gamma is finite and >= 0, alpha is in [0, 1]. Inputs, weights and errors are those of [BCE].
func Focal(logits, targets, weights *G.Node, gamma, alpha float64) (*G.Node, error) {
	switch {
	case !(gamma >= 0 && gamma <= math.MaxFloat64):
		return nil, errors.Errorf("Focal: gamma %v, want a finite number >= 0", gamma)
	case !(alpha >= 0 && alpha <= 1):
		return nil, errors.Errorf("Focal: alpha %v outside [0, 1]", alpha)
	}
	l := &pairLoss{name: "Focal", attrs: []any{gamma, alpha}, lo: 0, hi: 1}
	l.value = func(z, y float64, _ int) float64 {
		miss := y*logistic(-z) + (1-y)*logistic(z) // 1 - p
		return (alpha*y + (1-alpha)*(1-y)) * math.Pow(miss, gamma) * (y*softplus(-z) + (1-y)*softplus(z))
	}
	l.slope = func(z, y float64, _ int) float64 {
		p, q := logistic(z), logistic(-z)
		miss := y*q + (1-y)*p
		slope := (1-y)*p - y*q
		if gamma > 0 && miss > 0 {
			// The slope of miss is (1 - 2 y) p q. The quotient p q / miss is at most 1 for y = 0 and y = 1.
			slope += gamma * (y*softplus(-z) + (1-y)*softplus(z)) * (p * q / miss) * (1 - 2*y)
		}
		return (alpha*y + (1-alpha)*(1-y)) * math.Pow(miss, gamma) * slope
	}
	return l.apply(logits, targets, weights)
}

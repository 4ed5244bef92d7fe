package loss

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// Pinball is the quantile loss, which is smallest at the given quantile of y: the weighted mean over the elements of quantile (y - x) for x
// < y and (1 - quantile) (x - y) for x > y (Koenker and Bassett 1978). Where x = y its slope is 0. quantile is in [0, 1]. Inputs, weights
// and errors are those of [MSE].
func Pinball(x, y, weights *G.Node, quantile float64) (*G.Node, error) {
	if !(quantile >= 0 && quantile <= 1) {
		return nil, errors.Errorf("Pinball: quantile %v outside [0, 1]", quantile)
	}
	slope := func(r float64) float64 {
		switch {
		case r > 0:
			return 1 - quantile
		case r < 0:
			return -quantile
		}
		return r
	}
	value := func(r float64) float64 {
		if r == 0 {
			return 0
		}
		return r * slope(r)
	}
	return regression("Pinball", []any{quantile}, value, slope).apply(x, y, weights)
}

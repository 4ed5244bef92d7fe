package nn_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/nn"
)

// Alpha dropout of any fixed point keeps the mean and variance of the SELU's activations at any rate, within what chance explains.
func TestAlphaDropoutKeepsFixedPoints(t *testing.T) {
	const rows, cols = 400, 500
	n := math.Sqrt(rows * cols)
	for _, fixed := range []nn.FixedPoint{{Variance: 1}, {Variance: 2}, {Variance: 0.1}, {Mean: 0.1, Variance: 1}, {Mean: -0.5, Variance: 1}, {Mean: 0.05, Variance: 1.5}} {
		for _, rate := range []float64{0.05, 0.1, 0.5} {
			net := nn.Sequential{nn.SELU{Fixed: fixed}, nn.AlphaDropout{Rate: rate, Fixed: fixed}}
			// omega = 0 and tau = 1: the pre-activations have mean 0.
			mean, variance := moments(t, net, true, nn.FixedPoint{Variance: fixed.Variance}, rows, cols)
			// The variance of a sample varies by sqrt((kurtosis - 1)/n); dropped elements bring the kurtosis up to about 10.
			if math.Abs(mean-fixed.Mean) > 4*math.Sqrt(fixed.Variance)/n || math.Abs(variance/fixed.Variance-1) > 4*3/n {
				t.Errorf("%+v at rate %v: mean %.4f and variance %.4f", fixed, rate, mean, variance)
			}
		}
	}
}

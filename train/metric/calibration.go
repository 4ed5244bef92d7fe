package metric

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// CalibrationBins is the number of bins of [CalibrationError] and of charts, as in Guo et al. 2017.
const CalibrationBins = 15

// CalibrationError is the expected calibration error over 15 bins of equal width: the mean over the rows of the distance between
// probability and frequency in the row's bin (Naeini et al. 2015, Guo et al. 2017, Eq. 3). For a task, probability and frequency are those
// of the positives; for classes, those of the most probable class, as in Guo et al.
var CalibrationError = Metric{Name: "calibration error", Lower: true, Kinds: labelKinds, Defined: needLabels,
	Func: byKind(func(r *Result) (float64, error) {
		c, err := r.confidence()
		if err != nil {
			return 0, err
		}
		p, err := c.pairs(0, true)
		if err != nil {
			return 0, err
		}
		return expectedCalibrationError(p)
	}, overTasks(true, expectedCalibrationError))}

func expectedCalibrationError(p *pairs) (float64, error) {
	sum, all := 0.0, 0.0
	for _, b := range p.reliability(CalibrationBins) {
		sum, all = sum+b.Weight*math.Abs(b.Observed-b.Predicted), all+b.Weight
	}
	return sum / all, nil
}

// ReliabilityBin is a point of a reliability curve.
type ReliabilityBin struct {
	// Low and High bound the probabilities of the bin: above Low and at most High. The first bin includes 0.
	Low, High float64
	// Weight is the sum of the weights of its labels, Predicted the mean of their probabilities and Observed the fraction of positives.
	Weight, Predicted, Observed float64
}

// Reliability returns the reliability curve of probabilities (Murphy and Winkler 1977) over the nonempty bins of equal width from 0 to 1.
// On the diagonal Predicted = Observed the probabilities are calibrated. A label above 0.5 is positive. Nil weights mean 1. It returns an
// error for fewer than 1 bin, for a value that is not a probability, and with cause [ErrUndefined] if there are no labels.
func Reliability(p, labels, weights []float64, bins int) ([]ReliabilityBin, error) {
	if bins < 1 || bins > 1<<20 {
		return nil, errors.Errorf("metric: reliability curve: %d bins, want 1 to %d", bins, 1<<20)
	}
	observed, err := observe(p, labels, weights, true)
	if err != nil {
		return nil, errors.Wrap(err, "metric: reliability curve")
	}
	return observed.reliability(bins), nil
}

func (p *pairs) reliability(bins int) []ReliabilityBin {
	edges := make([]float64, bins) // upper edges, computed like NumPy's linspace, so that values on an edge go to the same bin
	for i := range edges {
		edges[i] = float64(i+1) * (1 / float64(bins))
	}
	edges[bins-1] = 1
	all := make([]ReliabilityBin, bins)
	for i, probability := range p.predictions {
		k, _ := slices.BinarySearch(edges, probability)
		w := p.weights[i]
		all[k].Weight += w
		all[k].Predicted += w * probability
		all[k].Observed += w * float64(isPositive(p.labels[i]))
	}
	var out []ReliabilityBin
	for k, b := range all {
		if b.Weight == 0 {
			continue
		}
		if k > 0 {
			b.Low = edges[k-1]
		}
		b.High = edges[k]
		b.Predicted /= b.Weight
		b.Observed /= b.Weight
		out = append(out, b)
	}
	return out
}

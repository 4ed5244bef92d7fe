package train

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// calibrationBins is the number of bins of CalibrationError, that of Guo et al. 2017.
const calibrationBins = 15

// CalibrationError is the expected calibration error over 15 bins of equal width: the mean over the rows of the distance between
// probability and frequency in the row's bin (Naeini et al. 2015, Guo et al. 2017, Eq. 3). For a task these are of the positives,
// for classes of the most probable class, as in Guo et al.
var CalibrationError = Metric{Name: "calibration error", Lower: true, Of: func(r *Result) (float64, error) {
	if !r.Classes {
		return r.mean("calibration error", expectedCalibrationError)
	}
	confidence, right, err := r.Confidence()
	if err != nil {
		return 0, errors.WithMessage(err, "calibration error")
	}
	return expectedCalibrationError(confidence, right)
}}

func expectedCalibrationError(p, labels []float64) (float64, error) {
	bins, err := Reliability(p, labels, calibrationBins)
	sum, n := 0.0, 0
	for _, b := range bins {
		sum, n = sum+float64(b.Count)*math.Abs(b.Observed-b.Predicted), n+b.Count
	}
	return sum / float64(n), err
}

// ReliabilityBin is a point of a reliability curve.
type ReliabilityBin struct {
	// Low and High bound the probabilities of the bin: above Low, which is 0 inclusive in the first, and at most High.
	Low, High float64
	// Count is the number of its labels, Predicted the mean of their probabilities and Observed the fraction of positives.
	Count               int
	Predicted, Observed float64
}

// Reliability is the reliability curve of probabilities (Murphy and Winkler 1977) over bins of equal width from 0 to 1, without those
// that are empty. On the diagonal Predicted = Observed the probabilities are right. A label above 0.5 is positive.
// It returns an error for less than 1 bin, for what is no probability, and with cause [ErrUndefined] if there are no labels.
func Reliability(p, labels []float64, bins int) ([]ReliabilityBin, error) {
	if bins < 1 || bins > 1<<20 {
		return nil, errors.Errorf("reliability curve: %d bins, want 1 to %d", bins, 1<<20)
	}
	if err := checkProbabilities("reliability curve", p, labels); err != nil {
		return nil, err
	}
	edges := make([]float64, bins) // upper ones; computed as NumPy's linspace does, so that values on an edge go to the same side
	for i := range edges {
		edges[i] = float64(i+1) * (1 / float64(bins))
	}
	edges[bins-1] = 1
	all := make([]ReliabilityBin, bins)
	for i := range p {
		k, _ := slices.BinarySearch(edges, p[i])
		all[k].Count++
		all[k].Predicted += p[i]
		all[k].Observed += float64(isPositive(labels[i]))
	}
	var out []ReliabilityBin
	for k, b := range all {
		if b.Count == 0 {
			continue
		}
		if k > 0 {
			b.Low = edges[k-1]
		}
		b.High = edges[k]
		b.Predicted /= float64(b.Count)
		b.Observed /= float64(b.Count)
		out = append(out, b)
	}
	return out, nil
}

package train

import (
	"math"

	"github.com/pkg/errors"
)

// LogLoss is the mean of -log of the probability of what was observed. Probabilities are kept 2^-52 away from 0 and 1.
var LogLoss = Metric{Name: "log loss", Lower: true, Of: func(r *Result) (float64, error) {
	return r.score("log loss",
		func(p, y float64) float64 { return -(y*math.Log(clip(p)) + (1-y)*math.Log(1-clip(p))) },
		func(row []float64, class int) float64 { return -math.Log(clip(row[class])) })
}}

// clip keeps a probability away from 0 and 1 by the distance from 1 to the next float64.
func clip(p float64) float64 { return math.Max(0x1p-52, math.Min(1-0x1p-52, p)) }

// Brier is the score of Brier (1950), the mean squared distance of probabilities and what was observed: for a task of the probability
// and 0 or 1; for classes the sum of these over the classes of a row, which for two classes is twice as much.
var Brier = Metric{Name: "Brier score", Lower: true, Of: func(r *Result) (float64, error) {
	return r.score("Brier score",
		func(p, y float64) float64 { return (p - y) * (p - y) },
		func(row []float64, class int) float64 {
			sum := 0.0
			for k, p := range row {
				if k == class {
					p--
				}
				sum += p * p
			}
			return sum
		})
}}

// score is the mean over labels, and then over tasks, of ofLabel with a label of 0 or 1, or the mean over the rows of ofClass.
func (r *Result) score(name string, ofLabel func(p, y float64) float64, ofClass func(row []float64, class int) float64) (float64, error) {
	if !r.Classes {
		return r.mean(name, func(p, labels []float64) (float64, error) {
			if err := checkProbabilities(name, p, labels); err != nil {
				return 0, err
			}
			sum := 0.0
			for i := range p {
				sum += ofLabel(p[i], float64(isPositive(labels[i])))
			}
			return sum / float64(len(p)), nil
		})
	}
	if _, _, err := r.Confidence(); err != nil {
		return 0, errors.WithMessage(err, name)
	}
	sum := 0.0
	for i, class := range r.Labels {
		sum += ofClass(r.Row(i), int(class))
	}
	return sum / float64(len(r.Labels)), nil
}

// Confidence returns, for each row of a result with classes, the probability of the most probable class and whether that is the right
// one, 1 or 0. Together they make a reliability curve. The errors are those of [Result.Confusion], and for what is no probability.
func (r *Result) Confidence() (confidence, right []float64, err error) {
	if _, err := r.Confusion(); err != nil {
		return nil, nil, err
	}
	if len(r.Labels) == 0 {
		return nil, nil, errors.Wrap(ErrUndefined, "there are no labels")
	}
	for i, class := range r.Labels {
		row := r.Row(i)
		for _, p := range row {
			if p < 0 || p > 1 {
				return nil, nil, errors.Errorf("a prediction of row %d is %v, want a probability", i, p)
			}
		}
		best, ok := argmax(row), 0.0
		if best == int(class) {
			ok = 1
		}
		confidence, right = append(confidence, row[best]), append(right, ok)
	}
	return confidence, right, nil
}

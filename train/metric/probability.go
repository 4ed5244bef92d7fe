package metric

import (
	"math"

	"github.com/pkg/errors"
)

// LogLoss is the mean of -log(p), where p is the predicted probability of the observed label; for distributions it is the cross-entropy.
// Probabilities are clipped to a distance of 2^-52 from 0 and 1.
var LogLoss = score("log loss",
	func(p, y float64) float64 { return -(y*math.Log(clip(p)) + (1-y)*math.Log(1-clip(p))) },
	func(row []float64, class int) float64 { return -math.Log(clip(row[class])) },
	func(row, label []float64) float64 {
		sum := 0.0
		for k, q := range label {
			if q > 0 {
				sum -= q * math.Log(clip(row[k]))
			}
		}
		return sum
	})

// clip keeps a probability away from 0 and 1 by the distance from 1 to the next float64.
func clip(p float64) float64 { return math.Max(0x1p-52, math.Min(1-0x1p-52, p)) }

// Brier is the score of Brier (1950), the mean squared distance between probabilities and observed labels. For a task, the label is 0 or 1.
// For classes, the squared distances are summed over the classes of a row, which for two classes gives twice as much.
var Brier = score("Brier score",
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
	},
	func(row, label []float64) float64 {
		sum := 0.0
		for k, p := range row {
			sum += (p - label[k]) * (p - label[k])
		}
		return sum
	})

// score is the mean over labels, and then over tasks, of ofLabel with a label of 0 or 1, or the mean over the rows of ofClass or
// ofDistribution.
func score(name string, ofLabel func(p, y float64) float64, ofClass func(row []float64, class int) float64,
	ofDistribution func(row, label []float64) float64) Metric {
	classes := func(r *Result) (float64, error) {
		sum, all := 0.0, 0.0
		err := r.classRows(true, func(i, class int, weight float64) {
			all += weight
			if r.Kind == Distributions {
				sum += weight * ofDistribution(r.Row(i), r.distribution(i))
			} else {
				sum += weight * ofClass(r.Row(i), class)
			}
		})
		return sum / all, err
	}
	tasks := overTasks(true, func(p *pairs) (float64, error) {
		sum := 0.0
		for i, prediction := range p.predictions {
			sum += p.weights[i] * ofLabel(prediction, float64(isPositive(p.labels[i])))
		}
		return sum / p.total, nil
	})
	return Metric{Name: name, Lower: true, Kinds: labelKinds, Func: byKind(classes, tasks), Defined: needLabels}
}

// Confidence turns a result with classes into a binary result with one output: for each observed row, the prediction is the probability of
// the most probable class, and the label is 1 if that class is correct and 0 otherwise. Pass it to [Reliability] for a curve. Confidence
// returns an error for tasks, for a value that is not a probability, and with cause [ErrUndefined] if there are no labels.
func (r *Result) Confidence() (*Result, error) {
	c, err := r.confidence()
	return c, errors.Wrap(err, "metric: confidence")
}

func (r *Result) confidence() (*Result, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if !r.Kind.rowLabels() {
		return nil, errors.Errorf("the result has %v, need classes", r.Kind)
	}
	c := &Result{Kind: Binary, Loss: math.NaN(), Predictions: Predictions{Outputs: 1}}
	err := r.classRows(true, func(i, class int, weight float64) {
		best, right := argmax(r.Row(i)), 0.0
		if best == class {
			right = 1
		}
		c.Values, c.Labels, c.Weights = append(c.Values, r.Row(i)[best]), append(c.Labels, right), append(c.Weights, weight)
		c.Rows++
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

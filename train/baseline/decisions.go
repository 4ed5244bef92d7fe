package baseline

import "github.com/pkg/errors"

// Decider is a classifier with a finer score than its votes: the support vector machine.
type Decider interface {
	Classifier
	// Decisions returns a value for each row of x and each pair of classes that both have training rows, in the order 0 and 1, 0 and 2, ...,
	// 1 and 2, ..., row-major. It is positive for the first class of the pair, and the distance from 0 grows with that from the boundary. The errors
	// are those of Scores.
	Decisions(x Matrix) ([]float64, error)
}

var _ Decider = (*machines)(nil)

// Decisions implements Decider.
func (m *machines) Decisions(x Matrix) ([]float64, error) {
	if m == nil {
		return nil, errors.New("baseline: there is no classifier")
	}
	if err := checkColumns(SVM{}.Name(), x, m.columns); err != nil {
		return nil, err
	}
	values := make([]float64, 0, x.Rows*len(m.pairs))
	kernel := make([]float64, m.vectors.x.Rows)
	for i := range x.Rows {
		m.vectors.of(kernel, x.row(i))
		for _, p := range m.pairs {
			values = append(values, p.decide(kernel))
		}
	}
	return values, nil
}

// decide returns the decision value of a row, of which kernel holds the products with all support vectors.
func (p machine) decide(kernel []float64) float64 {
	sum := p.bias
	for k, v := range p.rows {
		sum += p.weights[k] * kernel[v]
	}
	return sum
}

package baseline

import (
	"cmp"
	"context"
	"math"

	"github.com/pkg/errors"
)

// SVM is a support vector machine with the kernel exp(-Gamma |x - y|^2). Each pair of classes has one machine, which votes for one of the two; a
// score is the number of votes (Chang and Lin 2011, LIBSVM).
type SVM struct {
	// C is the penalty of a row on the wrong side of the margin. 0 means 1.
	C float64
	// Balanced multiplies C for the rows of a class by rows / (classes x rows of the class), so that rare classes count as much as others.
	Balanced bool
	// Gamma is the factor in the kernel. 0 means 1 / (columns x variance of all values).
	Gamma float64
	// Tolerance is the violation of the optimality conditions at which training ends. 0 means 0.001.
	Tolerance float64
	// Iterations bounds the steps for each pair of classes; Fit returns an error if they do not reach the tolerance. 0 means 10 million, or
	// 100 for each row if that is more.
	Iterations int
}

// Name implements Method.
func (SVM) Name() string { return "support vector machine" }

// Fit implements Method.
func (s SVM) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	if err := check(ctx, s.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	s.C, s.Tolerance = cmp.Or(s.C, 1), cmp.Or(s.Tolerance, 1e-3)
	if s.Gamma == 0 {
		s.Gamma = 1 / (float64(x.Columns) * varianceOf(x.Values))
		if math.IsInf(s.Gamma, 0) {
			s.Gamma = 1
		}
	}
	s.Iterations = cmp.Or(s.Iterations, max(10_000_000, 100*x.Rows))
	if err := checkSettings(s.Name(), setting{"C", s.C}, setting{"Gamma", s.Gamma}, setting{"Tolerance", s.Tolerance}, setting{"Iterations", float64(s.Iterations)}); err != nil {
		return nil, err
	}
	byClass := make([][]int, classes)
	for i, k := range labels {
		byClass[k] = append(byClass[k], i)
	}
	m := &machines{columns: x.Columns, classes: classes, gamma: s.Gamma, byClass: byClass}
	for a := range classes {
		for b := a + 1; b < classes; b++ {
			if len(byClass[a]) == 0 || len(byClass[b]) == 0 {
				continue
			}
			one, err := s.pair(ctx, x, byClass, a, b)
			if err != nil {
				return nil, errors.Wrapf(err, "baseline: %s: classes %d and %d", s.Name(), a, b)
			}
			m.pairs = append(m.pairs, one)
		}
	}
	m.collect(x)
	return m, nil
}

func varianceOf(x []float64) float64 {
	mean, sum := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		sum += (v - mean) * (v - mean)
	}
	return sum / float64(len(x))
}

// pair trains the machine of the classes a and b.
func (s SVM) pair(ctx context.Context, x Matrix, byClass [][]int, a, b int) (machine, error) {
	rows := append(append([]int(nil), byClass[a]...), byClass[b]...)
	p := newSMO(x, rows, len(byClass[a]), s)
	p.factors = [2]float64{1, 1}
	if s.Balanced {
		for i, k := range []int{a, b} {
			p.factors[i] = float64(x.Rows) / float64(len(byClass)*len(byClass[k]))
		}
	}
	if err := p.solve(ctx); err != nil {
		return machine{}, err
	}
	m := machine{a: a, b: b, bias: p.bias()}
	for i, a := range p.alpha {
		if a > 0 {
			m.rows, m.weights = append(m.rows, rows[i]), append(m.weights, a*p.y[i])
		}
	}
	return m, nil
}

// machine decides between two classes: the sign of sum(weights kernel(row, x)) + bias is positive for class a.
type machine struct {
	a, b    int
	rows    []int // of the support vectors: indices of rows, then of machines.vectors
	weights []float64
	bias    float64
}

type machines struct {
	columns, classes int
	gamma            float64
	byClass          [][]int
	pairs            []machine
	vectors          kernelRows // the support vectors of all machines
}

// collect keeps the support vectors alone.
func (m *machines) collect(x Matrix) {
	at := map[int]int{}
	kept := Matrix{Columns: x.Columns}
	for _, p := range m.pairs {
		for i, r := range p.rows {
			if _, ok := at[r]; !ok {
				at[r] = kept.Rows
				kept.Values = append(kept.Values, x.row(r)...)
				kept.Rows++
			}
			p.rows[i] = at[r]
		}
	}
	m.vectors = newKernelRows(kept, m.gamma)
}

// Scores implements Classifier.
func (m *machines) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(SVM{}.Name(), x, m.columns); err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows*m.classes)
	kernel := make([]float64, m.vectors.x.Rows)
	for i := range x.Rows {
		votes := scores[i*m.classes : (i+1)*m.classes]
		m.vectors.of(kernel, x.row(i))
		for _, p := range m.pairs {
			if p.decide(kernel) > 0 {
				votes[p.a]++
			} else {
				votes[p.b]++
			}
		}
		if len(m.pairs) == 0 { // one class
			for k, rows := range m.byClass {
				votes[k] = float64(min(1, len(rows)))
			}
		}
	}
	return scores, nil
}

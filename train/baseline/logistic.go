package baseline

import (
	"cmp"
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gonum.org/v1/gonum/optimize"
)

// Logistic is logistic regression: the weights that minimize the sum of the cross-entropies of the rows plus |weights|^2 / (2 C), without the
// intercepts. A score is the probability of the class. Two classes share one vector of weights; more have one each.
type Logistic struct {
	// C is the inverse strength of the penalty. 0 means 1.
	C float64
	// Tolerance is the greatest element of the gradient at which L-BFGS ends. 0 means 0.0001.
	Tolerance float64
	// Iterations bounds the iterations of L-BFGS. 0 means 1000.
	Iterations int
}

// Name implements Method.
func (Logistic) Name() string { return "logistic regression" }

// Fit implements Method.
func (l Logistic) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	c, iterations, tolerance := cmp.Or(l.C, 1.0), cmp.Or(l.Iterations, 1000), cmp.Or(l.Tolerance, 1e-4)
	if err := check(ctx, l.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	if err := checkSettings(l.Name(), setting{"C", c}, setting{"Tolerance", tolerance}, setting{"Iterations", float64(iterations)}); err != nil {
		return nil, err
	}
	p := &logisticProblem{x: x, labels: labels, outputs: outputsOf(classes), penalty: 1 / c}
	p.logits = make([]float64, x.Rows*p.outputs)
	size := (x.Columns + 1) * p.outputs
	problem := optimize.Problem{
		Func: func(w []float64) float64 { p.at(w); return p.loss },
		Grad: func(g, w []float64) { p.at(w); copy(g, p.gradient) },
		Status: func() (optimize.Status, error) {
			if err := ctx.Err(); err != nil {
				return optimize.Failure, err
			}
			return optimize.NotTerminated, nil
		},
	}
	settings := &optimize.Settings{GradientThreshold: tolerance, MajorIterations: iterations, Converger: optimize.NeverTerminate{}}
	result, err := optimize.Minimize(problem, make([]float64, size), settings, &optimize.LBFGS{Store: 10})
	if ctx.Err() != nil {
		return nil, errors.Wrapf(ctx.Err(), "baseline: %s", l.Name())
	}
	if result == nil || (err != nil && !finite(result.X)) {
		return nil, errors.Wrapf(err, "baseline: %s", l.Name())
	}
	// A line search that cannot improve any more ends at the optimum to within rounding.
	return &logistic{columns: x.Columns, classes: classes, weights: result.X}, nil
}

func finite(x []float64) bool {
	for _, v := range x {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// outputsOf is the number of logits: one for two classes.
func outputsOf(classes int) int {
	if classes == 2 {
		return 1
	}
	return classes
}

// logisticProblem computes the loss and its gradient. The weights are (columns+1) x outputs, the last row being the intercepts.
type logisticProblem struct {
	x       Matrix
	labels  []int
	outputs int
	penalty float64

	known    []float64 // the weights that loss and gradient belong to
	loss     float64
	gradient []float64
	logits   []float64
}

// at computes loss and gradient at w, unless they are known.
func (p *logisticProblem) at(w []float64) {
	if p.known != nil && equal(p.known, w) {
		return
	}
	p.known = append(p.known[:0], w...)
	linear(p.logits, p.x, w, p.outputs)
	p.loss = p.crossEntropy()
	n := p.x.Columns * p.outputs
	if len(p.gradient) != len(w) {
		p.gradient = make([]float64, len(w))
	}
	product := kernel.MatMul[float64]{M: p.x.Columns, K: p.x.Rows, N: p.outputs, TransA: true, A: p.x.Values, B: p.logits, C: p.gradient[:n]}
	product.Run(nil)
	clear(p.gradient[n:])
	for i, g := range p.logits {
		p.gradient[n+i%p.outputs] += g
	}
	for i, v := range w[:n] {
		p.loss += p.penalty * v * v / 2
		p.gradient[i] += p.penalty * v
	}
}

func equal(a, b []float64) bool {
	for i, v := range a {
		if v != b[i] {
			return false
		}
	}
	return true
}

// crossEntropy returns the sum over the rows, and turns the logits into its gradient.
func (p *logisticProblem) crossEntropy() (loss float64) {
	for i, k := range p.labels {
		z := p.logits[i*p.outputs : (i+1)*p.outputs]
		if p.outputs == 1 {
			y := float64(k)
			e := math.Exp(-math.Abs(z[0]))
			loss += math.Log1p(e) + max(z[0], 0) - y*z[0]
			if z[0] >= 0 {
				z[0] = 1/(1+e) - y
			} else {
				z[0] = e/(1+e) - y
			}
			continue
		}
		top, total, own := z[largest(z)], 0.0, z[k]
		for j, v := range z {
			z[j] = math.Exp(v - top)
			total += z[j]
		}
		loss += math.Log(total) + top - own
		for j := range z {
			z[j] /= total
		}
		z[k]--
	}
	return loss
}

// linear sets dst, rows x outputs, to x w plus the intercepts.
func linear(dst []float64, x Matrix, w []float64, outputs int) {
	n := x.Columns * outputs
	p := kernel.MatMul[float64]{M: x.Rows, K: x.Columns, N: outputs, A: x.Values, B: w[:n], Bias: w[n:], C: dst}
	p.Run(nil)
}

type logistic struct {
	columns, classes int
	weights          []float64
}

// Scores implements Classifier.
func (l *logistic) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(Logistic{}.Name(), x, l.columns); err != nil {
		return nil, err
	}
	outputs := outputsOf(l.classes)
	logits := make([]float64, x.Rows*outputs)
	linear(logits, x, l.weights, outputs)
	if outputs == l.classes {
		for i := range x.Rows {
			softmax(logits[i*outputs : (i+1)*outputs])
		}
		return logits, nil
	}
	scores := make([]float64, 0, 2*x.Rows)
	for _, z := range logits {
		p := 1 / (1 + math.Exp(-z))
		scores = append(scores, 1-p, p)
	}
	return scores, nil
}

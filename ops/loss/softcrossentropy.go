package loss

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// SoftCrossEntropy is the softmax cross-entropy against distributions, such as mixed or distilled labels: the weighted mean over the rows
// of the sum over the classes j of -c[j] t[j] log softmax(logits)[j], where c[j] is the weight of the class and t[j] = (1 - s)
// distributions[j] + s/k with smoothing s, as in PyTorch. logits and distributions are n x k; weights is a vector of n, or nil for weights
// of 1. The result is a scalar. The divisor is the sum of the weights; class weights do not enter it. Only logits have a gradient. A run
// with a row of distributions that is not finite, has an element below 0 or does not sum to 1 (to 1e-3), or with a weight that is not
// finite and >= 0, returns an error with a [LabelError] as its cause. Rows of weight 0 are ignored; if all are, loss and gradient are 0.
func SoftCrossEntropy(logits, distributions, weights *G.Node, options CrossEntropyOptions) (*G.Node, error) {
	if err := options.check(); err != nil {
		return nil, errors.Wrap(err, "SoftCrossEntropy")
	}
	options.ClassWeights = slices.Clone(options.ClassWeights)
	return classLoss{
		name: "SoftCrossEntropy", attrs: options.attrs(), check: options.logitsShape, soft: true,
		forward32: softForward[float32](options), backward32: softBackward[float32](options),
		forward64: softForward[float64](options), backward64: softBackward[float64](options),
	}.apply(logits, distributions, weights)
}

func softForward[T kernel.Float](o CrossEntropyOptions) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		w := optional(c.In, 2)
		total, err := checkDistributions(c.Shapes[1], c.In[1], w)
		if err != nil {
			return err
		}
		c.Out[0] = 0
		if total > 0 {
			target := softTarget[T]{o: o, distributions: c.In[1], k: c.Shapes[0][1]}
			c.Out[0] = T(target.loss(c.In[0], w) / total)
		}
		return nil
	}
}

func softBackward[T kernel.Float](o CrossEntropyOptions) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		w := optional(c.In, 3)
		total, _ := sumWeights(w, c.Shapes[1][0])
		if total == 0 {
			clear(c.Out)
			return nil
		}
		target := softTarget[T]{o: o, distributions: c.In[2], k: c.Shapes[1][1]}
		target.grad(c.Out, c.In[1], w, float64(c.In[0][0])/total)
		return nil
	}
}

// checkDistributions returns the sum of the weights of the rows, or an error if a row is not a distribution.
func checkDistributions[T kernel.Float](shape tensor.Shape, x, weights []T) (total float64, err error) {
	rows, k := shape[0], shape[1]
	for i := range rows {
		w := T(1)
		if weights != nil {
			w = weights[i]
		}
		if err := checkWeight(tensor.Shape{rows}, i, w); err != nil {
			return 0, err
		}
		if w == 0 {
			continue
		}
		sum := 0.0
		for j, v := range x[i*k:][:k] {
			if !(v >= 0 && float64(v) <= math.MaxFloat64) {
				return 0, labelError(shape, i*k+j, "probability %v, want a finite number >= 0", v)
			}
			sum += float64(v)
		}
		if !(math.Abs(sum-1) <= 1e-3) {
			return 0, labelError(tensor.Shape{rows}, i, "the probabilities sum to %v, want 1", sum)
		}
		total += float64(w)
	}
	return total, checkTotal(total)
}

// softTarget is a target with a probability for each class.
type softTarget[T kernel.Float] struct {
	o             CrossEntropyOptions
	classes       []T // one per row, or nil
	distributions []T // k per row, or nil
	k             int
}

// of is the target of row i for class j, times the weight of the class.
func (t *softTarget[T]) of(i, j int) float64 {
	q := t.o.Smoothing / float64(t.k)
	switch {
	case t.classes == nil:
		q += (1 - t.o.Smoothing) * float64(t.distributions[i*t.k+j])
	case int(t.classes[i]) == j:
		q += 1 - t.o.Smoothing
	}
	if t.o.ClassWeights != nil {
		q *= t.o.ClassWeights[j]
	}
	return q
}

// loss returns the sum over the rows of the weight times the cross-entropy.
func (t *softTarget[T]) loss(logits, weights []T) (sum float64) {
	for i := range len(logits) / t.k {
		w := 1.0
		if weights != nil {
			w = float64(weights[i])
		}
		if w == 0 {
			continue
		}
		row := logits[i*t.k:][:t.k]
		lse, _ := kernel.LogSumExp(row)
		for j, z := range row {
			if q := t.of(i, j); q != 0 {
				sum += w * q * (lse - float64(z))
			}
		}
	}
	return sum
}

// grad sets dst to scale times the gradient of loss.
func (t *softTarget[T]) grad(dst, logits, weights []T, scale float64) {
	for i := range len(logits) / t.k {
		row, out, w := logits[i*t.k:][:t.k], dst[i*t.k:][:t.k], 1.0
		if weights != nil {
			w = float64(weights[i])
		}
		if w == 0 {
			clear(out)
			continue
		}
		lse, _ := kernel.LogSumExp(row)
		sum := 0.0
		for j := range row {
			sum += t.of(i, j)
		}
		for j, z := range row {
			out[j] = T(scale * w * (sum*math.Exp(float64(z)-lse) - t.of(i, j)))
		}
	}
}

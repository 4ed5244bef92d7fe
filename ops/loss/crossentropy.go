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

// CrossEntropyOptions are the settings of [CrossEntropy] and [SoftCrossEntropy]. The zero value is the plain loss.
type CrossEntropyOptions struct {
	// ClassWeights holds a factor for each class, finite and >= 0. Nil means factors of 1.
	ClassWeights []float64
	// Smoothing is the fraction of the target that is spread evenly over all classes, in [0, 1] (Szegedy et al. 2016, section 7).
	Smoothing float64
}

func (o CrossEntropyOptions) check() error {
	if !(o.Smoothing >= 0 && o.Smoothing <= 1) {
		return errors.Errorf("smoothing %v outside [0, 1]", o.Smoothing)
	}
	return errors.Wrap(checkFactors(o.ClassWeights), "class weights")
}

// attrs are the attributes of an op with these options.
func (o CrossEntropyOptions) attrs() []any {
	if o.ClassWeights == nil && o.Smoothing == 0 {
		return nil
	}
	return []any{o.ClassWeights, o.Smoothing}
}

// logitsShape checks the shapes of logits, a matrix with one column per class weight, and of vectors with one element per row.
func (o CrossEntropyOptions) logitsShape(logits tensor.Shape) error {
	if err := ops.CheckMatrix("logits", logits); err != nil {
		return err
	}
	if o.ClassWeights != nil && len(o.ClassWeights) != logits[1] {
		return errors.Errorf("%d class weights for logits of shape %v", len(o.ClassWeights), logits)
	}
	return nil
}

// CrossEntropy is the softmax cross-entropy of a classifier: sum(w l) / sum(w c[class]) over the rows, where l = -c[class] log
// softmax(logits)[class], w is the weight of the row and c that of the class. logits is n x k; classes is a vector of n class indices 0 ...
// k-1, stored as floats; weights is a vector of n, or nil for weights of 1. The result is a scalar. With smoothing s, l is the sum over all
// classes j of -c[j] t[j] log softmax(logits)[j], where t is s/k, plus 1-s for the row's class, as in PyTorch. Only logits have a gradient.
// A run with a class that is not a class index, or with a weight that is not finite and >= 0, returns an error with a [LabelError] as its
// cause. The class of a row of weight 0 is ignored. If the divisor is 0, so are loss and gradient; [CrossEntropyTotal] computes the
// divisor.
func CrossEntropy(logits, classes, weights *G.Node, options CrossEntropyOptions) (*G.Node, error) {
	if err := options.check(); err != nil {
		return nil, errors.Wrap(err, "CrossEntropy")
	}
	options.ClassWeights = slices.Clone(options.ClassWeights)
	return classLoss{
		name: "CrossEntropy", attrs: options.attrs(), check: options.logitsShape,
		forward32: crossEntropyForward[float32](options), backward32: crossEntropyBackward[float32](options),
		forward64: crossEntropyForward[float64](options), backward64: crossEntropyBackward[float64](options),
	}.apply(logits, classes, weights)
}

// CrossEntropyTotal is the divisor of [CrossEntropy], the sum over the rows of weight times class weight. Nil means weights of 1. It is NaN
// if the lengths differ, or if the class of a row of nonzero weight is not an index of the class weights.
func CrossEntropyTotal(classes, weights, classWeights []float64) float64 {
	if weights != nil && len(weights) != len(classes) {
		return math.NaN()
	}
	for i, c := range classes {
		known := classWeights == nil || c >= 0 && c < float64(len(classWeights)) && c == math.Trunc(c)
		if !known && (weights == nil || weights[i] != 0) {
			return math.NaN()
		}
	}
	return kernel.RowWeights[float64]{Rows: weights, Classes: classWeights}.Total(classes)
}

func crossEntropyForward[T kernel.Float](o CrossEntropyOptions) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		logits, classes, k := c.In[0], c.In[1], c.Shapes[0][1]
		w := kernel.RowWeights[T]{Rows: optional(c.In, 2), Classes: o.ClassWeights}
		if err := checkClasses(c.Shapes[1], classes, w.Rows, k); err != nil {
			return err
		}
		total := w.Total(classes)
		switch {
		case total == 0:
			c.Out[0] = 0
		case o.Smoothing == 0:
			c.Out[0] = T(kernel.CrossEntropy(logits, classes, w, k) / total)
		default:
			target := softTarget[T]{o: o, classes: classes, k: k}
			c.Out[0] = T(target.loss(logits, w.Rows) / total)
		}
		return checkTotal(total)
	}
}

func crossEntropyBackward[T kernel.Float](o CrossEntropyOptions) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		logits, classes, k := c.In[1], c.In[2], c.Shapes[1][1]
		w := kernel.RowWeights[T]{Rows: optional(c.In, 3), Classes: o.ClassWeights}
		total := w.Total(classes)
		scale := float64(c.In[0][0]) / total
		switch {
		case total == 0:
			clear(c.Out)
		case o.Smoothing == 0:
			kernel.CrossEntropyGrad(c.Out, logits, classes, w, k, scale)
		default:
			target := softTarget[T]{o: o, classes: classes, k: k}
			target.grad(c.Out, logits, w.Rows, scale)
		}
		return nil
	}
}

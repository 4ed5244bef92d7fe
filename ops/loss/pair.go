package loss

import (
	"math"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// pairLoss is a loss of predictions and labels of the same shape: the weighted mean over the elements, sum(w l) / sum(w).
type pairLoss struct {
	name  string
	attrs []any
	check func(in tensor.Shape) error // of the attributes, given the shape; nil for none
	// labels are in [lo, hi]. labelGrad is set if they have a gradient, which is the negative of the gradient of the predictions.
	lo, hi    float64
	labelGrad bool
	// value is the loss at prediction x and label y in a column, and slope its derivative with respect to x.
	value, slope func(x, y float64, column int) float64
	fast32       *fastLoss[float32]
	fast64       *fastLoss[float64]
}

// fastLoss holds the kernels of a pairLoss. Unless weighted is set, they require that all weights are 1, and w is nil.
type fastLoss[T kernel.Float] struct {
	weighted bool
	mean     func(x, y, w []T, total float64) float64
	grad     func(dst, x, y, w []T, scale float64)
}

// regression is a pairLoss that accepts any finite labels.
func regression(name string, attrs []any, value, slope func(r float64) float64) *pairLoss {
	return &pairLoss{
		name: name, attrs: attrs, lo: -math.MaxFloat64, hi: math.MaxFloat64, labelGrad: true,
		value: func(x, y float64, _ int) float64 { return value(x - y) },
		slope: func(x, y float64, _ int) float64 { return slope(x - y) },
	}
}

// apply adds the loss to the graph. weights may be nil.
func (l *pairLoss) apply(x, y, weights *G.Node) (*G.Node, error) {
	inputs, args, of := []*G.Node{x, y}, []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}, []int{0, ops.NoGradient}
	if weights != nil {
		inputs, args, of = append(inputs, weights), append(args, ops.Input(2)), append(of, ops.NoGradient)
	}
	steps := []ops.Step{{Def: l.gradient("Grad", 1), Args: args}}
	if l.labelGrad {
		steps, of[1] = append(steps, ops.Step{Def: l.gradient("GradLabels", -1), Args: args}), 1
	}
	return ops.Apply(ops.Def{
		Name:     l.name,
		Attrs:    l.attrs,
		ID:       own{},
		Shape:    ops.ScalarOf(l.shape),
		Float32:  pairForward(l, l.fast32),
		Float64:  pairForward(l, l.fast64),
		Gradient: func() ops.Gradient { return ops.Gradient{Steps: steps, Of: of} },
	}, inputs...)
}

func (l *pairLoss) shape(in []tensor.Shape) (tensor.Shape, error) {
	if l.check != nil {
		if err := l.check(in[0]); err != nil {
			return nil, err
		}
	}
	return ops.SameShape(in)
}

// gradient is the gradient of the predictions for sign 1, that of the labels for sign -1.
func (l *pairLoss) gradient(suffix string, sign float64) ops.Def {
	return ops.Def{
		Name:    l.name + suffix,
		Attrs:   l.attrs,
		ID:      own{},
		Shape:   ops.ShapeOf(1),
		Float32: pairBackward(l, l.fast32, sign),
		Float64: pairBackward(l, l.fast64, sign),
	}
}

func pairForward[T kernel.Float](l *pairLoss, fast *fastLoss[T]) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		x, y, w := c.In[0], c.In[1], optional(c.In, 2)
		total, ones, err := checkLabels(c.Shapes[1], y, w, l.lo, l.hi)
		if err != nil {
			return err
		}
		switch {
		case total == 0:
			c.Out[0] = 0
		case fast != nil && (ones || fast.weighted):
			c.Out[0] = T(fast.mean(x, y, w, total))
		default:
			c.Out[0] = T(pairSum(l, x, y, w, ops.Columns(c.Shapes[0])) / total)
		}
		return nil
	}
}

func pairSum[T kernel.Float](l *pairLoss, x, y, w []T, cols int) (sum float64) {
	for i, v := range x {
		switch {
		case w == nil:
			sum += l.value(float64(v), float64(y[i]), i%cols)
		case w[i] != 0:
			sum += float64(w[i]) * l.value(float64(v), float64(y[i]), i%cols)
		}
	}
	return sum
}

func pairBackward[T kernel.Float](l *pairLoss, fast *fastLoss[T], sign float64) func(*ops.Call[T]) error {
	return func(c *ops.Call[T]) error {
		x, y, w := c.In[1], c.In[2], optional(c.In, 3)
		total, ones := sumWeights(w, len(x))
		scale := float64(c.In[0][0]) / total
		switch {
		case total == 0:
			clear(c.Out)
		case fast == nil || !ones && !fast.weighted:
			pairGrad(l, c.Out, x, y, w, sign*scale, ops.Columns(c.Shapes[1]))
		case sign < 0:
			fast.grad(c.Out, y, x, w, scale) // a function of the square of x - y
		default:
			fast.grad(c.Out, x, y, w, scale)
		}
		return nil
	}
}

func pairGrad[T kernel.Float](l *pairLoss, dst, x, y, w []T, scale float64, cols int) {
	for i, v := range x {
		m := 1.0
		if w != nil {
			m = float64(w[i])
		}
		if m == 0 {
			dst[i] = 0
			continue
		}
		dst[i] = T(scale * m * l.slope(float64(v), float64(y[i]), i%cols))
	}
}

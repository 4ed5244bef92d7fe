package loss

import (
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// MultiMargin is the multi-class hinge loss with margin 1: the weighted mean over the rows of the sum over the other classes j of max(0, 1
// - logits[class] + logits[j]) / k, as in PyTorch's MultiMarginLoss (Crammer and Singer 2001 take the largest term instead of the sum).
// logits is n x k; classes is a vector of n class indices 0 ... k-1, stored as floats; weights is a vector of n, or nil for weights of 1.
// The result is a scalar. Only logits have a gradient. A run with a class that is not a class index, or with a weight that is not finite
// and >= 0, returns an error with a [LabelError] as its cause. The class of a row of weight 0 is ignored; if all are, loss and gradient are
// 0.
func MultiMargin(logits, classes, weights *G.Node) (*G.Node, error) {
	return classLoss{
		name:      "MultiMargin",
		check:     func(logits tensor.Shape) error { return ops.CheckMatrix("logits", logits) },
		forward32: multiMarginForward[float32], backward32: multiMarginBackward[float32],
		forward64: multiMarginForward[float64], backward64: multiMarginBackward[float64],
	}.apply(logits, classes, weights)
}

func multiMarginForward[T kernel.Float](c *ops.Call[T]) error {
	logits, classes, k := c.In[0], c.In[1], c.Shapes[0][1]
	w := optional(c.In, 2)
	if err := checkClasses(c.Shapes[1], classes, w, k); err != nil {
		return err
	}
	total, _ := sumWeights(w, len(classes))
	if c.Out[0] = 0; total == 0 {
		return nil
	}
	loss := 0.0
	rows := kernel.RowWeights[T]{Rows: w}
	for i, class := range classes {
		m := rows.Of(i, class)
		if m == 0 {
			continue
		}
		row := logits[i*k:][:k]
		for j, z := range row {
			if j != int(class) {
				loss += m * max(0, 1-float64(row[int(class)])+float64(z)) / float64(k)
			}
		}
	}
	c.Out[0] = T(loss / total)
	return checkTotal(total)
}

func multiMarginBackward[T kernel.Float](c *ops.Call[T]) error {
	logits, classes, k := c.In[1], c.In[2], c.Shapes[1][1]
	w := optional(c.In, 3)
	total, _ := sumWeights(w, len(classes))
	scale := float64(c.In[0][0]) / total / float64(k)
	clear(c.Out)
	rows := kernel.RowWeights[T]{Rows: w}
	for i, class := range classes {
		m := rows.Of(i, class)
		if m == 0 {
			continue
		}
		row, out := logits[i*k:][:k], c.Out[i*k:][:k]
		sum := 0.0
		for j, z := range row {
			margin := 1 - float64(row[int(class)]) + float64(z)
			if j == int(class) || margin <= 0 {
				continue
			}
			slope := 1.0
			if margin != margin {
				slope = margin
			}
			out[j] = T(scale * m * slope)
			sum += slope
		}
		out[int(class)] = T(-scale * m * sum)
	}
	return nil
}

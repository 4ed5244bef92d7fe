package loss

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// classLoss is a loss of logits, n x k, with a label and a weight for each row. Only the logits have a gradient.
type classLoss struct {
	name                  string
	attrs                 []any
	check                 func(logits tensor.Shape) error
	soft                  bool // the labels are n x k instead of n
	forward32, backward32 func(*ops.Call[float32]) error
	forward64, backward64 func(*ops.Call[float64]) error
}

// apply adds the loss to the graph. weights may be nil.
func (l classLoss) apply(logits, labels, weights *G.Node) (*G.Node, error) {
	inputs, args, of := []*G.Node{logits, labels}, []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}, []int{0, ops.NoGradient}
	if weights != nil {
		inputs, args, of = append(inputs, weights), append(args, ops.Input(2)), append(of, ops.NoGradient)
	}
	grad := ops.Def{
		Name:    l.name + "Grad",
		Attrs:   l.attrs,
		ID:      own{},
		Shape:   ops.ShapeOf(1),
		Float32: l.backward32,
		Float64: l.backward64,
	}
	return ops.Apply(ops.Def{
		Name:     l.name,
		Attrs:    l.attrs,
		ID:       own{},
		Shape:    ops.ScalarOf(l.shape),
		Float32:  l.forward32,
		Float64:  l.forward64,
		Gradient: func() ops.Gradient { return ops.Gradient{Steps: []ops.Step{{Def: grad, Args: args}}, Of: of} },
	}, inputs...)
}

func (l classLoss) shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := l.check(in[0]); err != nil {
		return nil, err
	}
	if l.soft {
		if _, err := ops.SameShape(in[:2]); err != nil {
			return nil, err
		}
	} else if err := ops.CheckVector("classes", in[1], in[0][0]); err != nil {
		return nil, err
	}
	if len(in) > 2 {
		return nil, ops.CheckVector("weights", in[2], in[0][0])
	}
	return nil, nil
}

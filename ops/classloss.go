package ops

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// classLoss is a loss of logits, n x k, with a label and a weight for each row. Only the logits have a gradient.
type classLoss struct {
	name                  string
	attrs                 []any
	check                 func(logits tensor.Shape) error
	soft                  bool // the labels are n x k, and not n
	forward32, backward32 func(*Call[float32]) error
	forward64, backward64 func(*Call[float64]) error
}

// apply adds the loss to the graph. weights may be nil.
func (l classLoss) apply(logits, labels, weights *G.Node) (*G.Node, error) {
	inputs, args, of := []*G.Node{logits, labels}, []Arg{Upstream, Input(0), Input(1)}, []int{0, NoGradient}
	if weights != nil {
		inputs, args, of = append(inputs, weights), append(args, Input(2)), append(of, NoGradient)
	}
	grad := Def{Name: l.name + "Grad", Attrs: l.attrs, Shape: shapeOf(1), Float32: l.backward32, Float64: l.backward64}
	return applyBuiltin(Def{
		Name:     l.name,
		Attrs:    l.attrs,
		Shape:    scalarOf(l.shape),
		Float32:  l.forward32,
		Float64:  l.forward64,
		Gradient: func() Gradient { return Gradient{Steps: []Step{{grad, args}}, Of: of} },
	}, inputs...)
}

func (l classLoss) shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := l.check(in[0]); err != nil {
		return nil, err
	}
	if l.soft {
		if _, err := sameShape(in[:2]); err != nil {
			return nil, err
		}
	} else if err := vector("classes", in[1], in[0][0]); err != nil {
		return nil, err
	}
	if len(in) > 2 {
		return nil, vector("weights", in[2], in[0][0])
	}
	return nil, nil
}

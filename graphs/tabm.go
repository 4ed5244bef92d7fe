package graphs

import (
	"cmp"
	"fmt"
	"math/rand/v2"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// TabM is an ensemble of self-normalizing networks in one, for tables: its members share the weights of the hidden layers. Each has factors of its own for
// the inputs, which start as random signs, and an output layer of its own (TabM-mini of Gorishniy et al. 2024, "TabM"). Training minimizes the mean of their
// losses; a prediction is the mean of their probabilities.
type TabM struct {
	Hidden
	// Members is the number of members, 1 to 1024. 0 means 8.
	Members int `json:"members,omitempty"`
	// Mean is the link whose results are averaged: Softmax or Sigmoid, the link of the loss. The zero value, Identity, averages the outputs themselves, for a
	// regression; for classes, that would be the geometric mean of the probabilities.
	Mean Link `json:"mean,omitempty"`
}

// maxTabM bounds the members.
const maxTabM = 1024

// evenShare is the share of equal probabilities that the mean gets, so that its logarithm is finite.
const evenShare = 1e-6

func (n TabM) check(b *nn.Binder, x *G.Node) error {
	switch {
	case n.Members < 1 || n.Members > maxTabM:
		return errors.Errorf("TabM: %d members, want 1 to %d", n.Members, maxTabM)
	case n.Mean != Identity && n.Mean != Sigmoid && n.Mean != Softmax:
		return errors.Errorf("TabM: the mean of link %d, want Identity, Sigmoid or Softmax", int(n.Mean))
	case b == nil || x == nil || x.Type() == nil:
		return errors.New("TabM: the binder or the input is nil")
	case x.Dims() != 2 || b.IsSparse(x):
		return errors.Errorf("TabM: input of shape %v, want a matrix of dense rows", x.Shape())
	}
	return n.Hidden.check("TabM")
}

// Forward adds the network to the graph of x.
func (n TabM) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	n.Members = cmp.Or(n.Members, 8)
	if err := n.check(b, x); err != nil {
		return nil, err
	}
	scale, err := b.Param("scale", randomSigns, n.Members, 1, x.Shape()[1])
	if err != nil {
		return nil, err
	}
	if b.Training {
		return n.together(b, x, scale)
	}
	return n.oneByOne(b, x, scale)
}

// together computes all members as blocks of rows of one matrix, for training. It returns the mean of the outputs, which training does not need.
func (n TabM) together(b *nn.Binder, x, scale *G.Node) (*G.Node, error) {
	rows, d, k := x.Shape()[0], x.Shape()[1], n.Members
	c := &steps{}
	h := c.do(ops.Reshape(x, 1, rows, d))
	h = c.do(ops.Mul(h, scale))
	h = c.do(ops.Reshape(h, k*rows, d))
	if c.err != nil {
		return nil, c.err
	}
	h, err := n.hidden(b, h)
	if err != nil {
		return nil, err
	}
	weight, bias, err := n.output(b, h.Shape()[1])
	if err != nil {
		return nil, err
	}
	z := c.do(ops.BlockMatMul(h, weight))
	z = c.do(ops.Reshape(z, k, rows, n.Outputs))
	z = c.do(ops.Add(z, bias))
	var members []*G.Node
	for i := range k {
		member := c.do(ops.Slice(z, 0, i, i+1))
		members = append(members, c.do(ops.Reshape(member, rows, n.Outputs)))
	}
	if c.err != nil {
		return nil, c.err
	}
	if err := b.Members(members...); err != nil {
		return nil, err
	}
	return ops.Mean(z, 0)
}

// oneByOne computes the members one after the other and their mean, for predictions.
func (n TabM) oneByOne(b *nn.Binder, x, scale *G.Node) (*G.Node, error) {
	d := x.Shape()[1]
	c := &steps{}
	var yes, no *G.Node // the sums of the probabilities, and for a sigmoid of those of the opposite; or of the outputs
	add := func(sum **G.Node, y *G.Node) {
		if *sum != nil {
			y = c.do(ops.Add(*sum, y))
		}
		*sum = y
	}
	var first *G.Node
	for i := range n.Members {
		own := c.do(ops.Slice(scale, 0, i, i+1))
		own = c.do(ops.Reshape(own, 1, d))
		scaled := c.do(ops.Mul(x, own))
		if c.err != nil {
			return nil, c.err
		}
		h, err := n.hidden(b, scaled)
		if err != nil {
			return nil, err
		}
		z, err := n.member(b, h, i)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = z
		}
		switch n.Mean {
		case Softmax:
			add(&yes, c.do(ops.Softmax(z)))
		case Sigmoid:
			add(&yes, c.do(ops.Sigmoid(z)))
			add(&no, c.do(ops.Sigmoid(c.do(ops.Neg(z)))))
		default:
			add(&yes, z)
		}
	}
	share := 1 / float64(n.Members)
	if n.Mean == Identity {
		return c.do(ops.Scale(yes, share)), c.err
	}
	even := c.do(ops.Scale(first, 0))
	if n.Mean == Softmax {
		return c.logMean(yes, share, c.do(ops.Softmax(even))), c.err
	}
	even = c.do(ops.Sigmoid(even))
	a, o := c.logMean(yes, share, even), c.logMean(no, share, even)
	return c.do(ops.Sub(a, o)), c.err
}

// hidden adds the hidden layers, whose weights all members share.
func (n TabM) hidden(b *nn.Binder, h *G.Node) (_ *G.Node, err error) {
	for i, units := range n.Profile.Sizes(n.Layers, n.Units, n.Outputs) {
		layers := nn.Sequential{nn.Dense{Units: units, Activation: ops.SELU}}
		if n.Dropout != 0 {
			layers = append(layers, nn.AlphaDropout{Rate: n.Dropout})
		}
		if h, err = b.Apply(fmt.Sprintf("hidden%d", i+1), layers, h); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// output returns the parameters of the output layers: (members, units, outputs) and (members, 1, outputs).
func (n TabM) output(b *nn.Binder, units int) (weight, bias *G.Node, err error) {
	if weight, err = b.Param("output_weight", blockLeCunNormal, n.Members, units, n.Outputs); err != nil {
		return nil, nil, err
	}
	bias, err = b.Param("output_bias", nn.Zeros, n.Members, 1, n.Outputs)
	return weight, bias, err
}

// member adds the output layer of member i.
func (n TabM) member(b *nn.Binder, h *G.Node, i int) (*G.Node, error) {
	weight, bias, err := n.output(b, h.Shape()[1])
	if err != nil {
		return nil, err
	}
	c := &steps{}
	w := c.do(ops.Slice(weight, 0, i, i+1))
	w = c.do(ops.Reshape(w, h.Shape()[1], n.Outputs))
	own := c.do(ops.Slice(bias, 0, i, i+1))
	own = c.do(ops.Reshape(own, 1, n.Outputs))
	z := c.do(ops.MatMul(h, w))
	return c.do(ops.Add(z, own)), c.err
}

// steps keeps the first error of some ops. After an error, do returns nil, which further ops refuse.
type steps struct{ err error }

func (c *steps) do(y *G.Node, err error) *G.Node {
	if c.err == nil {
		c.err = err
	}
	return y
}

// logMean is the logarithm of a sum times a share, mixed with equal probabilities.
func (c *steps) logMean(sum *G.Node, share float64, even *G.Node) *G.Node {
	p := c.do(ops.Scale(sum, share*(1-evenShare)))
	return c.do(ops.Log(c.do(ops.Add(p, c.do(ops.Scale(even, evenShare))))))
}

// randomSigns fills with 1 and -1.
func randomSigns(r *rand.Rand, values []float64, _ tensor.Shape) {
	for i := range values {
		values[i] = float64(1 - 2*r.IntN(2))
	}
}

// blockLeCunNormal is nn.LeCunNormal for matrices that are stacked: shape (members, inputs, units).
func blockLeCunNormal(r *rand.Rand, values []float64, shape tensor.Shape) {
	nn.LeCunNormal(r, values, shape[1:])
}

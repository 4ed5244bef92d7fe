package nn

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Periodic embeds numbers: it gives each column several features that a network can bend more easily than the number itself. Column x becomes x and Dim - 1
// linear combinations of Frequencies values cos(2 pi (w x + b)), the embedding PBLD of RealMLP (Holzmüller et al. 2024, "Better by default"; after Gorishniy
// et al. 2022, "On embeddings for numerical features"). Its parameters are frequency and phase, of shape (columns, Frequencies), weight, of shape (columns,
// Frequencies, Dim - 1), and bias, of shape (columns, Dim - 1). Inputs should have a scale of about 1. The paper trains it at a tenth of the rate.
type Periodic struct {
	// Frequencies is the number of cosines of a column. 0 means 16.
	Frequencies int
	// Dim is the number of features of a column, at least 2. 0 means 4.
	Dim int
	// Scale is the standard deviation of the first frequencies, in periods per unit of x. 0 means 0.1.
	Scale float64
}

// Forward adds the layer to the graph of x, a matrix of d columns. The result has d Dim columns: those of each column of x are side by side.
func (p Periodic) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	if err := checkMatrix("Periodic", b, x); err != nil {
		return nil, err
	}
	p.Frequencies, p.Dim, p.Scale = cmp.Or(p.Frequencies, 16), cmp.Or(p.Dim, 4), cmp.Or(p.Scale, 0.1)
	if p.Frequencies < 1 || p.Dim < 2 || !(p.Scale > 0) || math.IsInf(p.Scale, 0) {
		return nil, errors.Errorf("Periodic: %d frequencies of scale %v and %d features of a column, want at least one, a positive number, and at least 2", p.Frequencies, p.Scale, p.Dim)
	}
	rows, d, f, out := x.Shape()[0], x.Shape()[1], p.Frequencies, p.Dim-1
	frequency, err := b.Param("frequency", scaledNormal(p.Scale), d, f)
	if err != nil {
		return nil, err
	}
	phase, err := b.Param("phase", uniformPhase, d, f)
	if err != nil {
		return nil, err
	}
	weight, err := b.Param("weight", scaledNormal(1/math.Sqrt(float64(f))), d, f, out)
	if err != nil {
		return nil, err
	}
	bias, err := b.Param("bias", Zeros, d, out)
	if err != nil {
		return nil, err
	}
	c := &chain{}
	column := c.reshape(x, rows, d, 1)
	turns := c.add(c.mul(column, frequency), phase) // (rows, d, f)
	waves := c.reshape(c.cos(c.scale(turns, 2*math.Pi)), rows, d, f, 1)
	mixed := c.add(c.sum(c.mul(waves, weight), 2), bias) // (rows, d, out)
	return c.reshape(c.concat(2, column, mixed), rows, d*p.Dim), c.err
}

// scaledNormal draws from a normal distribution with mean 0 and the given standard deviation.
func scaledNormal(sd float64) Initializer {
	return func(r *rand.Rand, values []float64, _ tensor.Shape) { normal(r, values, sd*sd) }
}

// uniformPhase draws phases from a whole period.
func uniformPhase(r *rand.Rand, values []float64, _ tensor.Shape) { uniform(r, values, 0.5) }

// chain applies ops and keeps the first error.
type chain struct{ err error }

func (c *chain) do(f func() (*G.Node, error)) (y *G.Node) {
	if c.err == nil {
		y, c.err = f()
	}
	return y
}

func (c *chain) reshape(x *G.Node, shape ...int) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Reshape(x, shape...) })
}

func (c *chain) mul(x, y *G.Node) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Mul(x, y) })
}

func (c *chain) add(x, y *G.Node) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Add(x, y) })
}

func (c *chain) scale(x *G.Node, factor float64) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Scale(x, factor) })
}

func (c *chain) cos(x *G.Node) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Cos(x) })
}

func (c *chain) sum(x *G.Node, axis int) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Sum(x, axis) })
}

func (c *chain) concat(axis int, xs ...*G.Node) *G.Node {
	return c.do(func() (*G.Node, error) { return ops.Concat(axis, xs...) })
}

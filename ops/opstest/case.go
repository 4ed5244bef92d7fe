package opstest

import (
	"math"
	"math/rand/v2"

	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Case describes an op to Check. The zero value of everything but Op or Build suits an elementwise activation.
type Case struct {
	// Name is the name of the op in failures. Empty means the name of its ops.Def.
	Name string
	// Op is an op of one input. Set Build instead for any other op.
	Op func(x *G.Node) (*G.Node, error)
	// Build adds the op to the graph of its inputs. It is called once per graph; an op with noise makes its source here.
	Build func(in []*G.Node) (*G.Node, error)
	// Inputs describe the inputs of Build. Nil means one input of shape (5, 3).
	Inputs []Input
	// Kinks are the points at which the slope jumps. Random inputs keep a distance from them.
	Kinks []float64
	// Variants are the same op in other configurations, on the same inputs. All their hashes must differ.
	Variants []func(in []*G.Node) (*G.Node, error)
	// BadShapes are lists of input shapes that the op must reject, beside those that Check makes up from the shapes of Inputs.
	BadShapes [][]tensor.Shape
	// Extreme is the magnitude of inputs for which output and gradient must be finite. 0 means 1e4.
	Extreme float64
	// Random marks an op that draws noise: the order of rows matters, and a second run gives a different result.
	Random bool
	// Export reports whether the op can be saved or exported. It gets the node of the op on float32 inputs. An error fails the check.
	// Nil means that nobody asks. See onnx.CanExport.
	Export func(out *G.Node) error

	op any // Op or Build, for its name
}

// Input describes one input of a Case.
type Input struct {
	Shape tensor.Shape
	// Values are the elements, row-major. Nil means standard normal values.
	Values []float64
	// Constant marks an input for which the op has no gradient, such as labels and masks.
	Constant bool
	// Shared marks an input whose rows are not those of the batch, such as weights and a bias.
	Shared bool
}

// normalize fills in the defaults.
func (c Case) normalize() (Case, error) { return c.complete(maxElements) }

// complete fills in the defaults, for inputs of at most that many elements.
func (c Case) complete(most int) (Case, error) {
	switch {
	case c.Op != nil && c.Build != nil:
		return c, errors.New("set Op or Build, not both")
	case c.Op == nil && c.Build == nil:
		return c, errors.New("set Op or Build")
	case c.Build != nil:
		c.op = c.Build
	default:
		op := c.Op
		c.op = op
		c.Build = func(in []*G.Node) (*G.Node, error) { return op(in[0]) }
	}
	if c.Inputs == nil {
		c.Inputs = []Input{{Shape: tensor.Shape{5, 3}}}
	}
	if c.Extreme == 0 {
		c.Extreme = 1e4
	}
	if !(c.Extreme > 0) || math.IsInf(c.Extreme, 1) {
		return c, errors.Errorf("Extreme %v, want a positive number", c.Extreme)
	}
	for i, shapes := range c.BadShapes {
		if len(shapes) == 0 {
			return c, errors.Errorf("BadShapes[%d] is empty, want the shapes of the inputs", i)
		}
	}
	differentiable := false
	for i, in := range c.Inputs {
		if n, ok := size(in.Shape, most); !ok {
			return c, errors.Errorf("input %d: shape %v, want 1 to %d elements", i, in.Shape, most)
		} else if in.Values != nil && len(in.Values) != n {
			return c, errors.Errorf("input %d: %d values for shape %v", i, len(in.Values), in.Shape)
		}
		differentiable = differentiable || !in.Constant
	}
	if !differentiable {
		return c, errors.New("all inputs are constant: there is no gradient to check")
	}
	return c, nil
}

// maxElements bounds the size of an input and of the output: Check looks at the effect of each element on each.
const maxElements = 1 << 14

// size returns the number of elements of a tensor, 1 for a scalar, and false unless it is from 1 to most.
func size(s tensor.Shape, most int) (n int, ok bool) {
	n = 1
	for _, d := range s {
		if d < 1 || d > most/n {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// shapes are those of the inputs.
func (c Case) shapes() (shapes []tensor.Shape) {
	for _, in := range c.Inputs {
		shapes = append(shapes, in.Shape)
	}
	return shapes
}

// values returns the elements of all inputs in the given shapes: the given ones, repeated as often as needed, or standard normal ones at a
// distance from the kinks. Draws differ from each other.
func (c Case) values(shapes []tensor.Shape, draw uint64) [][]float64 {
	r := rand.New(rand.NewPCG(1, 2+draw))
	values := make([][]float64, len(c.Inputs))
	for i, in := range c.Inputs {
		n := elements(shapes[i])
		if in.Values != nil {
			values[i] = spread(in.Values, n)
			continue
		}
		values[i] = make([]float64, n)
		for k := range values[i] {
			values[i][k] = c.away(r.NormFloat64())
		}
	}
	return values
}

// away moves x out of the neighbourhood of the kinks.
func (c Case) away(x float64) float64 {
	const distance = 0.1
	for _, k := range c.Kinks {
		switch {
		case x >= k && x < k+distance:
			x = k + distance
		case x < k && x > k-distance:
			x = k - distance
		}
	}
	return x
}

// batch returns the number of rows that the inputs have in common, 0 if there is no such number.
func (c Case) batch() (rows int) {
	for _, in := range c.Inputs {
		switch {
		case in.Shared || in.Shape.IsScalar():
		case rows == 0:
			rows = in.Shape[0]
		case rows != in.Shape[0]:
			return 0
		}
	}
	return rows
}

// batched reports whether input i has the rows of the batch.
func (c Case) batched(i int) bool { return !c.Inputs[i].Shared && !c.Inputs[i].Shape.IsScalar() }

// ofRows returns the shapes of the inputs for a batch of that many rows.
func (c Case) ofRows(rows int) (shapes []tensor.Shape) {
	for i, in := range c.Inputs {
		s := in.Shape.Clone()
		if c.batched(i) {
			s[0] = rows
		}
		shapes = append(shapes, s)
	}
	return shapes
}

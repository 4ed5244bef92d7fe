package ops_test

import (
	"fmt"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// scaleRows multiplies each row of x (n, d) by its element of s (n).
func scaleRows(x, s *G.Node) (*G.Node, error) {
	// The gradients are ops, too: g times s for x, and the sum of g x over each row for s.
	byX := ops.Def{Name: "ScaleRows", ID: rowsID{}, Shape: rowsShape, Float32: rowsTimes[float32], Float64: rowsTimes[float64]}
	byS := ops.Def{Name: "ScaleRowsGrad", ID: rowsID{}, Shape: ops.ShapeOf(2), Float32: rowSums[float32], Float64: rowSums[float64]}
	def := byX
	def.Gradient = func() ops.Gradient {
		return ops.Gradient{
			Steps: []ops.Step{
				{Def: byX, Args: []ops.Arg{ops.Upstream, ops.Input(1)}},
				{Def: byS, Args: []ops.Arg{ops.Upstream, ops.Input(0), ops.Input(1)}},
			},
			Of: []int{0, 1},
		}
	}
	return ops.Apply(def, x, s)
}

type rowsID struct{}

func rowsShape(in []tensor.Shape) (tensor.Shape, error) {
	if err := ops.CheckMatrix("x", in[0]); err != nil {
		return nil, err
	}
	if err := ops.CheckVector("s", in[1], in[0][0]); err != nil {
		return nil, errors.Wrap(err, "one factor per row")
	}
	return in[0].Clone(), nil
}

func rowsTimes[T kernel.Float](c *ops.Call[T]) error {
	d := c.Shapes[0][1]
	for i, x := range c.In[0] {
		c.Out[i] = x * c.In[1][i/d]
	}
	return nil
}

func rowSums[T kernel.Float](c *ops.Call[T]) error {
	d := c.Shapes[0][1]
	clear(c.Out) // it still holds the last run
	for i, g := range c.In[0] {
		c.Out[i/d] += g * c.In[1][i]
	}
	return nil
}

// Your own op of two inputs: a definition with loops, and a backward pass that is a list of ops.
func ExampleApply() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(2, 2), G.WithValue(
		tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 2, 3, 4}))))
	s := G.NewVector(g, tensor.Float64, G.WithName("s"), G.WithShape(2), G.WithValue(
		tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{10, -1}))))
	y, err := scaleRows(x, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	grads, err := G.Grad(G.Must(G.Sum(y)), x, s)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(y.Value().Data(), grads[0].Value().Data(), grads[1].Value().Data())
	_, err = scaleRows(x, x)
	fmt.Println(err)
	// Output:
	// [10 20 -3 -4] [10 10 -1 -1] [3 7]
	// ScaleRows of shapes [(2, 2) (2, 2)]: one factor per row: s has shape (2, 2), want (2)
}

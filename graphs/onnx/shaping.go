package onnx

import (
	"maps"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
)

// The ops of package ops that move, join and add elements, and elementwise arithmetic. Those that would mix the rows of a batch have no
// translation: a prediction must not depend on the rows that come with it.
func init() {
	maps.Copy(builtin, map[string]Translator{
		"Abs": sameName, "Cos": sameName, "Div": sameName, "Exp": sameName, "Log": sameName, "Mul": sameName, "Neg": sameName, "Sqrt": sameName, "Sub": sameName,
		"Copy":       Op("Identity"),
		"Square":     square,
		"Scale":      scaled,
		"Concat":     concat,
		"Slice":      slice,
		"Reshape":    reshape,
		"Transpose":  transpose,
		"Sum":        reduceSum,
		"Mean":       reduceMean,
		"Softmax":    alongRows("Softmax"),
		"LogSoftmax": alongRows("LogSoftmax"),
		"MatMul":     product,
	})
}

// builtIn returns an error if the op only has the name of one of package ops.
func (c *Call) builtIn() error {
	if c.node != nil && !ops.BuiltIn(c.node) {
		return errors.New("it has the name of a built-in op, but no translation; give one in Options.Ops")
	}
	return nil
}

// integers returns the parameters of the op, whole numbers.
func (c *Call) integers(count int) ([]int, error) {
	if err := c.builtIn(); err != nil {
		return nil, err
	}
	var xs []int
	for _, a := range c.Attrs {
		x, ok := a.(int)
		if !ok {
			return nil, errors.Errorf("parameters %v, want whole numbers", c.Attrs)
		}
		xs = append(xs, x)
	}
	if len(xs) != count {
		return nil, errors.Errorf("parameters %v, want %d", c.Attrs, count)
	}
	return xs, nil
}

// list returns the only parameter of the op, a list of whole numbers.
func (c *Call) list() ([]int, error) {
	if err := c.builtIn(); err != nil {
		return nil, err
	}
	if len(c.Attrs) == 1 {
		if xs, ok := c.Attrs[0].([]int); ok {
			return xs, nil
		}
	}
	return nil, errors.Errorf("parameters %v, want a list of whole numbers", c.Attrs)
}

// withinRows returns an error if one of the axes of input i is that of the batch.
func (c *Call) withinRows(i int, axes ...int) error {
	batch, err := c.BatchAxis(i)
	if err == nil && batch >= 0 && slices.Contains(axes, batch) {
		err = errors.Errorf("axis %d is that of the batch: predictions would depend on the rows that come together", batch)
	}
	return err
}

// sameName translates an op that ONNX has under the same name.
func sameName(c *Call) (string, error) { return c.Add(c.Op, c.Inputs), c.builtIn() }

func square(c *Call) (string, error) {
	return c.Add("Mul", []string{c.Inputs[0], c.Inputs[0]}), c.builtIn()
}

func scaled(c *Call) (string, error) {
	if err := c.builtIn(); err != nil {
		return "", err
	}
	if len(c.Attrs) != 1 {
		return "", errors.Errorf("parameters %v, want one", c.Attrs)
	}
	factor, ok := c.Attrs[0].(float64)
	if !ok {
		return "", errors.Errorf("parameter %v, want a number", c.Attrs[0])
	}
	return c.Add("Mul", []string{c.Inputs[0], c.Constant([]float32{float32(factor)})}), nil
}

func concat(c *Call) (string, error) {
	p, err := c.integers(1)
	if err != nil {
		return "", err
	}
	axis, err := ops.Axis(p[0], c.Shapes[0])
	if err != nil {
		return "", err
	}
	batch := make([]int, len(c.Inputs))
	for i := range c.Inputs {
		if err := c.withinRows(i, axis); err != nil {
			return "", err
		}
		if batch[i], err = c.BatchAxis(i); err != nil {
			return "", err
		}
		if batch[i] != batch[0] {
			return "", errors.Errorf("input %d has the rows along axis %d, input 0 along axis %d (-1: it has none)", i, batch[i], batch[0])
		}
	}
	return c.Add("Concat", c.Inputs, Int("axis", axis)), nil
}

func slice(c *Call) (string, error) {
	p, err := c.integers(3)
	if err != nil {
		return "", err
	}
	axis, err := ops.Axis(p[0], c.Shapes[0])
	if err == nil {
		err = c.withinRows(0, axis)
	}
	if err != nil {
		return "", err
	}
	return c.Add("Slice", []string{c.Inputs[0], c.Integers(p[1]), c.Integers(p[2]), c.Integers(axis)}), nil
}

// reshape writes the size of the batch as -1, which stands for what remains.
func reshape(c *Call) (string, error) {
	if _, err := c.list(); err != nil {
		return "", err
	}
	shape, batch, err := c.Output()
	if err != nil {
		return "", err
	}
	if batch >= 0 {
		shape[batch] = -1
	}
	return c.Add("Reshape", []string{c.Inputs[0], c.Integers(shape...)}), nil
}

func transpose(c *Call) (string, error) {
	axes, err := c.list()
	if err != nil {
		return "", err
	}
	order := make([]int, c.Shapes[0].Dims())
	for i := range order {
		order[i] = len(order) - 1 - i
	}
	for i, a := range axes {
		if order[i], err = ops.Axis(a, c.Shapes[0]); err != nil {
			return "", err
		}
	}
	return c.Add("Transpose", c.Inputs, Ints("perm", order...)), nil
}

// reduced returns the axes of a reduction.
func reduced(c *Call) ([]int, error) {
	axes, err := c.list()
	if err == nil {
		axes, err = ops.Axes(axes, c.Shapes[0])
	}
	if err == nil {
		err = c.withinRows(0, axes...)
	}
	return axes, err
}

func reduceSum(c *Call) (string, error) {
	axes, err := reduced(c)
	if err != nil {
		return "", err
	}
	return c.Add("ReduceSum", []string{c.Inputs[0], c.Integers(axes...)}, Int("keepdims", 0)), nil
}

func reduceMean(c *Call) (string, error) {
	axes, err := reduced(c)
	if err != nil {
		return "", err
	}
	return c.Add("ReduceMean", c.Inputs, Ints("axes", axes...), Int("keepdims", 0)), nil
}

// alongRows translates a function of the elements along the last axis.
func alongRows(opType string) Translator {
	return func(c *Call) (string, error) {
		if _, err := c.integers(0); err != nil {
			return "", err
		}
		if err := c.withinRows(0, c.Shapes[0].Dims()-1); err != nil {
			return "", err
		}
		return c.Add(opType, c.Inputs, Int("axis", -1)), nil
	}
}

// product translates a product of matrices, each of which may be transposed.
func product(c *Call) (string, error) {
	if len(c.Attrs) != 2 {
		return "", errors.Errorf("parameters %v, want two", c.Attrs)
	}
	inputs := slices.Clone(c.Inputs)
	for i, transposed := range c.Attrs {
		inner := 1 - i // the axis along which elements are added
		if transposed == true {
			inputs[i] = c.Add("Transpose", []string{inputs[i]}, Ints("perm", 1, 0))
			inner = i
		}
		if err := c.withinRows(i, inner); err != nil {
			return "", err
		}
	}
	return c.Add("MatMul", inputs), nil
}

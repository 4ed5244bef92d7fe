package onnx

import "github.com/pkg/errors"

// embedding translates a lookup of categories, (batch), or of several per row, (batch, k), in a table: the rows of the table, joined for
// each row of the batch. ONNX numbers them by int64.
func embedding(c *Call) (string, error) {
	if len(c.Inputs) != 2 {
		return "", errors.Errorf("%d inputs, want a table and categories", len(c.Inputs))
	}
	index := c.Add("Cast", []string{c.Inputs[1]}, Int("to", intType))
	y := c.Add("Gather", []string{c.Inputs[0], index}, Int("axis", 0))
	if c.Shapes[1].Dims() == 1 {
		return y, nil
	}
	return c.Add("Flatten", []string{y}, Int("axis", 1)), nil
}

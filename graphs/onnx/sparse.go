package onnx

import "github.com/pkg/errors"

func init() {
	builtin["Embedding"] = embedding
	builtin["SparseAffine"] = Op("Gemm") // the input of the model is dense
	builtin["SparseMatMul"] = Op("MatMul")
}

// embedding translates a lookup of one or several categories per row, whose vectors are joined.
func embedding(c *Call) (string, error) {
	if len(c.Inputs) != 2 || len(c.Shapes) != 2 {
		return "", errors.Errorf("%d inputs, want a table and indices", len(c.Inputs))
	}
	index := c.Add("Cast", []string{c.Inputs[1]}, Int("to", intType)) // in the network they are floats
	rows := c.Add("Gather", []string{c.Inputs[0], index}, Int("axis", 0))
	if c.Shapes[1].Dims() == 1 {
		return rows, nil
	}
	return c.Add("Flatten", []string{rows}, Int("axis", 1)), nil // (rows, k, d) to (rows, k d)
}

package main

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/graphs/onnx"
)

// maxExponent is the greatest number whose exponential is finite as float32, nearly.
const maxExponent = 88

// onnx returns the options for the file -onnx. The inputs of the model are the features under the names in its metadata: numbers as in
// the table, and 1 for the category of a row; predictions are in the units of the table. The encoder, with medians for missing
// values, is in its metadata as well.
func (p *problem) onnx() (onnx.Options, error) {
	encoder, err := json.Marshal(p.encoder)
	if err != nil {
		return onnx.Options{}, errors.WithStack(err)
	}
	options := onnx.Options{Scale: []batch.Scaling{p.encoder.Scaling()}, Metadata: map[string]string{"encoder": string(encoder)}}
	if p.encoder.Problem() == csv.Regression {
		options.Link = p.inUnitsONNX
	}
	return options, nil
}

// inUnitsONNX converts the output of a regression to the units of the table.
func (p *problem) inUnitsONNX(c *onnx.Call) (string, error) {
	n := len(p.set.Tasks)
	factor, shift, unit := make([]float32, n), make([]float32, n), make([]float32, n)
	logs := false
	for t := range n {
		if u := p.encoder.LogUnit(t); u > 0 { // the labels of all targets are logarithms of 1 + value/u, scaled
			logs, unit[t] = true, float32(u)
			shift[t] = float32(math.Log1p(p.encoder.Value(t, 0) / u))
			factor[t] = float32(math.Log1p(p.encoder.Value(t, 1)/u) - math.Log1p(p.encoder.Value(t, 0)/u))
			continue
		}
		shift[t] = float32(p.encoder.Value(t, 0))
		factor[t] = float32(p.encoder.Value(t, 1) - p.encoder.Value(t, 0))
	}
	scaled := c.Add("Mul", []string{c.Inputs[0], c.Constant(factor, n)})
	values := c.Add("Add", []string{scaled, c.Constant(shift, n)})
	if logs {
		values = c.Add("Min", []string{values, c.Constant(slices.Repeat([]float32{maxExponent}, n), n)})
		less := c.Add("Sub", []string{c.Add("Exp", []string{values}), c.Constant(slices.Repeat([]float32{1}, n), n)})
		values = c.Add("Mul", []string{less, c.Constant(unit, n)})
	}
	return values, nil
}

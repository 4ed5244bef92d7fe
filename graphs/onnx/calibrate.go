package onnx

import "github.com/selfnorm/selfnorm/graphs"

// calibrate adds the calibration of an output and returns the name of its value.
func (e *exporter) calibrate(name string, by *graphs.Calibration, columns int) string {
	if by == nil {
		return name
	}
	c := &Call{name: "calibration", e: e}
	if by.Scale != nil {
		name = c.Add("Mul", []string{name, c.Constant(float32s(by.Scale), columns)})
	}
	if by.Pool != nil {
		name = c.Add("MatMul", []string{name, c.Constant(pooling(by.Pool), columns, columns)})
	}
	if by.Shift != nil {
		name = c.Add("Add", []string{name, c.Constant(float32s(by.Shift), columns)})
	}
	return name
}

// pooling returns the matrix that mixes columns with their mean.
func pooling(shares []float64) []float32 {
	columns := len(shares)
	m := make([]float32, columns*columns)
	for i := range m {
		share := shares[i%columns]
		v := share / float64(columns)
		if i/columns == i%columns {
			v += 1 - share
		}
		m[i] = float32(v)
	}
	return m
}

func float32s(x []float64) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return y
}

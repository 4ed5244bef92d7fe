package onnx

import "maps"

// The ops on images. Channel alpha dropout is no part of evaluation graphs.
func init() {
	maps.Copy(builtin, map[string]Translator{"Conv2D": convolution, "MaxPool2D": maxPool, "AvgPool2D": avgPool})
}

// convolution translates Conv2D, whose parameters are stride and padding.
func convolution(c *Call) (string, error) {
	p, err := c.integers(2)
	if err != nil {
		return "", err
	}
	w := c.Shapes[1]
	return c.Add("Conv", c.Inputs, Ints("kernel_shape", w[2], w[3]), strides(p[0]), pads(p[1])), nil
}

// maxPool translates MaxPool2D, whose parameters are size, stride and padding.
func maxPool(c *Call) (string, error) {
	p, err := c.integers(3)
	if err != nil {
		return "", err
	}
	return c.Add("MaxPool", c.Inputs, Ints("kernel_shape", p[0], p[0]), strides(p[1]), pads(p[2])), nil
}

// avgPool translates AvgPool2D, where padding counts as zeros.
func avgPool(c *Call) (string, error) {
	p, err := c.integers(3)
	if err != nil {
		return "", err
	}
	return c.Add("AveragePool", c.Inputs, Ints("kernel_shape", p[0], p[0]), strides(p[1]), pads(p[2]), Int("count_include_pad", 1)), nil
}

func strides(n int) Attr { return Ints("strides", n, n) }

// pads is the padding of the four sides.
func pads(n int) Attr { return Ints("pads", n, n, n, n) }

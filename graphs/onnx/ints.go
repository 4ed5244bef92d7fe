package onnx

// Ints is an attribute of type INTS.
func Ints(name string, xs ...int) Attr {
	var m message
	m.text(1, name)
	for _, x := range xs {
		m.integer(8, int64(x))
	}
	m.integer(20, 7)
	return Attr{m}
}

// Integers adds a constant vector of int64, such as the shape of a Reshape, and returns its name.
func (c *Call) Integers(xs ...int) string { return c.Add("Constant", nil, Ints("value_ints", xs...)) }

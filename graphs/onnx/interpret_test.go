package onnx_test

import (
	"math"
	"slices"
	"testing"
)

// run evaluates the model in float64, straight from the definitions of the ONNX operators. x has rows x cols values.
func (m *model) run(t testing.TB, x []float64, rows, cols int) []float64 {
	t.Helper()
	return m.runAll(t, map[string]modelTensor{m.inputs[0].name: {[]int{rows, cols}, x}})[m.output[0].name]
}

// runAll evaluates a model with several inputs and outputs by their names. values holds the inputs.
func (m *model) runAll(t testing.TB, values map[string]modelTensor) map[string][]float64 {
	t.Helper()
	for name, c := range m.constants {
		values[name] = c
	}
	for _, n := range m.nodes {
		in := make([]modelTensor, len(n.inputs))
		for i, name := range n.inputs {
			v, ok := values[name]
			if !ok {
				t.Fatalf("node %s uses %q before it is there", n.name, name)
			}
			in[i] = v
		}
		if _, ok := values[n.outputs[0]]; ok || len(n.outputs) != 1 {
			t.Fatalf("node %s: outputs %v", n.name, n.outputs)
		}
		values[n.outputs[0]] = n.eval(t, in)
	}
	all := map[string][]float64{}
	for _, output := range m.output {
		out, ok := values[output.name]
		if !ok {
			t.Fatalf("no node computes %q", output.name)
		}
		all[output.name] = out.values
	}
	return all
}

func (n modelNode) eval(t testing.TB, in []modelTensor) modelTensor {
	if y, ok := n.evalImages(in); ok {
		return y
	}
	if y, ok := n.evalShaped(in); ok {
		return y
	}
	x := in[0]
	each := func(f func(float64) float64) modelTensor {
		out := make([]float64, len(x.values))
		for i, v := range x.values {
			out[i] = f(v)
		}
		return modelTensor{x.shape, out}
	}
	alpha, gamma := n.floats["alpha"], n.floats["gamma"]
	switch n.op {
	case "Identity", "Cast":
		return x
	case "Gather":
		return rowsOf(x, in[1])
	case "Flatten":
		return modelTensor{[]int{x.shape[0], len(x.values) / x.shape[0]}, x.values}
	case "Relu":
		return each(func(v float64) float64 { return math.Max(v, 0) })
	case "Selu":
		return each(func(v float64) float64 { return gamma * (math.Max(v, 0) + alpha*math.Expm1(math.Min(v, 0))) })
	case "Elu":
		return each(func(v float64) float64 { return math.Max(v, 0) + alpha*math.Expm1(math.Min(v, 0)) })
	case "LeakyRelu":
		return each(func(v float64) float64 { return math.Max(v, 0) + alpha*math.Min(v, 0) })
	case "Softsign":
		return each(func(v float64) float64 { return v / (1 + math.Abs(v)) })
	case "Sigmoid":
		return each(func(v float64) float64 { return 1 / (1 + math.Exp(-v)) })
	case "Tanh":
		return each(math.Tanh)
	case "Exp":
		return each(math.Exp)
	case "IsNaN":
		return each(func(v float64) float64 { return truth(math.IsNaN(v)) })
	case "IsInf":
		return each(func(v float64) float64 { return truth(math.IsInf(v, 0)) })
	case "Or":
		return broadcast(x, in[1], func(a, b float64) float64 { return truth(a+b > 0) })
	case "Add":
		return broadcast(x, in[1], func(a, b float64) float64 { return a + b })
	case "Sub":
		return broadcast(x, in[1], func(a, b float64) float64 { return a - b })
	case "Mul":
		return broadcast(x, in[1], func(a, b float64) float64 { return a * b })
	case "Where":
		out := modelTensor{x.shape, make([]float64, len(x.values))}
		for i, c := range x.values {
			if out.values[i] = in[2].values[i]; c != 0 {
				out.values[i] = in[1].values[0]
			}
		}
		return out
	case "MatMul":
		return product(x, in[1])
	case "Gemm":
		return broadcast(product(x, in[1]), in[2], func(a, b float64) float64 { return a + b })
	case "Softmax", "LayerNormalization", "BatchNormalization":
		return n.normalize(in)
	}
	if y, ok := n.activation(in); ok {
		return y
	}
	t.Fatalf("node %s: the tests do not know the op %s", n.name, n.op)
	return modelTensor{}
}

// rowsOf returns the rows of a matrix with the given indices.
func rowsOf(x, index modelTensor) modelTensor {
	out := modelTensor{shape: append(slices.Clone(index.shape), x.shape[1])}
	for _, i := range index.values {
		out.values = append(out.values, x.values[int(i)*x.shape[1]:(int(i)+1)*x.shape[1]]...)
	}
	return out
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// broadcast applies f to a and b, by the rules of numpy.
func broadcast(a, b modelTensor, f func(a, b float64) float64) modelTensor {
	shape := make([]int, max(len(a.shape), len(b.shape)))
	for i := range shape {
		shape[i] = 1
		for _, x := range []modelTensor{a, b} {
			if k := i - len(shape) + len(x.shape); k >= 0 {
				shape[i] = max(shape[i], x.shape[k])
			}
		}
	}
	return tensorOf(shape, func(at []int) float64 { return f(a.at(at), b.at(at)) })
}

func product(a, b modelTensor) modelTensor {
	rows, inner, cols := a.shape[0], b.shape[0], b.shape[1]
	out := make([]float64, rows*cols)
	for i := range rows {
		for k := range inner {
			for j := range cols {
				out[i*cols+j] += a.values[i*inner+k] * b.values[k*cols+j]
			}
		}
	}
	return modelTensor{[]int{rows, cols}, out}
}

func (n modelNode) normalize(in []modelTensor) modelTensor {
	x, cols := in[0], in[0].shape[1]
	out := make([]float64, len(x.values))
	eps := n.floats["epsilon"]
	for lo := 0; lo < len(out); lo += cols {
		row := x.values[lo : lo+cols]
		mean, square, sum := 0.0, 0.0, 0.0
		for _, v := range row {
			mean += v / float64(cols)
			sum += math.Exp(v)
		}
		for _, v := range row {
			square += (v - mean) * (v - mean) / float64(cols)
		}
		for j, v := range row {
			switch n.op {
			case "Softmax":
				out[lo+j] = math.Exp(v) / sum
			case "LayerNormalization":
				out[lo+j] = in[1].values[j]*(v-mean)/math.Sqrt(square+eps) + in[2].values[j]
			default:
				out[lo+j] = in[1].values[j]*(v-in[3].values[j])/math.Sqrt(in[4].values[j]+eps) + in[2].values[j]
			}
		}
	}
	return modelTensor{x.shape, out}
}

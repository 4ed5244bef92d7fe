package onnx_test

import (
	"math"
	"slices"

	"gorgonia.org/tensor"
)

// evalShaped evaluates the nodes that these networks have, from the definitions of ONNX.
func (n modelNode) evalShaped(in []modelTensor) (out modelTensor, ok bool) {
	each := func(f func(float64) float64) (modelTensor, bool) {
		out := modelTensor{in[0].shape, slices.Clone(in[0].values)}
		for i, v := range out.values {
			out.values[i] = f(v)
		}
		return out, true
	}
	ints := func(i int) (xs []int) {
		for _, v := range in[i].values {
			xs = append(xs, int(v))
		}
		return xs
	}
	switch n.op {
	case "Cos":
		return each(math.Cos)
	case "Abs":
		return each(math.Abs)
	case "Neg":
		return each(func(x float64) float64 { return -x })
	case "Sqrt":
		return each(math.Sqrt)
	case "Log":
		return each(math.Log)
	case "Div":
		return broadcast(in[0], in[1], func(a, b float64) float64 { return a / b }), true
	case "Constant":
		for _, x := range n.lists["value_ints"] {
			out.values = append(out.values, float64(x))
		}
		out.shape = []int{len(out.values)}
		return out, true
	case "Reshape":
		out = modelTensor{ints(1), in[0].values}
		known := 1
		for _, d := range out.shape {
			known *= d
		}
		for i, d := range out.shape {
			if d == -1 {
				out.shape[i] = len(out.values) / -known
			}
		}
		return out, true
	case "Transpose":
		return tensorOf(permuted(in[0].shape, n.lists["perm"]), func(at []int) float64 {
			from := make([]int, len(at))
			for i, a := range n.lists["perm"] {
				from[a] = at[i]
			}
			return in[0].at(from)
		}), true
	case "Slice":
		shape, axis, from := slices.Clone(in[0].shape), ints(3)[0], ints(1)[0]
		shape[axis] = ints(2)[0] - from
		return tensorOf(shape, func(at []int) float64 { at[axis] += from; return in[0].at(at) }), true
	case "Concat":
		axis, shape := int(n.ints["axis"]), slices.Clone(in[0].shape)
		for _, x := range in[1:] {
			shape[axis] += x.shape[axis]
		}
		return tensorOf(shape, func(at []int) float64 {
			for _, x := range in {
				if at[axis] < x.shape[axis] {
					return x.at(at)
				}
				at[axis] -= x.shape[axis]
			}
			return math.NaN()
		}), true
	case "ReduceSum":
		return reduce(in[0], ints(1), false), true
	case "ReduceMean":
		return reduce(in[0], n.lists["axes"], true), true
	case "Softmax", "LogSoftmax":
		return softmax(in[0], n.op == "LogSoftmax"), true
	}
	return out, false
}

func permuted(shape, order []int) (out []int) {
	for _, a := range order {
		out = append(out, shape[a])
	}
	return out
}

// at returns the element at a position; axes of size 1 are repeated and missing ones ignored.
func (x modelTensor) at(position []int) float64 {
	i := 0
	for k, n := range x.shape {
		i = i*n + min(position[len(position)-len(x.shape)+k], n-1)
	}
	return x.values[i]
}

// tensorOf makes a tensor of its element at each position.
func tensorOf(shape []int, f func(at []int) float64) modelTensor {
	out := modelTensor{shape: shape, values: make([]float64, tensor.ProdInts(append([]int{1}, shape...)))}
	for i := range out.values {
		at := make([]int, len(shape))
		for k, rest := len(shape)-1, i; k >= 0; k-- {
			at[k], rest = rest%shape[k], rest/shape[k]
		}
		out.values[i] = f(at)
	}
	return out
}

func reduce(x modelTensor, axes []int, mean bool) modelTensor {
	kept, shape, terms := slices.Clone(x.shape), []int{}, 1
	for a, n := range x.shape {
		if slices.Contains(axes, a) {
			kept[a] = 1
			terms *= n
		} else {
			shape = append(shape, n)
		}
	}
	out := tensorOf(kept, func(at []int) float64 {
		return 0
	})
	k := 0
	tensorOf(x.shape, func(at []int) float64 {
		i := 0
		for a, n := range kept {
			i = i*n + min(at[a], n-1)
		}
		out.values[i] += x.values[k]
		k++
		return 0
	})
	for i := range out.values {
		if mean {
			out.values[i] /= float64(terms)
		}
	}
	return modelTensor{shape, out.values}
}

func softmax(x modelTensor, log bool) modelTensor {
	out := modelTensor{x.shape, slices.Clone(x.values)}
	for row := range slices.Chunk(out.values, x.shape[len(x.shape)-1]) {
		sum := 0.0
		for _, v := range row {
			sum += math.Exp(v)
		}
		for j, v := range row {
			if row[j] = v - math.Log(sum); !log {
				row[j] = math.Exp(row[j])
			}
		}
	}
	return out
}

package opstest

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkDtypes mixes dtypes, and passes integers: both must be refused.
func checkDtypes(k *kit) *fault {
	try := func(dtype func(i int) tensor.Dtype) *fault {
		g := G.NewGraph()
		var in []*G.Node
		for i, s := range k.c.shapes() {
			in = append(in, inputNode(g, dtype(i), s, inputName(i)))
		}
		_, f := k.add(k.c.Build, in)
		return f
	}
	if len(k.c.Inputs) > 1 {
		f := try(func(i int) tensor.Dtype { return dtypes[min(i, 1)] })
		if f == nil {
			return faultf("float64 and float32 inputs are accepted together: no check of dtypes?")
		}
		if !f.refused {
			return f.when("on float64 and float32 inputs together")
		}
	}
	f := try(func(int) tensor.Dtype { return tensor.Int })
	if f == nil {
		return faultf("integer inputs are accepted: no check of dtypes?")
	}
	if !f.refused {
		return f.when("on integer inputs")
	}
	return nil
}

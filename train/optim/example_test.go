package optim_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// An Optimizer is a solver for any Gorgonia program. Here it finds the minimum of (w - 3)^2.
func Example() {
	g := G.NewGraph()
	w := G.NewScalar(g, tensor.Float64, G.WithName("w"), G.WithValue(0.0))
	loss := G.Must(G.Square(G.Must(G.Sub(w, G.NewConstant(3.0)))))
	if _, err := G.Grad(loss, w); err != nil {
		fmt.Println(err)
		return
	}
	m := G.NewTapeMachine(g, G.BindDualValues(w))
	defer m.Close()
	o, err := optim.New(optim.Adam{Rate: 0.1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 300 {
		if err := m.RunAll(); err != nil {
			fmt.Println(err)
			return
		}
		if err := o.Step(G.NodesToValueGrads(G.Nodes{w})); err != nil {
			fmt.Println(err)
			return
		}
		m.Reset()
	}
	fmt.Printf("%.3f after %d steps\n", w.Value().Data(), o.Steps())
	// Output: 3.000 after 300 steps
}

// Without weight decay for biases, and with the body of the network frozen.
func ExampleResolveGroups() {
	names := []string{"hidden1.weight", "hidden1.bias", "output.weight", "output.bias"}
	settings, err := optim.ResolveGroups(names, []optim.Group{
		{Match: []string{"hidden*"}, Frozen: true},
		{Match: []string{"output.bias"}, NoDecay: true, RateFactor: 2},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, s := range settings {
		fmt.Printf("%s %+v\n", names[i], s)
	}
	// Output:
	// hidden1.weight {RateFactor:0 NoDecay:false Frozen:true}
	// hidden1.bias {RateFactor:0 NoDecay:false Frozen:true}
	// output.weight {RateFactor:0 NoDecay:false Frozen:false}
	// output.bias {RateFactor:2 NoDecay:true Frozen:false}
}

// A mistake in the settings is an error before the first step.
func ExampleNew() {
	_, err := optim.New(optim.ClipNorm{Rule: optim.AdamW{Rate: -1, Decay: new(0.0)}, Max: 1})
	fmt.Println(err)
	// Output: optim: AdamW: rate -1, want a positive number
}

func ExampleAverage() {
	weights := []G.Value{tensor.New(tensor.WithBacking([]float64{0, 10}))}
	average, err := optim.NewAverage(0.9)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(average.Start(weights)) // before the first step
	copy(weights[0].Data().([]float64), []float64{1, 20})
	fmt.Println(average.Update(weights)) // after each step
	fmt.Println(average.Swap(weights), weights[0].Data())
	// Output:
	// <nil>
	// <nil>
	// <nil> [0.09999999999999998 11]
}

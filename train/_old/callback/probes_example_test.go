package callback_test

import (
	"context"
	"fmt"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// What goes on inside a network, and what keeps it from normalizing itself.
func ExampleProbes() {
	model := nn.Sequential{
		nn.Dense{Units: 64, Activation: ops.SELU},
		nn.Dense{Units: 64, Activation: ops.SELU, WeightInit: nn.HeNormal}, // wrong: that is for ReLU
		nn.Dense{Units: 2},
	}
	params, _ := nn.NewParams(tensor.Float32, 1)
	history, err := train.Fit(context.Background(), model, params, rings(400, 1), train.Config{
		Loss: graphs.CrossEntropy, Callbacks: []train.Callback{&train.Probes{}},
		Warn: func(warning string) { fmt.Println("warning:", warning[:60], "...") },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range history.Moments[0].Layers {
		fmt.Printf("%s: omega %.2f, tau %.2f\n", l.Name, l.Omega, l.Tau)
	}
	// Output:
	// warning: the weights of layer "dense2" do not start as LeCun normal o ...
	// dense1: omega 0.08, tau 0.97
	// dense2: omega 0.17, tau 2.07
	// dense3: omega -0.07, tau 1.05
}

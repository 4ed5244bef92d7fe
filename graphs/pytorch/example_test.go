package pytorch_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// A network goes to PyTorch and comes back.
func Example() {
	model := graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Here train.Fit would train the network. This one is as it is made.
	if _, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: 4}); err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "net.safetensors")
	if err := pytorch.Save(path, params, nil); err != nil {
		fmt.Println(err)
		return
	}
	back, err := pytorch.Load(path, model, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(back.Get("hidden2.batchnorm1.gamma").Value)
	// Output: [1  1  1  1  1  1  1  1]
}

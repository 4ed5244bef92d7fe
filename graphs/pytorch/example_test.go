package pytorch_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
)

// The weights of a network go to PyTorch and come back.
func Example() {
	net, err := graphs.New(graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}, graphs.Matrix(4), graphs.CrossEntropy)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Train the network here with train.Fit.
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "net.safetensors")
	if err := pytorch.Save(path, net, nil); err != nil {
		fmt.Println(err)
		return
	}
	if err := pytorch.Load(net, path); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(net.Params.Get("hidden2.batchnorm1.gamma").Value)
	// Output: [1  1  1  1  1  1  1  1]
}

package onnx_test

import (
	"bytes"
	"fmt"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

func ExampleWrite() {
	model := graphs.SNN{Layers: 4, Units: 64, Outputs: 3}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Here train.Fit would train the network, or train.LoadWeights read it. This one is as it is made.
	if _, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: 4}); err != nil {
		fmt.Println(err)
		return
	}
	var file bytes.Buffer
	err = onnx.Write(&file, model, params, onnx.Options{
		Inputs: 4, Loss: graphs.CrossEntropy, Outputs: []string{"setosa", "versicolor", "virginica"},
	})
	fmt.Println(file.Len() > 4*params.Size(), err)
	// Output: true <nil>
}

func ExampleTranslator() {
	// LeakyReLU is an op of one's own, whose slope is its first parameter.
	leaky := func(c *onnx.Call) (string, error) {
		return c.Add("LeakyRelu", c.Inputs, onnx.Float("alpha", c.Attrs[0].(float64))), nil
	}
	options := onnx.Options{Inputs: 4, Ops: map[string]onnx.Translator{
		"LeakyReLU": leaky,
		"Softsign":  onnx.Op("Softsign"), // the same op under the same name
	}}
	fmt.Println(len(options.Ops))
	// Output: 2
}

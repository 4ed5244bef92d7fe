package onnx_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
)

func ExampleWrite() {
	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 64, Outputs: 3}, graphs.Matrix(4), graphs.CrossEntropy,
		graphs.OutputNames("setosa", "versicolor", "virginica"))
	if err != nil {
		fmt.Println(err)
		return
	}
	// Train the network here with train.Fit, or load one with graphs.Load.
	var file bytes.Buffer
	err = onnx.Write(&file, net, onnx.Options{})
	fmt.Println(file.Len() > 4*net.Size(), err)
	// Output: true <nil>
}

func ExampleSave() {
	net, err := graphs.New(graphs.SNN{Layers: 2, Units: 8, Outputs: 1}, graphs.Matrix(4), graphs.BCE)
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	err = onnx.Save(filepath.Join(dir, "net.onnx"), net, onnx.Options{})
	fmt.Println(err)
	// Output: <nil>
}

func ExampleTranslator() {
	// LeakyReLU is your own op, whose slope is its first parameter.
	leaky := func(c *onnx.Call) (string, error) {
		return c.Add("LeakyRelu", c.Inputs, onnx.Float("alpha", c.Attrs[0].(float64))), nil
	}
	options := onnx.Options{Ops: map[string]onnx.Translator{
		"LeakyReLU": leaky,
		"Softsign":  onnx.Op("Softsign"), // the ONNX op of the same name
	}}
	fmt.Println(len(options.Ops))
	// Output: 2
}

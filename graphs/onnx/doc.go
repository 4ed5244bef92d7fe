// Package onnx writes networks as ONNX models, which onnxruntime and other programs run without Go: opset 17, IR version 8,
// float32, with any number of rows.
//
//	err := onnx.Save("net.onnx", model, params, onnx.Options{Inputs: 30, Loss: graphs.CrossEntropy})
//
// The model has one input, (batch, features), and one output, (batch, outputs): predictions as train.Predictor gives them.
// Weights keep their names. What does not depend on the input, such as a normalized weight matrix, is computed once while
// writing. Networks of float64 are rounded to float32, because runtimes implement Selu for float32 only.
//
// # Ops of your own
//
// An op that this package does not know is an error that names it, until Options.Ops has a [Translator] of that name:
//
//	onnx.Options{Ops: map[string]onnx.Translator{"Softsign": onnx.Op("Softsign")}}
package onnx

// Package onnx writes networks as ONNX models, which onnxruntime and other programs run without Go: opset 17, IR version 8,
// float32, with any number of rows.
//
//	err := onnx.Save("net.onnx", net, onnx.Options{})
//
// The model of a network with one matrix as input has one input, (batch, features), and one output, (batch, outputs): the predictions of
// train.Predict. A network with several inputs or outputs has them in the model under their names: categories as int64, (batch); images as
// (batch, channels, height, width); sparse rows as a dense matrix, because ONNX Runtime takes no sparse ones. Weights keep their names.
// Values that do not depend on the input, such as a normalized weight matrix, are computed once, when the file is written. The weights of
// float64 networks are rounded to float32, because runtimes implement Selu for float32 only.
//
// # Your own ops
//
// For an op that this package does not know, Write returns an error that names it, unless Options.Ops has a [Translator] under its name:
//
//	onnx.Options{Ops: map[string]onnx.Translator{"Softsign": onnx.Op("Softsign")}}
//
// # The batch
//
// The number of rows stays open wherever it goes: a Reshape that contains it gets -1 in its place, a Transpose moves it. Write compares the
// graphs for one row and for three to find it, so it does not matter how a layer computes its shapes. An op that would mix the rows is an
// error: a sum, mean, softmax, slice or concatenation along the batch, or a product of matrices over it. [Call.BatchAxis] shows translators
// where the rows are.
package onnx

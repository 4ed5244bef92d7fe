package onnx

import (
	"io"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/nn"
)

// Save writes the model to a file; see [Write]. The file appears when it is complete, and on an error one that existed
// before is as it was.
func Save(path string, model nn.Layer, params *nn.Params, o Options) error {
	data, err := encode(model, params, o)
	if err != nil {
		return errors.Wrap(err, "onnx")
	}
	return errors.Wrap(output.Write(path, func(w io.Writer) error { _, err := w.Write(data); return err }), "onnx")
}

// Write writes a trained network as an ONNX model. The same network and options give the same bytes.
// It returns an error, and writes nothing, if params lack a parameter of the model, have one that it does not use or that
// float32 cannot hold (such as NaN), or if an op has no translation; the error names parameter, layer and op.
func Write(w io.Writer, model nn.Layer, params *nn.Params, o Options) error {
	data, err := encode(model, params, o)
	if err != nil {
		return errors.Wrap(err, "onnx")
	}
	_, err = w.Write(data)
	return errors.Wrap(err, "onnx")
}

func encode(model nn.Layer, params *nn.Params, o Options) ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	g, err := build(model, params, o.Inputs)
	if err != nil {
		return nil, err
	}
	outputs := g.Output.Shape()[1]
	if o.Outputs != nil && len(o.Outputs) != outputs {
		return nil, errors.Errorf("%d names of outputs, want %d", len(o.Outputs), outputs)
	}
	metadata, err := o.metadata()
	if err != nil {
		return nil, err
	}
	e, err := newExporter(g, o)
	if err != nil {
		return nil, err
	}
	if err := e.run(); err != nil {
		return nil, err
	}
	data := encodeModel(e.encode(outputs), metadata)
	if len(data) > math.MaxInt32 {
		return nil, errors.Errorf("the model has %d bytes, but protocol buffers hold at most 2 GB", len(data))
	}
	return data, nil
}

// build returns the evaluation graph with the weights in params, which must be the model's and stay as they are.
func build(model nn.Layer, params *nn.Params, inputs int) (*graphs.Graph, error) {
	if params == nil {
		return nil, errors.New("there are no parameters")
	}
	own, err := nn.NewParams(params.Dtype(), params.Seed())
	if err != nil {
		return nil, err
	}
	g, err := graphs.Build(model, own, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: inputs})
	if err != nil {
		return nil, err
	}
	return g, errors.Wrap(own.CopyFrom(params), "these are not the parameters of the model")
}

package onnx

import (
	"io"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Save writes the network to a file as an ONNX model; see [Write]. The file appears only when it is complete: on an error, an
// existing file keeps its contents.
func Save(path string, net *graphs.Network, o Options) error {
	data, err := encode(net, o)
	if err != nil {
		return errors.Wrap(err, "onnx")
	}
	return errors.Wrap(output.Write(path, func(w io.Writer) error { _, err := w.Write(data); return err }), "onnx")
}

// Write writes a trained network as an ONNX model. The same network and options give the same bytes.
// It returns an error and writes nothing if parameters are missing, surplus or misshapen, if one has an element that is not a
// finite float32, or if an op has no translation. The error names the parameters, or the layer and the op.
func Write(w io.Writer, net *graphs.Network, o Options) error {
	if w == nil {
		return errors.New("onnx: the writer is nil")
	}
	data, err := encode(net, o)
	if err != nil {
		return errors.Wrap(err, "onnx")
	}
	_, err = w.Write(data)
	return errors.Wrap(err, "onnx")
}

func encode(net *graphs.Network, o Options) ([]byte, error) {
	if err := net.Check(); err != nil {
		return nil, err
	}
	if err := o.complete(net); err != nil {
		return nil, err
	}
	g, err := net.Build(net.Config(graphs.Evaluate, 1).Unlabelled())
	if err != nil {
		return nil, err
	}
	metadata, err := o.metadata(net)
	if err != nil {
		return nil, err
	}
	e, err := newExporter(g, net, o)
	if err != nil {
		return nil, err
	}
	if err := e.run(); err != nil {
		return nil, err
	}
	data := encodeModel(e.encode(), metadata)
	if len(data) > math.MaxInt32 {
		return nil, errors.Errorf("the model has %d bytes, but protocol buffers hold at most 2 GB", len(data))
	}
	return data, nil
}

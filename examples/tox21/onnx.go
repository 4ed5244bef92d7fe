package main

import (
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
)

// writeONNX writes a network to the file -onnx. Its inputs are counts and values as they are computed from a molecule, under
// the names in its metadata; the scaling is part of it.
func (e *experiment) writeONNX(o options, params *nn.Params) error {
	steps, err := e.featurizer.Steps()
	if err != nil {
		return err
	}
	scale := make([]onnx.Step, len(steps))
	for i, s := range steps {
		scale[i] = onnx.Step(s)
	}
	return onnx.Save(o.ONNX, o.Model(), params, onnx.Options{
		Inputs: e.set.Inputs(), Loss: graphs.BCE, Scale: scale,
		Features: e.featurizer.Names(), Outputs: tox21.Tasks(), Metadata: map[string]string{"data": e.data.Notes},
	})
}

package onnx

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
)

// Options are the settings of the ONNX model of a network. By default the model takes scaled features and returns predictions.
type Options struct {
	// Logits leaves the output unchanged. Otherwise the model ends with the link of the network's loss: a sigmoid for graphs.BCE, a softmax
	// for graphs.CrossEntropy, and none for a regression.
	Logits bool
	// Link replaces the link of the loss. A network whose loss has a custom link needs it, or Logits.
	Link Translator
	// Scale holds steps that are applied to the input in order, so that the model takes raw features. See datasets.Scaler.Steps and csv.Encoder.Scaling.
	Scale []batch.Scaling
	// InputName and OutputName are the names of input and output. Empty means "input" and "output".
	InputName, OutputName string
	// Features and Outputs name the columns of the input and of the output (classes, tasks). Nil means the network's own names, if any. The
	// model stores them as metadata: JSON arrays under "features" and "outputs".
	Features, Outputs []string
	// Metadata holds further entries for the model.
	Metadata map[string]string
	// Ops translates ops by name and takes precedence over the built-in translations. The name is that of the ops.Def or, for an op of
	// another package, the result of its String method.
	Ops map[string]Translator
}

// complete fills in defaults from the network and checks the options.
func (o *Options) complete(net *graphs.Network) error {
	if o.InputName == "" {
		o.InputName = "input"
	}
	if o.OutputName == "" {
		o.OutputName = "output"
	}
	if o.InputName == o.OutputName {
		return errors.Errorf("input and output have the same name, %q", o.InputName)
	}
	if o.Features == nil {
		o.Features = net.Inputs[0].Columns
	}
	if o.Outputs == nil {
		o.Outputs = net.Outputs[0].Columns
	}
	if n := net.Columns(); o.Features != nil && len(o.Features) != n {
		return errors.Errorf("%d names of features, want %d", len(o.Features), n)
	}
	if n := net.Outputs[0].Width; o.Outputs != nil && len(o.Outputs) != n {
		return errors.Errorf("%d names of outputs, want %d", len(o.Outputs), n)
	}
	for i, s := range o.Scale {
		if err := checkScaling(s, net.Columns()); err != nil {
			return errors.Wrapf(err, "Options.Scale: step %d", i)
		}
	}
	return nil
}

// link returns the translator that turns the output into predictions, or nil if the output is the prediction.
func (o *Options) link(loss graphs.Loss) (Translator, error) {
	switch {
	case o.Link != nil:
		return o.Link, nil
	case o.Logits || loss.Link == graphs.Identity:
		return nil, nil
	case loss.Link == graphs.Sigmoid:
		return Op("Sigmoid"), nil
	case loss.Link == graphs.Softmax:
		return Op("Softmax", Int("axis", -1)), nil
	}
	return nil, errors.Errorf("loss %q has a custom link; set its translation in Options.Link", loss.Name)
}

// metadata returns all entries, sorted by key.
func (o *Options) metadata() ([][2]string, error) {
	all := map[string]string{}
	for key, names := range map[string][]string{"features": o.Features, "outputs": o.Outputs} {
		if names == nil {
			continue
		}
		text, err := json.Marshal(names)
		if err != nil {
			return nil, err
		}
		all[key] = string(text)
	}
	for key, value := range o.Metadata {
		if _, ok := all[key]; ok {
			return nil, errors.Errorf("the metadata key %q is reserved for the names of the columns", key)
		}
		all[key] = value
	}
	var pairs [][2]string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, [2]string{key, all[key]})
	}
	return pairs, nil
}

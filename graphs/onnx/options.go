package onnx

import (
	"cmp"
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
	// Link replaces the link of the loss of the first output. A network whose loss has a custom link needs it, or Logits.
	Link Translator
	// Links replaces the links of the further outputs of a network with several, by name.
	Links map[string]Translator
	// Scale holds steps that are applied to the first input in order, so that the model takes raw features. See datasets.Scaler.Steps and
	// csv.Encoder.Scaling.
	Scale []batch.Scaling
	// Scales holds such steps for the further inputs of a network with several, by name.
	Scales map[string][]batch.Scaling
	// InputName and OutputName are the names of the first input and output. Empty means "input" and "output", or for a network with several
	// inputs, or outputs, their own names. The further ones always have their own.
	InputName, OutputName string
	// Features and Outputs name the columns of the first input and output (classes, tasks). Nil means the network's own names, if any. The
	// model stores them as metadata: JSON arrays under "features" and "outputs", and under "features.NAME" and "outputs.NAME" for the
	// further inputs and outputs.
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
		if o.InputName = "input"; len(net.Inputs) > 1 {
			o.InputName = cmp.Or(net.Inputs[0].Name, batch.X)
		}
	}
	if o.OutputName == "" {
		if o.OutputName = "output"; len(net.Outputs) > 1 {
			o.OutputName = cmp.Or(net.Outputs[0].Name, batch.Y)
		}
	}
	if err := o.checkNames(net); err != nil {
		return err
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
	for i, in := range net.Inputs {
		steps := o.scaling(i, in)
		if steps != nil && (in.Kind == batch.Category || in.Kind == batch.Image) {
			return errors.Errorf("Options.Scale: the input %q is of kind %v, want dense or sparse", in.Name, in.Kind)
		}
		for k, s := range steps {
			if err := checkScaling(s, in.Width); err != nil {
				return errors.Wrapf(err, "Options.Scale: step %d", k)
			}
		}
	}
	return nil
}

// checkNames returns an error if inputs and outputs do not all have different names, and for settings of inputs and outputs that are not
// there.
func (o *Options) checkNames(net *graphs.Network) error {
	taken := map[string]bool{}
	for i, in := range net.Inputs {
		name := o.inputName(i, in)
		if taken[name] {
			return errors.Errorf("two inputs have the same name, %q", name)
		}
		taken[name] = true
	}
	for i, out := range net.Outputs {
		name := o.outputName(i, out)
		if taken[name] {
			return errors.Errorf("input and output have the same name, %q; or two outputs have it", name)
		}
		taken[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(o.Scales)) {
		if k := slices.IndexFunc(net.Inputs, func(in graphs.Input) bool { return in.Name == name }); k < 1 {
			return errors.Errorf("Options.Scales: %q is not a further input", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Links)) {
		if k := slices.IndexFunc(net.Outputs, func(out graphs.Output) bool { return out.Name == name }); k < 1 {
			return errors.Errorf("Options.Links: %q is not a further output", name)
		}
	}
	return nil
}

// inputName is the name of input i in the model.
func (o *Options) inputName(i int, in graphs.Input) string {
	if i == 0 {
		return o.InputName
	}
	return cmp.Or(in.Name, batch.X)
}

// outputName is the name of output i in the model.
func (o *Options) outputName(i int, out graphs.Output) string {
	if i == 0 {
		return o.OutputName
	}
	return cmp.Or(out.Name, batch.Y)
}

// scaling returns the steps for input i.
func (o *Options) scaling(i int, in graphs.Input) []batch.Scaling {
	if i == 0 {
		return o.Scale
	}
	return o.Scales[in.Name]
}

// link returns the translator that turns output i into predictions, or nil if the output is the prediction.
func (o *Options) link(i int, output graphs.Output) (Translator, error) {
	loss, own := output.Loss, o.Link
	if i > 0 {
		own = o.Links[output.Name]
	}
	switch {
	case own != nil:
		return own, nil
	case o.Logits || loss.Link == graphs.Identity:
		return nil, nil
	case loss.Link == graphs.Sigmoid:
		return Op("Sigmoid"), nil
	case loss.Link == graphs.Softmax:
		return Op("Softmax", Int("axis", -1)), nil
	}
	return nil, errors.Errorf("loss %q has a custom link; set its translation in Options.Link, or Options.Links", loss.Name)
}

// metadata returns all entries, sorted by key.
func (o *Options) metadata(net *graphs.Network) ([][2]string, error) {
	all, columns := map[string]string{}, map[string][]string{"features": o.Features, "outputs": o.Outputs}
	for i, in := range net.Inputs {
		if i > 0 {
			columns["features."+in.Name] = in.Columns
		}
	}
	for i, out := range net.Outputs {
		if i > 0 {
			columns["outputs."+out.Name] = out.Columns
		}
	}
	for key, names := range columns {
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

package onnx

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// Options say what to write beside the network.
type Options struct {
	// Inputs is the number of features, at least 1.
	Inputs int
	// Loss says how the network's output becomes predictions: by a sigmoid for graphs.BCE, a softmax for graphs.CrossEntropy,
	// as it is for graphs.MSE. The zero Loss leaves the output as it is: logits of a classifier.
	Loss graphs.Loss
	// Link replaces the sigmoid or softmax. A loss with a Link of its own needs it.
	Link Translator
	// Scale is applied to the input, step after step, so that the model takes raw features. See [Step].
	Scale []Step
	// InputName and OutputName name the two values. Empty means "input" and "output".
	InputName, OutputName string
	// Features and Outputs are the names of the input's and the output's columns (classes, tasks). Where they are given they
	// become metadata, "features" and "outputs", as JSON arrays.
	Features, Outputs []string
	// Metadata are further entries to store in the model.
	Metadata map[string]string
	// Ops translates ops by name, before the built-in translations. The name is that of ops.Def, or for an op of another
	// package what its String returns.
	Ops map[string]Translator
}

func (o *Options) check() error {
	if o.Inputs < 1 {
		return errors.Errorf("Options.Inputs is %d, want the number of features", o.Inputs)
	}
	if o.InputName == "" {
		o.InputName = "input"
	}
	if o.OutputName == "" {
		o.OutputName = "output"
	}
	if o.InputName == o.OutputName {
		return errors.Errorf("input and output have one name, %q", o.InputName)
	}
	if o.Features != nil && len(o.Features) != o.Inputs {
		return errors.Errorf("%d names of features, want %d", len(o.Features), o.Inputs)
	}
	for i, s := range o.Scale {
		if err := s.check(o.Inputs); err != nil {
			return errors.Wrapf(err, "Options.Scale: step %d", i)
		}
	}
	return nil
}

// link returns what turns the output into predictions, or nil if they are the output itself.
func (o *Options) link() (Translator, error) {
	if o.Link != nil || o.Loss.Link == nil {
		return o.Link, nil
	}
	// Losses share link functions, and functions can be told apart by their address only.
	switch reflect.ValueOf(o.Loss.Link).Pointer() {
	case reflect.ValueOf(graphs.BCE.Link).Pointer():
		return Op("Sigmoid"), nil
	case reflect.ValueOf(graphs.CrossEntropy.Link).Pointer():
		return Op("Softmax", Int("axis", -1)), nil
	}
	return nil, errors.Errorf("loss %q has a link of its own; give its translation in Options.Link", o.Loss.Name)
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
			return nil, errors.Errorf("metadata %q is taken by the names of columns", key)
		}
		all[key] = value
	}
	var pairs [][2]string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, [2]string{key, all[key]})
	}
	return pairs, nil
}

package graphs

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// SpecKey is the name of the description of the network in the metadata of a file, as JSON.
const SpecKey = tensorfile.Reserved + "network"

// The causes of errors of Load and of the loading functions of package train.
var (
	// ErrDamaged says that a file is truncated or changed.
	ErrDamaged = tensorfile.ErrDamaged
	// ErrForeign says that a file was not written by this library.
	ErrForeign = tensorfile.ErrForeign
	// ErrVersion says that a file was written by a version of this library with another format.
	ErrVersion = tensorfile.ErrVersion
)

// Model is a network with its weights.
type Model struct {
	// Spec describes the network, with inputs and loss.
	Spec Spec
	// Layer is the network, Loss its loss, and Params its weights.
	Layer  nn.Layer
	Loss   Loss
	Params *nn.Params
	// Metadata are the texts that were saved with it.
	Metadata map[string]string
}

// Save writes a network to a safetensors file from which alone Load makes it again. model must have a description, see SpecOf;
// params are its weights, inputs is the number of features, loss one of Losses. metadata may be nil; names that begin with
// "selfnorm." are reserved. The file appears when it is complete; on an error one that existed before is as it was.
func Save(path string, model nn.Layer, params *nn.Params, inputs int, loss Loss, metadata map[string]string) error {
	s, err := describe(model, params, inputs, loss)
	if err != nil {
		return errors.Wrapf(err, "graphs: save %s", path)
	}
	text, err := json.Marshal(s)
	if err == nil {
		err = tensorfile.CheckMetadata(metadata)
	}
	if err != nil {
		return errors.Wrapf(err, "graphs: save %s", path)
	}
	info := map[string]string{SpecKey: string(text)}
	maps.Copy(info, metadata)
	return errors.Wrap(tensorfile.Write(path, tensorfile.File{Params: params, Metadata: info}), "graphs")
}

// describe returns the description of a network, or an error if it has none or does not have these parameters.
func describe(model nn.Layer, params *nn.Params, inputs int, loss Loss) (Spec, error) {
	s, ok := SpecOf(model)
	if !ok {
		return Spec{}, errors.Errorf("a %T has no description; use a network of this package, or Register yours", model)
	}
	s.Inputs, s.Loss = inputs, loss.Name
	return s, s.check(params)
}

// Load reads a network from a file of Save, or from a checkpoint of package train. An error names the file. Its cause is ErrDamaged,
// ErrForeign or ErrVersion if the file cannot be read; otherwise it says that there is no description of a network in it, that
// nothing is registered under its name, or which parameters are missing, surplus or of other shapes.
func Load(path string) (*Model, error) {
	f, err := tensorfile.Read(path)
	if err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	m, err := modelOf(f)
	return m, errors.Wrapf(err, "graphs: %s", path)
}

func modelOf(f tensorfile.File) (*Model, error) {
	text, ok := f.Metadata[SpecKey]
	if _, several := f.Metadata[specsKey]; several && !ok {
		return nil, errors.New("the file holds several networks; use graphs.LoadAll")
	}
	if !ok {
		return nil, errors.New("the file holds weights without a description of their network; use train.LoadWeights")
	}
	s, err := ParseSpec([]byte(text))
	if err != nil {
		return nil, err
	}
	m := &Model{Spec: s, Params: f.Params, Metadata: map[string]string{}}
	if m.Layer, err = s.Layer(); err != nil {
		return nil, err
	}
	if m.Loss, err = ParseLoss(s.Loss); err != nil {
		return nil, err
	}
	for name, text := range f.Metadata {
		if !strings.HasPrefix(name, tensorfile.Reserved) {
			m.Metadata[name] = text
		}
	}
	return m, s.check(f.Params)
}

// check returns an error if the network does not have exactly these parameters.
func (s Spec) check(params *nn.Params) (err error) {
	if params == nil {
		return errors.New("there are no parameters")
	}
	defer func() { // sizes that no memory holds
		if r := recover(); r != nil {
			err = errors.Errorf("network %+v: %v", s, r)
		}
	}()
	if _, err := ParseLoss(s.Loss); err != nil {
		return err
	}
	want, err := nn.NewParams(params.Dtype(), 0)
	if err != nil {
		return err
	}
	if _, err := Build(s, want, Config{Mode: Evaluate, Batch: 1, Inputs: s.Inputs}); err != nil {
		return err
	}
	return errors.Wrapf(want.Match(params), "network %q", s.Network)
}

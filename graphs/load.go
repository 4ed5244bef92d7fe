package graphs

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/memory"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Causes of the errors of Load, LoadAll and of resuming from a checkpoint. Test for them with errors.Is.
var (
	// ErrDamaged means that a file is truncated or has been modified.
	ErrDamaged = tensorfile.ErrDamaged
	// ErrForeign means that a file was not written by this library.
	ErrForeign = tensorfile.ErrForeign
	// ErrVersion means that a file was written by a version of this library that uses a different format.
	ErrVersion = tensorfile.ErrVersion
)

// Load reads a network from a file written by Network.Save or from a checkpoint of package train. Errors name the file. If the content
// cannot be read, the cause is ErrDamaged, ErrForeign or ErrVersion. Load also returns an error if the file does not describe a network, if
// its architecture or loss is not registered, or if parameters are missing, surplus or misshapen, all of which it lists.
func Load(path string) (*Network, error) {
	all, err := LoadAll(path)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 {
		return nil, errors.Errorf("graphs: %s: the file holds %d networks; use graphs.LoadAll", path, len(all))
	}
	return all[0], nil
}

// LoadAll reads all networks of a file written by SaveAll or Save. Each gets the metadata and the encoder of the file. It returns the same
// errors as Load, and one for a file in which the networks are only a part of what predicts; see Bundle.
func LoadAll(path string) ([]*Network, error) {
	b, err := LoadBundle(path)
	if err != nil {
		return nil, err
	}
	if len(b.Arrays) > 0 {
		return nil, errors.Errorf("graphs: %s: the predictions of this file are not those of its networks alone: it has other members, such as a "+
			"random forest; use the program that wrote it, or graphs.LoadBundle", path)
	}
	return b.Networks, nil
}

// LoadWeights reads the weights in a file of Save, in a checkpoint of package train, or in a file of weights alone, as version 0.1 wrote
// them. Make the network with New and the option Weights, which checks that they fit. The errors are those of Load, and one with the cause
// ErrMemory if there is no memory for the weights.
func LoadWeights(path string) (*nn.Params, error) {
	f, err := tensorfile.ReadChecked(path, fitsMemory)
	if err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	f.Params.Seal()
	return f.Params, nil
}

// fitsMemory returns an error if there is no memory for the tensors of a file.
func fitsMemory(h tensorfile.Head) error {
	bytes := uint64(0)
	for _, t := range h.Tensors {
		size := 8
		if t.DType == "F32" {
			size = 4
		}
		bytes = memory.Sum(bytes, memory.Product(append([]int{size}, t.Shape...)...))
	}
	return memory.Check(bytes, "reading the weights of the file")
}

// textsOf returns the descriptions of the networks of a file.
func textsOf(metadata map[string]string) (texts []json.RawMessage, err error) {
	if one, ok := metadata[networkKey]; ok {
		return []json.RawMessage{json.RawMessage(one)}, nil
	}
	several, ok := metadata[networksKey]
	if !ok {
		return nil, errors.New("the file holds weights without a description of their network; read them with graphs.LoadWeights")
	}
	if err := json.Unmarshal([]byte(several), &texts); err != nil || len(texts) == 0 {
		return nil, errors.Errorf("%s: want an array of descriptions of networks", networksKey)
	}
	return texts, nil
}

// matchHead returns an error if a file holds other parameters than its networks need, before the parameters are read.
func matchHead(h tensorfile.Head) error {
	texts, err := textsOf(h.Metadata)
	if err != nil {
		return err
	}
	list, err := h.Params()
	if err != nil {
		return err
	}
	dtype := tensor.Float32
	if list[0].DType == "F64" {
		dtype = tensor.Float64
	}
	_, one := h.Metadata[networkKey]
	for k, text := range texts {
		n, err := parse(text)
		if err != nil {
			return ofNetwork(err, k, len(texts))
		}
		plan, err := nn.NewPlan(dtype)
		if err != nil {
			return err
		}
		for _, p := range list {
			name, own := p.Name, true
			if !one {
				name, own = strings.CutPrefix(p.Name, prefix(k))
			}
			if !own {
				continue
			}
			if err := plan.Declare(name, p.Shape, p.Trainable); err != nil {
				return err
			}
		}
		plan.Seal()
		// Another error than a mismatch may be due to a layer that looks at values. The whole file shows.
		_, err = assemble(n.Layer, plan, n.Config(Evaluate, 2).Unlabelled(), true, true)
		if differs := (mismatch{}); errors.As(err, &differs) {
			return ofNetwork(err, k, len(texts))
		}
	}
	return nil
}

// ofNetwork adds to an error which of several networks it is about.
func ofNetwork(err error, k, networks int) error {
	if networks > 1 {
		return errors.Wrapf(err, "network %d of %d", k+1, networks)
	}
	return err
}

func networksOf(f tensorfile.File) ([]*Network, error) {
	texts, err := textsOf(f.Metadata)
	if err != nil {
		return nil, err
	}
	params := []*nn.Params{f.Params}
	if _, one := f.Metadata[networkKey]; !one {
		if params, err = divide(f.Params, len(texts)); err != nil {
			return nil, err
		}
	}
	var all []*Network
	for k, text := range texts {
		n, err := parse(text)
		if err == nil {
			n.Params, n.Encoder, n.Metadata = params[k], f.Blocks[encoderBlock], map[string]string{}
			for name, text := range f.Metadata {
				if !strings.HasPrefix(name, tensorfile.Reserved) {
					n.Metadata[name] = text
				}
			}
			err = n.complete()
		}
		if err != nil {
			return nil, ofNetwork(err, k, len(texts))
		}
		all = append(all, n)
	}
	return all, nil
}

// parse returns the network of a description, without weights.
func parse(text []byte) (*Network, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, errors.Wrap(err, "description of the network")
	}
	var n *Network
	var err error
	switch head.Format {
	case 0:
		n, err = parseFirst(text)
	case descriptionFormat:
		n, err = parseSecond(text)
	default:
		err = errors.Wrapf(ErrVersion, "description of the network in format %d", head.Format)
	}
	return n, err
}

// strictly decodes JSON. An unknown field is an error, because it may change the network.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return errors.Wrap(err, "description of the network")
	}
	if d.More() {
		return errors.New("description of the network: there is more than one")
	}
	return nil
}

func parseSecond(text []byte) (*Network, error) {
	var d description
	if err := strictly(text, &d); err != nil {
		return nil, err
	}
	n := &Network{Inputs: d.Inputs}
	var err error
	if n.Layer, err = decode(d.Name, d.Config); err != nil {
		return nil, err
	}
	for _, o := range d.Outputs {
		loss, err := parseLoss(o.Loss)
		if err == nil && o.ClassWeights != nil {
			loss, err = loss.WithClassWeights(o.ClassWeights)
		}
		if err != nil {
			return nil, err
		}
		n.Outputs = append(n.Outputs, Output{Name: o.Name, Width: o.Width, Columns: o.Columns, Loss: loss, Weight: o.Weight, Calibration: o.Calibration})
	}
	return n, nil
}

// parseFirst reads the format of version 0.1: one object with the name and the fields of the layer, the number of inputs, and the loss.
func parseFirst(text []byte) (*Network, error) {
	var d struct {
		Network string `json:"network"`
		Hidden
		Bottleneck float64 `json:"bottleneck"`
		Inputs     int     `json:"inputs"`
		Loss       string  `json:"loss"`
	}
	if err := strictly(text, &d); err != nil {
		return nil, err
	}
	layer, err := ByName(d.Network, d.Hidden)
	if err != nil {
		return nil, err
	}
	if r, ok := layer.(ResNet); ok {
		r.Bottleneck = d.Bottleneck
		layer = r
	} else if d.Bottleneck != 0 {
		return nil, errors.Errorf("network %.60q has no bottleneck", d.Network)
	}
	loss, err := parseLoss(d.Loss)
	if err != nil {
		return nil, err
	}
	return &Network{Layer: layer, Inputs: Matrix(d.Inputs), Outputs: []Output{{Name: "y", Width: d.Outputs, Loss: loss}}}, nil
}

// complete checks a network that has been read.
func (n *Network) complete() error {
	if n.Params == nil {
		return errors.New("there are no parameters")
	}
	return n.Check()
}

// divide gives each of n networks its parameters, under their own names.
func divide(params *nn.Params, n int) ([]*nn.Params, error) {
	all := make([]*nn.Params, n)
	k := 0 // they are in the order of the networks
	for _, p := range params.All() {
		name, ok := strings.CutPrefix(p.Name, prefix(k))
		if !ok && k+1 < n {
			k++
			name, ok = strings.CutPrefix(p.Name, prefix(k))
		}
		if !ok {
			return nil, errors.Errorf("parameter %.60q belongs to none of the %d networks", p.Name, n)
		}
		if all[k] == nil {
			var err error
			if all[k], err = nn.NewParams(params.Dtype(), 0); err != nil {
				return nil, err
			}
		}
		if err := all[k].Add(name, p.Value, p.Trainable); err != nil {
			return nil, err
		}
	}
	return all, nil
}

package graphs

import (
	"encoding/json"
	"fmt"
	"maps"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// The metadata keys of the description of one network, and of an array of descriptions. Both are JSON.
const (
	networkKey  = tensorfile.Reserved + "network"
	networksKey = tensorfile.Reserved + "networks"
)

// description is a network without its weights, as a file contains it.
type description struct {
	// Format is the version of this structure.
	Format  int                 `json:"format"`
	Name    string              `json:"network"`
	Config  json.RawMessage     `json:"config"`
	Inputs  []Input             `json:"inputs"`
	Outputs []outputDescription `json:"outputs"`
}

type outputDescription struct {
	Name         string    `json:"name"`
	Width        int       `json:"width"`
	Columns      []string  `json:"columns,omitempty"`
	Loss         string    `json:"loss"`
	Weight       float64   `json:"weight,omitempty"`
	ClassWeights []float64 `json:"class_weights,omitempty"`

	Calibration *Calibration `json:"calibration,omitempty"`
}

const descriptionFormat = 2

// Save writes the network to a safetensors file that Load reads. The type of its layer must be registered with Register, and ParseLoss must
// know its loss. The file appears only when it is complete: on an error, an existing file keeps its contents.
func (n *Network) Save(path string) error {
	return SaveAll(path, []*Network{n})
}

// SaveAll writes several networks, such as those of an ensemble, to one file that LoadAll reads. Each must meet the conditions of Save, and
// all must have the same dtype. The parameters are named "network1.hidden1.dense1.weight" and so on. Metadata and Encoder are those of the
// first network. For a single network the file is the same as Save's.
func SaveAll(path string, networks []*Network) error {
	f, err := fileOf(networks)
	if err != nil {
		return errors.Wrapf(err, "graphs: save %s", path)
	}
	return errors.Wrap(tensorfile.Write(path, f), "graphs")
}

// Describe returns the description of the network as stored in its files: architecture, inputs, outputs and losses as JSON. It returns an
// error for a layer without a registered name and for a loss that ParseLoss does not know.
func (n *Network) Describe() (string, error) {
	text, err := n.describe()
	return text, errors.Wrap(err, "graphs")
}

func (n *Network) describe() (string, error) {
	if err := n.check(); err != nil {
		return "", err
	}
	d := description{Format: descriptionFormat, Inputs: n.Inputs}
	var err error
	if d.Name, d.Config, err = encode(n.Layer); err != nil {
		return "", err
	}
	for _, o := range n.Outputs {
		if err := o.Loss.known(); err != nil {
			return "", err
		}
		d.Outputs = append(d.Outputs, outputDescription{
			Name: o.Name, Width: o.Width, Columns: o.Columns, Loss: o.Loss.Name, Weight: o.Weight, ClassWeights: o.Loss.ClassWeights,
			Calibration: o.Calibration,
		})
	}
	text, err := json.Marshal(d)
	return string(text), errors.WithStack(err)
}

// Architecture returns the name and the fields of the network's layer, such as `snn {"layers":4,...}`, or only its type if it is not
// registered. It is empty for a nil Network.
func (n *Network) Architecture() string {
	if n == nil || n.Layer == nil {
		return ""
	}
	name, fields, err := encode(n.Layer)
	if err != nil {
		return fmt.Sprintf("%T", n.Layer)
	}
	return name + " " + string(fields)
}

func fileOf(networks []*Network) (f tensorfile.File, err error) {
	if len(networks) == 0 {
		return f, errors.New("there are no networks")
	}
	var all []json.RawMessage
	for k, n := range networks {
		text, err := n.describe()
		if err != nil {
			return f, errors.Wrapf(err, "network %d", k+1)
		}
		all = append(all, json.RawMessage(text))
	}
	first := networks[0]
	if err := tensorfile.CheckMetadata(first.Metadata); err != nil {
		return f, err
	}
	f.Metadata = maps.Clone(first.Metadata)
	if f.Metadata == nil {
		f.Metadata = map[string]string{}
	}
	if first.Encoder != nil {
		f.Blocks = map[string][]byte{encoderBlock: first.Encoder}
	}
	if len(networks) == 1 {
		f.Params, f.Metadata[networkKey] = first.Params, string(all[0])
		return f, nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return f, errors.WithStack(err)
	}
	f.Metadata[networksKey] = string(text)
	if f.Params, err = nn.NewParams(first.Params.Dtype(), 0); err != nil {
		return f, err
	}
	for k, n := range networks {
		for _, p := range n.Params.All() {
			if err := f.Params.Add(prefix(k)+p.Name, p.Value, p.Trainable); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

// encoderBlock is the name of Network.Encoder among the blocks of a file.
const encoderBlock = "encoder"

// prefix begins the names of the parameters of network k, counted from 0, in a file with several networks.
func prefix(k int) string { return fmt.Sprintf("network%d.", k+1) }

package graphs

import (
	"cmp"
	"maps"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/nn"
)

// Network is a layer with its weights, inputs, outputs and losses: everything you need to train it, predict with it, save and export it.
// It is not safe for concurrent use.
type Network struct {
	// Layer computes the output. It is, for example, an SNN{...} or your own layer.
	Layer nn.Layer
	// Params are its weights.
	Params *nn.Params
	// Inputs describes the inputs; see Config.Inputs.
	Inputs []Input
	// Outputs describes the outputs and the loss of each; see Config.Outputs.
	Outputs []Output
	// Metadata holds strings that are saved with the network. Keys that begin with "selfnorm." are reserved.
	Metadata map[string]string
	// Encoder describes how raw data become inputs, in a format of your choice. It is saved with the network and covered by the file's
	// checksum.
	Encoder []byte
}

// Output describes one output of a network.
type Output struct {
	// Name is unique among the outputs. Empty means batch.Y.
	Name string
	// Width is the number of columns: classes, tasks or targets.
	Width int
	// Columns names the columns. Nil means that they have no names.
	Columns []string
	// Loss is the loss that training minimizes and evaluation reports.
	Loss Loss
	// Weight is the weight of the loss in the sum over all outputs, positive. 0 means 1.
	Weight float64
	// Calibration corrects predictions. Nil means that there is none. Networks may share it: replace it, do not change it.
	Calibration *Calibration
}

// New returns a network with new weights. inputs describes its inputs, such as Matrix(30) or the Inputs of a data set, and loss is the
// loss that it will be trained for. It returns an error that names the layer and the shapes if they do not fit, one with the cause ErrMemory
// if there is no memory for the weights, and an error of Check.
func New(layer nn.Layer, inputs []Input, loss Loss, opts ...Option) (*Network, error) {
	o, err := optionsOf(opts)
	if err != nil {
		return nil, err
	}
	if err := loss.check(); err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	params := o.params
	if params == nil {
		if params, err = nn.NewParams(o.dtype, o.seed); err != nil {
			return nil, errors.Wrap(err, "graphs")
		}
	} else {
		params.Seal()
	}
	n := &Network{Layer: layer, Params: params, Inputs: append([]Input(nil), inputs...)}
	n.Outputs = append([]Output{{Name: o.first, Columns: o.outputs, Loss: loss, Weight: o.weight}}, o.heads...)
	c := Config{Mode: Evaluate, Batch: 2, Inputs: n.Inputs}
	if n.several() {
		c.Outputs = n.Outputs
	}
	g, err := build(layer, params, c, o.params != nil)
	if err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	params.Seal()
	for i := range n.Outputs {
		n.Outputs[i].Width = g.Outputs[i].Node.Shape()[1]
	}
	if err := n.Check(); err != nil {
		return nil, err
	}
	return n, nil
}

// Loss returns the loss of the first output, or the zero Loss if there is none.
func (n *Network) Loss() Loss {
	if n == nil || len(n.Outputs) == 0 {
		return Loss{}
	}
	return n.Outputs[0].Loss
}

// Columns returns the number of columns of the first input, or 0 if there is none.
func (n *Network) Columns() int {
	if n == nil || len(n.Inputs) == 0 {
		return 0
	}
	return n.Inputs[0].Width
}

// Size returns the number of trainable weights.
func (n *Network) Size() int {
	if n == nil {
		return 0
	}
	return n.Params.Size()
}

// Clone returns a copy of the network that shares no weights.
func (n *Network) Clone() *Network {
	if n == nil {
		return nil
	}
	c := *n
	c.Params, c.Metadata = n.Params.Clone(), maps.Clone(n.Metadata)
	c.Inputs, c.Outputs, c.Encoder = append([]Input(nil), n.Inputs...), append([]Output(nil), n.Outputs...), append([]byte(nil), n.Encoder...)
	return &c
}

// Config returns the configuration of a graph for a mode and a number of rows. Change it as you like and pass it to Build. It includes the
// losses in both modes; for an evaluation graph without labels, call Unlabelled.
func (n *Network) Config(mode Mode, rows int) Config {
	if n == nil {
		return Config{}
	}
	c := Config{Mode: mode, Batch: rows, Inputs: n.Inputs}
	if n.several() {
		c.Outputs = n.Outputs
	} else {
		c.Loss = n.Loss()
	}
	return c
}

// several reports whether the network has other outputs than a single one of the usual name and weight.
func (n *Network) several() bool {
	if len(n.Outputs) != 1 {
		return len(n.Outputs) > 1
	}
	o := n.Outputs[0]
	return cmp.Or(o.Name, batch.Y) != batch.Y || o.Weight != 0 && o.Weight != 1
}

// Build adds the network to a new graph; see the function Build. It creates no parameters: if any are missing, surplus or misshapen, it
// returns an error that lists them.
func (n *Network) Build(c Config) (*Graph, error) {
	if n == nil || n.Params == nil {
		return nil, errors.New("graphs: the network is nil; use graphs.New")
	}
	g, err := n.build(c)
	return g, errors.Wrap(err, "graphs")
}

func (n *Network) build(c Config) (*Graph, error) {
	n.Params.Seal()
	return build(n.Layer, n.Params, c, true)
}

// Check returns an error if the parts of the network do not fit together. The error lists all parameters that are missing, surplus
// or misshapen.
func (n *Network) Check() error { return errors.Wrap(n.check(), "graphs") }

func (n *Network) check() error {
	switch {
	case n == nil:
		return errors.New("the network is nil; use graphs.New")
	case n.Layer == nil || n.Params == nil:
		return errors.New("the network has no layer or no parameters; use graphs.New")
	case len(n.Outputs) == 0:
		return errors.New("the network has no outputs")
	}
	for _, in := range n.Inputs {
		if in.Columns != nil && len(in.Columns) != in.Width {
			return errors.Errorf("input %q has %d columns, but %d column names", in.Name, in.Width, len(in.Columns))
		}
	}
	for _, o := range n.Outputs {
		if err := o.check(); err != nil {
			return err
		}
	}
	g, err := n.build(n.Config(Evaluate, 2))
	if err != nil {
		return err
	}
	for i, o := range n.Outputs {
		if width := g.Outputs[i].Node.Shape()[1]; width != o.Width {
			return errors.Errorf("the network's output has %d columns, but output %q declares %d", width, o.Name, o.Width)
		}
	}
	return nil
}

// check returns an error if the parts of the output do not fit together.
func (o Output) check() error {
	switch k := len(o.Loss.ClassWeights); {
	case o.Columns != nil && len(o.Columns) != o.Width:
		return errors.Errorf("output %q has %d columns, but %d column names", o.Name, o.Width, len(o.Columns))
	case o.Loss.ClassWeights != nil && k != o.Width:
		return errors.Errorf("output %q has %d columns, but %d class weights", o.Name, o.Width, k)
	case !(o.Weight >= 0) || math.IsInf(o.Weight, 0):
		return errors.Errorf("output %q has the weight %v, want a positive number, or 0 for 1", o.Name, o.Weight)
	}
	if err := o.Calibration.check(o.Width); err != nil {
		return errors.Wrapf(err, "output %q", o.Name)
	}
	return o.Loss.check()
}

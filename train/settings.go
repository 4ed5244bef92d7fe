package train

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// setting is a part of the configuration that must stay the same when a run is resumed.
type setting = checkpoint.Setting

// The settings that version 0.1 wrote in another form.
const (
	networkSetting   = "network"
	opsSetting       = "ops of the graph"
	optimizerSetting = "optimizer"
	callbacksSetting = "callbacks with a state"
)

// describe returns the settings of the run. m is the machine of the first batch.
func (r *run) describe(m *machine) ([]setting, error) {
	sum, err := r.sampleSum(m)
	if err != nil {
		return nil, errors.Wrap(err, "data")
	}
	columns := r.columns()
	validation, schedule := "none", "none"
	if r.Validation != nil {
		validation = fmt.Sprintf("%d rows of %s", r.Validation.Len(), columns)
	}
	if r.Schedule != nil {
		schedule = "given"
	}
	var metrics, callbacks []string
	for _, m := range append([]metric.Metric{r.Metric}, r.Metrics...) {
		metrics = append(metrics, m.Name)
	}
	for _, c := range r.Callbacks {
		if _, ok := c.(optim.Stateful); ok {
			callbacks = append(callbacks, fmt.Sprintf("%T", c))
		}
	}
	all := []setting{
		{Name: networkSetting, Value: r.net.Architecture()},
		{Name: opsSetting, Value: opsSum(m.Graph)},
		{Name: "dtype", Value: r.state.Params.Dtype().String()},
		{Name: "loss", Value: r.lossNames()},
		{Name: "batch", Value: fmt.Sprint(r.Batch)},
		{Name: "seed", Value: fmt.Sprint(r.Seed)},
		{Name: optimizerSetting, Value: optim.Describe(r.Optimizer)},
		{Name: "schedule", Value: schedule},
		{Name: "data", Value: fmt.Sprintf("%d rows of %s", r.data.Len(), columns)},
		{Name: "checksum of sampled data", Value: sum},
		{Name: "validation data", Value: validation},
		{Name: "metrics", Value: strings.Join(metrics, ", ")},
		{Name: callbacksSetting, Value: strings.Join(callbacks, ", ")},
	}
	identity, err := data.Identity(r.data)
	if err != nil {
		return nil, err
	}
	if identity != "" {
		all = append(all, setting{Name: "identity of the data", Value: identity})
	}
	return append(all, r.more()...), nil
}

// lossNames describes the losses of all outputs.
func (r *run) lossNames() string {
	if !r.several() {
		return r.net.Loss().Name
	}
	var all []string
	for _, o := range r.net.Outputs {
		text := cmp.Or(o.Name, batch.Y) + ": " + o.Loss.Name
		if o.Weight != 0 && o.Weight != 1 {
			text = fmt.Sprintf("%s: %v x %s", cmp.Or(o.Name, batch.Y), o.Weight, o.Loss.Name)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// columns describes what a row has: its number of columns, or all inputs if there are several.
func (r *run) columns() string {
	if in := r.net.Inputs; len(in) == 1 && in[0].Kind == batch.Dense {
		return fmt.Sprint(in[0].Width)
	}
	var all []string
	for _, in := range r.net.Inputs {
		all = append(all, fmt.Sprintf("%s: %d %v", in.Name, in.Width, in.Kind))
	}
	return strings.Join(all, ", ")
}

// more returns the settings that are not at their defaults.
func (r *run) more() (all []setting) {
	add := func(name string, given bool, value any) {
		if given {
			all = append(all, setting{Name: name, Value: fmt.Sprint(value)})
		}
	}
	add("groups", r.Groups != nil, fmt.Sprintf("%+v", r.Groups))
	add("batches per step", r.Accumulate > 1, r.Accumulate)
	add("sums of gradients", r.Parallel != nil, "in a tree of virtual shards")
	add("decay of the average", r.Average > 0, r.Average)
	for i, o := range r.net.Outputs {
		name := "class weights"
		if i > 0 {
			name += " of " + cmp.Or(o.Name, batch.Y)
		}
		add(name, o.Loss.ClassWeights != nil, o.Loss.ClassWeights)
	}
	add("epochs between validations", r.ValidateEvery > 1, r.ValidateEvery)
	add("metrics of the training rows", r.TrainingMetrics, true)
	return all
}

// factors are samples of the schedule: of the past, which has made the weights, and of the whole run.
func (r *run) factors() (out []checkpoint.Factor, err error) {
	if r.Schedule == nil {
		return nil, nil
	}
	const samples = 32
	for _, end := range []int{r.state.Step, r.state.Steps} {
		last, whole, rest := -1, (end-1)/(samples-1), (end-1)%(samples-1)
		for i := range samples {
			step := i*whole + i*rest/(samples-1) // i (end - 1) / (samples - 1), which may overflow
			if step <= last {
				continue
			}
			f := checkpoint.Factor{Step: step}
			if f.Factor, err = r.scheduled(step); err != nil {
				return nil, err
			}
			out, last = append(out, f), step
		}
	}
	return out, nil
}

// scheduled is the factor of the schedule at a step, counted from 0.
func (r *run) scheduled(step int) (float64, error) {
	if r.Schedule == nil {
		return 1, nil
	}
	return optim.Factor(r.Schedule, optim.Progress{Step: step, Steps: r.state.Steps, StepsPerEpoch: r.stepsPerEpoch})
}

// opsSum is a checksum of the ops of a graph and their shapes: nothing else identifies the layers of a user.
func opsSum(g *graphs.Graph) string {
	var all []string
	for _, n := range g.G.AllNodes() {
		name := n.Name()
		if n.Op() != nil {
			name = n.Op().String()
		}
		all = append(all, fmt.Sprintf("%s %v", name, n.Shape()))
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return hex.EncodeToString(sum[:8])
}

// sampleSum is a checksum of as many rows as the first batch has, evenly spaced over the data. Weights that are all 1 count only where
// version 0.1 counted them.
func (r *run) sampleSum(m *machine) (sum string, err error) {
	in := m.Slot(0)
	rows := make([]int, m.Batch())
	for i := range rows {
		rows[i] = i * r.data.Len() / len(rows)
	}
	if err := r.gather(m, rows, in); err != nil {
		return "", err
	}
	h := sha256.New()
	add := func(x any) error { return binary.Write(h, binary.LittleEndian, x) }
	for _, t := range in.Inputs {
		if t.Sparse == nil {
			err = add(t.Value.Data())
		} else {
			err = addSparse(t.Sparse, add)
		}
		if err != nil {
			return "", err
		}
	}
	for i, o := range in.Outputs {
		if err := add(o.Value.Data()); err != nil {
			return "", err
		}
		if _, weighted := data.NotOne(rows, in, o.Output); weighted || r.net.Outputs[i].Loss.Labels == graphs.PerOutput {
			if err := add(o.Weights.Data()); err != nil {
				return "", err
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// addSparse adds sparse rows to a checksum.
func addSparse(rows *batch.CSR, add func(any) error) error {
	x, err := rows.Tensor()
	if err != nil {
		return err
	}
	for _, list := range [][]int{x.Indptr(), x.Indices()} {
		for _, v := range list {
			if err := add(int64(v)); err != nil {
				return err
			}
		}
	}
	return add(x.Data())
}

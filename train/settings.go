package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
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
	columns := r.net.Columns()
	validation, schedule := "none", "none"
	if r.Validation != nil {
		validation = fmt.Sprintf("%d rows of %d", r.Validation.Len(), columns)
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
		{Name: "loss", Value: r.net.Loss().Name},
		{Name: "batch", Value: fmt.Sprint(r.Batch)},
		{Name: "seed", Value: fmt.Sprint(r.Seed)},
		{Name: optimizerSetting, Value: optim.Describe(r.Optimizer)},
		{Name: "schedule", Value: schedule},
		{Name: "data", Value: fmt.Sprintf("%d rows of %d", r.data.Len(), columns)},
		{Name: "checksum of sampled data", Value: sum},
		{Name: "validation data", Value: validation},
		{Name: "metrics", Value: strings.Join(metrics, ", ")},
		{Name: callbacksSetting, Value: strings.Join(callbacks, ", ")},
	}
	return append(all, r.more()...), nil
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
	add("decay of the average", r.Average > 0, r.Average)
	add("class weights", r.net.Loss().ClassWeights != nil, r.net.Loss().ClassWeights)
	add("epochs between validations", r.ValidateEvery > 1, r.ValidateEvery)
	add("metrics of the training rows", r.TrainingMetrics, true)
	return all
}

// compare returns an error that lists all settings that differ from those of a checkpoint.
func compare(now, before []setting) error {
	values := func(all []setting) map[string]string {
		m := map[string]string{}
		for _, s := range all {
			m[s.Name] = s.Value
		}
		return m
	}
	is, was := values(now), values(before)
	var faults []string
	for _, s := range append(slices.Clone(now), before...) {
		if is[s.Name] != was[s.Name] {
			faults = append(faults, fmt.Sprintf("%s: it has %s, this run %s", s.Name, orNone(was[s.Name]), orNone(is[s.Name])))
			is[s.Name] = was[s.Name] // named once
		}
	}
	if faults != nil {
		return errors.Errorf("the checkpoint is of another configuration: %s", strings.Join(faults, "; "))
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// former returns the settings of a checkpoint of version 0.1 in today's form. Its graph had other ops, so the network is compared with the
// one in the file.
func (r *run) former(path string, before []setting) ([]setting, error) {
	net, err := graphs.Load(path)
	if err == nil && !reflect.DeepEqual(net.Layer, r.net.Layer) {
		return nil, errors.Errorf("the checkpoint is of the network %+v, this run trains %+v", net.Layer, r.net.Layer)
	}
	now := map[string]string{}
	for _, s := range r.settings {
		now[s.Name] = s.Value
	}
	out := slices.Clone(before)
	for i := range out {
		s := &out[i]
		switch s.Name {
		case networkSetting, opsSetting:
			s.Value = now[s.Name]
		case optimizerSetting:
			if text, ok := optim.DescribeFormer(s.Value); ok {
				s.Value = text
			}
		case callbacksSetting:
			s.Value = strings.ReplaceAll(s.Value, "*train.", "*callback.")
		}
	}
	return out, nil
}

// compatible returns an error if this run, uninterrupted, would not have come to the checkpoint.
func (r *run) compatible(path string, p checkpoint.Position) (err error) {
	before := p.Config
	if p.Batches == nil {
		if before, err = r.former(path, before); err != nil {
			return err
		}
	}
	if err := compare(r.settings, before); err != nil {
		return err
	}
	if p.Epochs < 0 || p.Batch < 0 || p.Batch > r.batchesPerEpoch || p.Step < 0 || p.Step != r.stepAt(p.Epochs, p.Batch) && !p.Stopped {
		return errors.Errorf("step %d is not batch %d of %d after %d epochs", p.Step, p.Batch, r.batchesPerEpoch, p.Epochs)
	}
	if p.Step > r.state.Steps {
		return errors.Errorf("the checkpoint is of step %d, but %d epochs have %d steps; set Config.Epochs to more", p.Step, r.Epochs, r.state.Steps)
	}
	return r.sameSchedule(p)
}

// stepAt is the number of steps that a number of epochs, and of batches of the next one, take.
func (r *run) stepAt(epochs, batches int) int {
	return epochs*r.stepsPerEpoch + (batches+r.Accumulate-1)/r.Accumulate
}

// sameSchedule compares the factors of the schedule.
func (r *run) sameSchedule(p checkpoint.Position) error {
	for _, f := range p.Schedule {
		if r.Schedule == nil {
			return errors.New("the checkpoint has factors of a schedule, this run has no schedule")
		}
		if f.Step >= p.Step && p.Steps != r.state.Steps {
			continue // of the future, which another number of epochs may change
		}
		now, err := r.scheduled(f.Step)
		if err != nil {
			return err
		}
		if now != f.Factor {
			return errors.Errorf("the schedule has the factor %v at step %d of %d, the checkpoint was made with %v (of %d)",
				now, f.Step, r.state.Steps, f.Factor, p.Steps)
		}
	}
	return nil
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
func (r *run) sampleSum(m *machine) (string, error) {
	in := m.Slot(0)
	rows := make([]int, m.Batch())
	for i := range rows {
		rows[i] = i * r.data.Len() / len(rows)
	}
	if err := r.gather(m, rows, in); err != nil {
		return "", err
	}
	labels, weights := in.Labels(batch.Y)
	sampled := []*tensor.Dense{in.Inputs[0].Value, labels}
	if _, weighted := data.NotOne(rows, in); weighted || r.net.Loss().Labels == graphs.PerOutput {
		sampled = append(sampled, weights)
	}
	h := sha256.New()
	for _, t := range sampled {
		if err := binary.Write(h, binary.LittleEndian, t.Data()); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

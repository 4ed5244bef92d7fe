package train

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/optim"
)

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

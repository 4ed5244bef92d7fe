package train

import (
	"fmt"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/predict"
	G "gorgonia.org/gorgonia"
)

// machine is a training graph on Gorgonia's machine.
type machine struct {
	*vm.Machine
	eager *eager
}

// machine returns the one for batches of so many rows.
func (r *run) machine(rows int) (*machine, error) {
	if m := r.machines[rows]; m != nil {
		return m, nil
	}
	c := r.net.Config(graphs.Train, rows)
	c.Seed, c.Workers, c.Frozen = r.Seed, r.workers, func(name string) bool { return r.frozen[name] }
	g, err := r.net.Build(c)
	if err != nil {
		return nil, err
	}
	made, err := vm.New(g)
	if err != nil {
		return nil, err
	}
	m := &machine{Machine: made, eager: newEager(made)}
	r.machines[rows] = m
	return m, nil
}

// bind makes the batch that the next run of its machine reads.
func (r *run) bind(b batchOf) error {
	if b.err != nil {
		return b.err
	}
	m := b.machine
	if err := m.Bind(b.slot); err != nil {
		return err
	}
	m.Noise.SetStep(uint64(r.batches))
	r.state.Graph = m.Graph
	return nil
}

// gradients computes the loss and the gradients of a batch.
func (r *run) gradients(b batchOf) error {
	if err := r.bind(b); err != nil {
		return err
	}
	return r.runGraph(b)
}

// eagerStep is a step that nobody looks at between the backward pass and the update.
func (r *run) eagerStep(b batchOf) error {
	if err := r.bind(b); err != nil {
		return err
	}
	e := b.machine.eager
	if err := e.begin(r.optimizer); err != nil {
		return err
	}
	if err := r.runGraph(b); err != nil {
		e.abort()
		return err
	}
	if err := e.finish(); err != nil {
		return err
	}
	r.finished()
	return r.average.update()
}

// runGraph runs the machine of a batch.
func (r *run) runGraph(b batchOf) error {
	if err := b.machine.Run(); err != nil {
		return err
	}
	if r.state.Loss = b.machine.Loss(); !finiteNumber(r.state.Loss) {
		return diagnose(b, r.net, r.state.Loss)
	}
	return nil
}

// update updates the weights.
func (r *run) update(model []G.ValueGrad) (err error) {
	if r.optimizer != nil {
		err = r.optimizer.Apply(model)
	} else {
		err = r.solve(model)
	}
	if err != nil {
		return err
	}
	return r.average.update()
}

// solve lets a Gorgonia solver update the weights; its panic is an error.
func (r *run) solve(model []G.ValueGrad) (err error) {
	defer data.Recover(fmt.Sprintf("%T", r.Solver), &err)
	return r.Solver.Step(model)
}

// scale is the factor of the learning rate at a step, counted from 0.
func (r *run) scale(step int) float64 {
	return r.state.RateFactor * r.scheduled(step)
}

// batchOf is a machine and which of its sets of inputs has been filled with which rows.
type batchOf struct {
	machine *machine
	slot    int
	rows    []int
	err     error
}

// prefetcher gathers the next batch while the previous one is being trained on, if the run has more than one thread. Each
// machine has two sets of input tensors, which are used in turn.
type prefetcher struct {
	run   *run
	slot  int
	ready chan batchOf // the batch being gathered; nil if there is none
}

// start begins to gather rows, in another goroutine unless the run has one thread: waking a second one takes longer than a
// batch of a small task. The machine is made here, because graphs are built by one goroutine.
func (p *prefetcher) start(rows []int) {
	p.ready = make(chan batchOf, 1)
	m, err := p.run.machine(len(rows))
	if err != nil {
		p.ready <- batchOf{err: err}
		return
	}
	p.slot = 1 - p.slot
	b := batchOf{machine: m, slot: p.slot, rows: rows}
	in, ready := m.Slot(b.slot), p.ready
	gather := func() {
		b.err = p.run.gather(m, rows, in)
		ready <- b
	}
	if p.run.Threads == 1 {
		gather()
	} else {
		go gather()
	}
}

// gather fills a batch and checks its labels.
func (r *run) gather(m *machine, rows []int, in *batch.Batch) error {
	if err := data.Gather(r.data, rows, in); err != nil {
		return err
	}
	if err := data.Prepare(rows, in, r.net.Loss(), r.net.Outputs[0].Width); err != nil {
		return err
	}
	if row, found := data.NotOne(rows, in); found && !m.Weighted {
		return predict.Unweighted(r.net.Loss(), row)
	}
	return nil
}

// wait returns the batch that start began with.
func (p *prefetcher) wait() batchOf {
	b := <-p.ready
	p.ready = nil
	return b
}

// stop waits for a batch that nobody will train on, so that the data are no longer in use.
func (p *prefetcher) stop() {
	if p.ready != nil {
		p.wait()
	}
}

// diagnose reports where a loss that is not finite comes from.
func diagnose(b batchOf, net *graphs.Network, loss float64) error {
	if row, column, value, found := data.NotFinite(b.rows, b.machine.Bound); found {
		name := fmt.Sprint(column)
		if c := net.Inputs[0].Columns; column < len(c) {
			name = fmt.Sprintf("%d (%q)", column, c[column])
		}
		return errors.Errorf("the loss is %v: row %d of the data has the feature %v in column %s", loss, row, value, name)
	}
	return errors.Wrap(ErrDiverged, origin(b.machine, loss))
}

func origin(m *machine, loss float64) string {
	for _, l := range m.Layers {
		for _, p := range l.Params {
			if !callback.Finite(p.Value) {
				return fmt.Sprintf("the loss is %v: parameter %q of layer %q has diverged; %s", loss, p.Name, l.Name, callback.DivergedAdvice)
			}
		}
	}
	for _, l := range m.Layers {
		if l.Output != m.Output && !callback.Finite(m.Value(l.Output)) {
			return fmt.Sprintf("the loss is %v: the output of layer %q is the first that is not finite; %s", loss, l.Name, callback.DivergedAdvice)
		}
	}
	if len(m.Layers) > 0 {
		return fmt.Sprintf("the loss is %v: the output of layer %q is out of range; %s", loss, m.Layers[len(m.Layers)-1].Name, callback.DivergedAdvice)
	}
	return fmt.Sprintf("the loss is %v; %s", loss, callback.DivergedAdvice)
}

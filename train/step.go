package train

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/optim"
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
	g := r.first
	if r.first = nil; g == nil || g.Batch() != rows {
		var err error
		if g, err = r.build(rows); err != nil {
			return nil, err
		}
	}
	made, err := vm.New(g)
	if err != nil {
		return nil, err
	}
	r.hideRows(made)
	m := &machine{Machine: made, eager: newEager(made)}
	r.machines[rows] = m
	return m, nil
}

// build makes a training graph.
func (r *run) build(rows int) (*graphs.Graph, error) {
	c := r.net.Config(graphs.Train, rows)
	c.LayerGradients = callback.WantGradients(r.Callbacks)
	c.Seed, c.Workers, c.Frozen = r.Seed, r.workers, func(name string) bool { return r.frozen[name] }
	return r.net.Build(c)
}

// firstMachine returns the one for the first batch of an epoch.
func (r *run) firstMachine() (*machine, error) {
	_, rows := span(r.data.Len(), r.Batch, 0)
	return r.machine(rows)
}

// bind makes the next run of its machine read a batch.
func (r *run) bind(b batchOf) error {
	m := b.machine
	if err := m.Bind(b.slot); err != nil {
		return err
	}
	m.Noise.SetStep(uint64(r.batches + r.leaf))
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
	for i := range r.losses {
		r.losses[i] = b.machine.OutputLoss(i)
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
	if errors.Is(err, optim.ErrNotFinite) {
		return fmt.Errorf("%w; %s: %w", err, callback.DivergedAdvice, ErrDiverged)
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

// rate is the factor of the learning rate at a step, counted from 0.
func (r *run) rate(step int) (float64, error) {
	scheduled, err := r.scheduled(step)
	return r.state.RateFactor * scheduled, err
}

// batchOf is a machine, and which of its two sets of inputs holds which rows.
type batchOf struct {
	machine *machine
	slot    int
	rows    []int
	err     error
}

// prefetcher gathers the next batch while the network is trained on the one before, if the run has more than one thread. Each
// machine has two sets of input tensors, which are used in turn.
type prefetcher struct {
	run   *run
	slot  int
	ready chan batchOf // the batch being gathered; nil if there is none
}

// start begins to gather rows, in another goroutine unless the run has one thread: waking a goroutine takes longer than
// a small batch. The machine is made here, because one goroutine builds all graphs.
func (p *prefetcher) start(rows []int, err error) {
	p.ready = make(chan batchOf, 1)
	var m *machine
	if err == nil {
		m, err = p.run.machine(len(rows))
	}
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

// gather fills a batch and checks its categories and labels.
func (r *run) gather(m *machine, rows []int, in *batch.Batch) error {
	if err := data.Gather(r.data, rows, in); err != nil {
		return err
	}
	if err := data.CheckCategories(rows, in, r.net.Inputs); err != nil {
		return err
	}
	for i := range r.net.Outputs {
		o := &r.net.Outputs[i]
		if err := data.Prepare(rows, in, *o); err != nil {
			return err
		}
		if m.Outputs[i].Weighted {
			continue
		}
		if row, found := data.NotOne(rows, in, o.Name); found {
			return predict.Unweighted(o.Loss, row)
		}
	}
	return nil
}

// wait returns the batch that start began to gather.
func (p *prefetcher) wait() (batchOf, error) {
	b := <-p.ready
	p.ready = nil
	return b, b.err
}

// stop waits for a batch that is no longer needed, so that the data are not in use when Fit returns.
func (p *prefetcher) stop() {
	if p.ready != nil {
		p.wait()
	}
}

// diagnose reports where a loss that is not finite comes from.
func diagnose(b batchOf, net *graphs.Network, loss float64) error {
	if c, found := data.NotFinite(b.rows, b.machine.Bound); found {
		return errors.Errorf("the loss is %v: row %d of the data has the feature %v in column %s", loss, c.Row, c.Value, columnOf(c, net))
	}
	return errors.Wrapf(ErrDiverged, "the loss is %v: %s%s", loss, origin(b.machine), callback.DivergedAdvice)
}

// columnOf describes the column of a feature, with its name and its input where there are names and several inputs.
func columnOf(c data.Cell, net *graphs.Network) string {
	text := fmt.Sprint(c.Column)
	for _, in := range net.Inputs {
		if (in.Name == c.Input || in.Name == "" && c.Input == batch.X) && c.Column < len(in.Columns) {
			text = fmt.Sprintf("%d (%q)", c.Column, in.Columns[c.Column])
		}
	}
	if len(net.Inputs) > 1 {
		text += fmt.Sprintf(" of the input %q", c.Input)
	}
	return text
}

// origin describes the first layer whose parameters or output are not finite, as the beginning of a sentence. Without one it is the
// last layer, whose output the loss cannot bear.
func origin(m *machine) string {
	for _, l := range m.Layers {
		for _, p := range l.Params {
			if !callback.Finite(p.Value) {
				return fmt.Sprintf("parameter %q of layer %q has diverged; ", p.Name, l.Name)
			}
		}
	}
	for _, l := range m.Layers {
		if !isOutput(m, l.Output) && !callback.Finite(m.Value(l.Output)) {
			return fmt.Sprintf("the output of layer %q is the first that is not finite; ", l.Name)
		}
	}
	if len(m.Layers) == 0 {
		return ""
	}
	return fmt.Sprintf("the output of layer %q is out of range; ", m.Layers[len(m.Layers)-1].Name)
}

// isOutput reports whether a node is an output of the network.
func isOutput(m *machine, n *G.Node) bool {
	return slices.ContainsFunc(m.Outputs, func(o graphs.OutputNodes) bool { return o.Node == n })
}

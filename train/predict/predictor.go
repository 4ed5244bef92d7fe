// Package predict applies trained networks to data and evaluates them.
package predict

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/linear"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Predictor predicts with a network. Use one Predictor for many calls, from any number of goroutines. Its memory is bounded whatever the
// calls: that of a few programs for each thread, in blocks of at most [Block] rows. Do not train its network during a call, unless the predictor has a [Snapshot].
//
// A program runs the ops of the network's graph one after the other, with the bits of Gorgonia's tape machine, which predicts in its place if
// the graph has ops that only that machine can run; see [Predictor.Engine].
type Predictor struct {
	workers  *kernel.Workers
	snapshot bool
	now      atomic.Pointer[model]
	turns    chan struct{} // one element for each running call, at most as many as threads
	busy     atomic.Int32
	crew     *crew
	slots    slots
	whole    sync.Mutex // for a call that takes all turns
}

// Option changes a new Predictor.
type Option int

// Snapshot makes a predictor copy the parameters of its network, in New and in Swap, and keep them in the order in which products read them. Few rows are
// predicted in as little as half the time, with the same bits, for as much memory again as the parameters take; and training the network later does not
// change the predictions. Use it in services and for trained networks, not for one that is trained between calls.
const Snapshot Option = 1

// New returns a predictor. workers is the pool of threads; nil means the caller's thread alone, see kernel.Shared. As many calls predict at
// the same time as the pool has threads, and others wait. If parameters of the network are missing, surplus or misshapen, it returns an error
// that lists them.
func New(net *graphs.Network, workers *kernel.Workers, options ...Option) (*Predictor, error) {
	p := &Predictor{workers: workers, turns: make(chan struct{}, workers.Threads()), crew: newCrew()}
	for _, o := range options {
		if o != Snapshot {
			return nil, errors.Errorf("predict: there is no option %d", int(o))
		}
		p.snapshot = true
	}
	m, err := newModel(net, p.snapshot)
	if err != nil {
		return nil, errors.Wrap(err, "predict")
	}
	p.now.Store(m)
	return p, nil
}

// Swap makes calls that begin from now on predict with another network, while calls that have begun end with the old one. It returns an
// error, and changes nothing, if the inputs or the outputs of the networks differ.
func (p *Predictor) Swap(net *graphs.Network) error {
	if p == nil || p.now.Load() == nil {
		return errors.New("predict: there is no predictor; use predict.New")
	}
	m, err := newModel(net, p.snapshot)
	if err != nil {
		return errors.Wrap(err, "predict")
	}
	if err := m.replaces(p.now.Load()); err != nil {
		return errors.Wrap(err, "predict")
	}
	p.now.Store(m)
	return nil
}

// Predict returns the predictions for all rows of the data, which need no labels: probabilities of a classifier, values of a
// regression. Those of a network with several outputs are of the first, and those of each output are found by Predictions.Output. When ctx is cancelled it returns ctx.Err() as the cause of its error.
func (p *Predictor) Predict(ctx context.Context, d data.Data) (*metric.Predictions, error) {
	r, err := p.run(ctx, d, false)
	if err != nil {
		return nil, errors.Wrap(err, "predict")
	}
	for _, part := range r.Parts {
		r.Named = append(r.Named, metric.NamedPredictions{Name: part.Name, Predictions: &part.Result.Predictions})
	}
	return &r.Predictions, nil
}

// Evaluate returns the predictions for all rows of the data with their labels and weights, and the loss that a single graph of all
// rows without dropout would have. The result of a network with several outputs is that of the first, with the loss of all; Result.Output
// finds the results of each, and Result.Parts lists them.
func (p *Predictor) Evaluate(ctx context.Context, d data.Data) (*metric.Result, error) {
	r, err := p.run(ctx, d, true)
	return r, errors.Wrap(err, "evaluate")
}

// Close frees the memory once the calls that have begun have ended. The predictor may be used again.
func (p *Predictor) Close() {
	if p == nil || p.turns == nil {
		return
	}
	p.alone(func() {
		p.slots.reset()
		p.crew.slots.reset()
		p.crew.spans = nil
	})
	p.now.Load().close()
}

// alone calls f while no other call runs.
func (p *Predictor) alone(f func()) {
	p.whole.Lock()
	defer p.whole.Unlock()
	for range cap(p.turns) {
		p.turns <- struct{}{}
	}
	p.slots.mu.Lock()
	f()
	p.slots.mu.Unlock()
	for range cap(p.turns) {
		<-p.turns
	}
}

// acquire waits for a slot and makes it predict with the network of this moment. The pool is for a call that is alone.
func (p *Predictor) acquire(ctx context.Context) (*slot, *kernel.Workers, error) {
	if p == nil || p.now.Load() == nil {
		return nil, nil, errors.New("there is no predictor; use predict.New")
	}
	if ctx == nil {
		return nil, nil, errors.New("there is no context")
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	select {
	case p.turns <- struct{}{}:
		s := p.slots.take()
		s.use(p.now.Load())
		if p.busy.Add(1) > 1 {
			return s, nil, nil
		}
		return s, p.workers, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

func (p *Predictor) release(s *slot) {
	p.busy.Add(-1)
	p.slots.put(s)
	<-p.turns
}

func (p *Predictor) run(ctx context.Context, d data.Data, labelled bool) (_ *metric.Result, err error) {
	s, w, err := p.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer p.release(s)
	if err := data.Check(d, s.model.net.Inputs); err != nil {
		return nil, err
	}
	s.source = source{data: d}
	if err := s.predict(ctx, d.Len(), w, p.crew); err != nil {
		return nil, err
	}
	m := s.model
	if labelled {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	c := m.net.Config(graphs.Evaluate, 1)
	all := &metric.Result{}
	for i := range m.losses {
		o := m.losses[i].output
		r, err := s.result(ctx, d, i, w, labelled)
		switch {
		case err != nil && c.Outputs != nil:
			return nil, errors.WithMessagef(err, "output %q", cmp.Or(o.Name, batch.Y))
		case err != nil:
			return nil, err
		case i == 0:
			*all = *r
		}
		if c.Outputs == nil {
			return all, nil
		}
		weight := o.Weight
		if weight == 0 {
			weight = 1
		}
		all.Parts = append(all.Parts, metric.Part{Name: cmp.Or(o.Name, batch.Y), Weight: weight, Columns: o.Columns, Result: r})
	}
	all.Loss = 0
	for _, part := range all.Parts {
		all.Loss += part.Weight * part.Loss
	}
	return all, nil
}

// result returns the result of output i. Unless it is labelled, it has predictions alone.
func (s *slot) result(ctx context.Context, d data.Data, i int, w *kernel.Workers, labelled bool) (_ *metric.Result, err error) {
	l, out := &s.model.losses[i], s.logits[i]
	loss, output := l.output.Loss, l.output
	defer data.Recover("the loss "+loss.Name, &err) // its functions may be a user's
	values := out.float64s(make([]float64, 0, out.rows*out.outputs))
	r := &metric.Result{Kind: KindOf(loss), Predictions: metric.Predictions{Rows: out.rows, Outputs: out.outputs, Values: values}}
	if labelled {
		if err := l.add(ctx, s.model, w, d, out, r); err != nil {
			return nil, err
		}
	}
	if err := output.AllPredictions(w, r.Values, out.outputs); err != nil {
		return nil, err
	}
	return r, nil
}

// KindOf returns the kind of the predictions of a network with that loss.
func KindOf(l graphs.Loss) metric.Kind {
	switch {
	case l.Labels == graphs.ClassIndex:
		return metric.Classes
	case l.Labels == graphs.Distribution:
		return metric.Distributions
	case l.Link == graphs.Sigmoid:
		return metric.Binary
	}
	return metric.Values
}

// Predict predicts with all threads. For repeated calls make a Predictor.
func Predict(ctx context.Context, net *graphs.Network, d data.Data) (*metric.Predictions, error) {
	p, err := New(net, kernel.Shared())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	return p.Predict(ctx, d)
}

// Evaluate judges a network with all threads. For repeated calls make a Predictor.
func Evaluate(ctx context.Context, net *graphs.Network, d data.Data) (*metric.Result, error) {
	p, err := New(net, kernel.Shared())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	return p.Evaluate(ctx, d)
}

// rowsOf returns the indices from lo to hi - 1.
func rowsOf(lo, hi int) []int {
	rows := make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	return rows
}

// Engine says in words what predicts: a program of ops, or Gorgonia's tape machine and why.
func (p *Predictor) Engine() (string, error) {
	if p == nil || p.now.Load() == nil {
		return "", errors.New("predict: there is no predictor; use predict.New")
	}
	program, reason, err := p.now.Load().compile(1, new(linear.Memory))
	switch {
	case err != nil:
		return "", errors.Wrap(err, "predict")
	case reason != nil:
		program.(*tape).Close()
		return fmt.Sprintf("Gorgonia's tape machine: %v", reason), nil
	}
	return fmt.Sprintf("a program of %d ops", program.Steps()), nil
}

// Graphs returns the number of programs and graphs that the predictor keeps, which is bounded for any sequence of calls. It waits for the
// calls that have begun.
func (p *Predictor) Graphs() (n int) {
	if p == nil || p.turns == nil {
		return 0
	}
	p.alone(func() { n = p.slots.programs() + p.crew.slots.programs() })
	m := p.now.Load()
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.losses {
		n += len(m.losses[i].made)
	}
	return n
}

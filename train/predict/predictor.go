// Package predict applies trained networks to data and evaluates them.
package predict

import (
	"cmp"
	"context"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Predictor predicts with a network. Use one Predictor for many calls: it keeps its graphs, a bounded number of them. Several goroutines
// may use it; one call runs at a time. Do not train its network during a call.
type Predictor struct {
	net     *graphs.Network
	workers *kernel.Workers

	mu     sync.Mutex
	graphs map[int]*vm.Machine // by the number of rows, one of sizes
	losses []lossGraphs        // by output
}

// New returns a predictor. workers is the pool of threads; nil means the caller's thread alone, see kernel.Shared. If parameters of the
// network are missing, surplus or misshapen, it returns an error that lists them.
func New(net *graphs.Network, workers *kernel.Workers) (*Predictor, error) {
	if err := net.Check(); err != nil {
		return nil, errors.Wrap(err, "predict")
	}
	p := &Predictor{net: net, workers: workers}
	for _, o := range net.Outputs {
		p.losses = append(p.losses, lossGraphs{output: o})
	}
	return p, nil
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

// Close ends the machines. The predictor may be used again.
func (p *Predictor) Close() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.graphs {
		m.Close()
	}
	p.graphs = nil
	for i := range p.losses {
		p.losses[i].close()
	}
}

func (p *Predictor) run(ctx context.Context, d data.Data, labelled bool) (_ *metric.Result, err error) {
	if p == nil || p.net == nil {
		return nil, errors.New("there is no predictor; use predict.New")
	}
	if ctx == nil {
		return nil, errors.New("there is no context")
	}
	if err := data.Check(d, p.net.Inputs); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	logits, err := p.logits(ctx, d)
	if err != nil {
		return nil, err
	}
	c := p.net.Config(graphs.Evaluate, 1)
	all := &metric.Result{}
	for i := range p.losses {
		o := p.losses[i].output
		r, err := p.result(ctx, d, logits[i], &p.losses[i], labelled)
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

// logits returns all outputs for all rows.
func (p *Predictor) logits(ctx context.Context, d data.Data) ([]*logits, error) {
	rows := d.Len()
	all, err := p.newLogits(rows)
	if err != nil {
		return nil, err
	}
	for _, s := range spans(rows) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := p.span(d, s, all); err != nil {
			return nil, errors.Wrapf(err, "rows %d to %d", s.lo, s.hi-1)
		}
	}
	return all, nil
}

// result returns the result of the output of l. Unless it is labelled, it has predictions alone.
func (p *Predictor) result(ctx context.Context, d data.Data, out *logits, l *lossGraphs, labelled bool) (_ *metric.Result, err error) {
	loss := l.output.Loss
	defer data.Recover("the loss "+loss.Name, &err) // its functions may be a user's
	r := &metric.Result{Kind: KindOf(loss), Predictions: metric.Predictions{Rows: out.rows, Outputs: out.outputs, Values: out.float64s()}}
	if labelled {
		if err := l.add(ctx, p, d, out, r); err != nil {
			return nil, err
		}
	}
	for k := range out.rows {
		if err := loss.Predictions(r.Row(k)); err != nil {
			return nil, errors.Wrapf(err, "row %d", k)
		}
	}
	return r, nil
}

// span writes the outputs for some rows.
func (p *Predictor) span(d data.Data, s span, out []*logits) error {
	m := p.graphs[s.size]
	if m == nil {
		c := p.net.Config(graphs.Evaluate, s.size).Unlabelled()
		c.Workers = p.workers
		g, err := p.net.Build(c)
		if err != nil {
			return err
		}
		if m, err = vm.New(g); err != nil {
			return err
		}
		if p.graphs == nil {
			p.graphs = map[int]*vm.Machine{}
		}
		p.graphs[s.size] = m
	}
	rows := make([]int, s.size)
	for i := range rows {
		rows[i] = min(s.lo+i, s.hi-1) // padding repeats the last row
	}
	if err := data.Gather(d, rows, m.Bound); err != nil {
		return err
	}
	if err := data.CheckCategories(rows, m.Bound, p.net.Inputs); err != nil {
		return err
	}
	if err := m.Rebind(); err != nil {
		return err
	}
	if err := m.Run(); err != nil {
		return err
	}
	for i, o := range m.Outputs {
		if err := out[i].put(s.lo, s.hi, m.Value(o.Node)); err != nil {
			return err
		}
	}
	return nil
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

// Graphs returns the number of graphs that the predictor keeps, which is bounded for any sequence of calls.
func (p *Predictor) Graphs() int {
	if p == nil {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.graphs)
	for i := range p.losses {
		n += len(p.losses[i].made)
	}
	return n
}
